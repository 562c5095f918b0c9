package buyer

//go:generate go run ../internal/codegen -package buyer -tag Buyer
