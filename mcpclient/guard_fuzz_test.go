package mcpclient

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// FuzzGatewayOperation verifies that a guard sees the operation that any reader of the arguments would run.
func FuzzGatewayOperation(f *testing.F) {
	for _, s := range []string{
		`{"operation":"list_accounts"}`, `{"method":"GET","path":"/accounts"}`, `{"operation":"a","Operation":"b"}`,
		`{"\u006fperation":"x"}`, `{"operation":"a\u0000b"}`, `{"path":"/../x","method":"GET"}`,
		`{"pathParams":{"id":"/"},"operation":"a"}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, args string) {
		if !jsontext.Value(args).IsValid() || jsontext.Value(args).Kind() != '{' {
			return
		}
		operation, problem := gatewayOperation(jsontext.Value(args))
		if problem != "" {
			return
		}
		if strings.ContainsAny(operation, "\x00.%\\") || strings.Contains(operation, "//") {
			if !strings.HasPrefix(operation, "GET /") || strings.ContainsAny(operation, "\x00%\\") ||
				strings.Contains(operation, "/../") {
				t.Fatalf("%q passes as %q", args, operation)
			}
		}
		var careless struct { // compares names as encoding/json does
			Operation string `json:"operation,case:ignore"`
			Method    string `json:"method,case:ignore"`
			Path      string `json:"path,case:ignore"`
		}
		if json.Unmarshal([]byte(args), &careless) != nil {
			return
		}
		told := careless.Operation
		if told == "" {
			told = careless.Method + " " + careless.Path
		}
		if told != operation {
			t.Fatalf("%q: the guard sees %q, a careless server %q", args, operation, told)
		}
	})
}
