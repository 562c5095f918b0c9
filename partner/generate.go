package partner

//go:generate go run ../internal/codegen -package partner -tag "Account,Keys,Organizations,Billing,Webhooks" -spec ../openapi.partner.yaml
