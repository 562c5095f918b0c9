package partner

//go:generate go run ../internal/codegen -package partner -tag Account -spec ../openapi.partner.yaml -prefix account
//go:generate go run ../internal/codegen -package partner -tag Keys -spec ../openapi.partner.yaml -prefix keys
//go:generate go run ../internal/codegen -package partner -tag Organizations -spec ../openapi.partner.yaml -prefix organizations
//go:generate go run ../internal/codegen -package partner -tag Billing -spec ../openapi.partner.yaml -prefix billing
//go:generate go run ../internal/codegen -package partner -tag Webhooks -spec ../openapi.partner.yaml -prefix webhooks
