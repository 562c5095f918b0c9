package agents

//go:generate go run ../internal/codegen -package agents -tag "Agents,Agent inspection,Agent accounts"
