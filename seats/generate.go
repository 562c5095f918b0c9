package seats

//go:generate go run ../internal/codegen -package seats -tag Seats
