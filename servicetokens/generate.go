package servicetokens

//go:generate go run ../internal/codegen -package servicetokens -tag "Service tokens"
