package client

//go:generate go run ../internal/codegen -package client -tag Platform
