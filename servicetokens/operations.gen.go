// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package servicetokens

import (
	"net/url"
	"strconv"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// The operations of openapi.yaml that this package calls.
var (
	opArchiveServiceToken = client.Operation{
		ID:     "archiveServiceToken",
		Method: "DELETE",
		Mount:  client.MountShared,
		Path:   "/service-tokens/{id}",
		Effect: client.EffectIdempotent,
		Level:  client.LevelAdmin,
	}
	opCreateServiceToken = client.Operation{
		ID:     "createServiceToken",
		Method: "POST",
		Mount:  client.MountShared,
		Path:   "/service-tokens",
		Effect: client.EffectOnce,
		Level:  client.LevelAdmin,
	}
	opGetServiceToken = client.Operation{
		ID:     "getServiceToken",
		Method: "GET",
		Mount:  client.MountShared,
		Path:   "/service-tokens/{id}",
		Effect: client.EffectRead,
		Level:  client.LevelAdmin,
	}
	opListServiceTokens = client.Operation{
		ID:      "listServiceTokens",
		Method:  "GET",
		Mount:   client.MountShared,
		Path:    "/service-tokens",
		Effect:  client.EffectRead,
		Level:   client.LevelAdmin,
		Paging:  client.PagingTakeSkip,
		MaxPage: 100,
		Items:   "serviceTokens",
	}
	opUpdateServiceToken = client.Operation{
		ID:     "updateServiceToken",
		Method: "PUT",
		Mount:  client.MountShared,
		Path:   "/service-tokens/{id}",
		Effect: client.EffectIdempotent,
		Level:  client.LevelAdmin,
	}
)

// ruleServiceTokenScope is the schema of a request.
var ruleServiceTokenScope = check.Rule{Type: check.String, Enum: []string{"CUSTOMER", "SEAT"}}

// ruleSeatType is the schema of a request.
var ruleSeatType = check.Rule{Type: check.String, Enum: []string{"BUYER", "ACTIVATION"}}

// ruleServiceTokenRole is the schema of a request.
var ruleServiceTokenRole = check.Rule{Type: check.String, Enum: []string{"ADMIN", "READ_WRITE", "READ"}}

// ruleServiceTokenCreate is the schema of a request.
var ruleServiceTokenCreate = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "name", Rule: &check.Rule{Type: check.String, MaxSize: 255}},
	{Name: "description", Rule: &check.Rule{Type: check.String, MaxSize: 1000}},
	{Name: "expiresInDays", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 365}}},
	{Name: "scope", Rule: &ruleServiceTokenScope},
	{Name: "seatName", Rule: &check.Rule{Type: check.String, MinSize: 1}},
	{Name: "seatType", Rule: &ruleSeatType},
	{Name: "role", Rule: &ruleServiceTokenRole},
}}

// ruleServiceTokenUpdate is the schema of a request.
var ruleServiceTokenUpdate = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "name", Rule: &check.Rule{Type: check.String, Nullable: true, MaxSize: 255}},
	{Name: "description", Rule: &check.Rule{Type: check.String, Nullable: true, MaxSize: 1000}},
	{Name: "expiresInDays", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 365}}},
}}

// check reports every field that its schema does not allow.
func (p CreateParams) check(r check.Reporter) { ruleServiceTokenCreate.Value(r, p) }

// check reports every field that its schema does not allow.
func (p UpdateParams) check(r check.Reporter) { ruleServiceTokenUpdate.Value(r, p) }

// ListParams narrows listServiceTokens. Zero fields are not sent.
type ListParams struct {
	// Only the tokens of this seat.
	SeatID client.ID
	// Whether to show archived tokens too.
	IncludeArchived bool
	// The number of items on a page: 1 to 100; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
func (p ListParams) query() url.Values {
	v := url.Values{}
	if p.SeatID != "" {
		v.Set("seatId", string(p.SeatID))
	}
	if p.IncludeArchived {
		v.Set("includeArchived", "true")
	}
	if p.PageSize != 0 {
		v.Set("take", strconv.Itoa(p.PageSize))
	}
	if p.Skip != 0 {
		v.Set("skip", strconv.Itoa(p.Skip))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// queryListServiceTokens holds the schemas of the parameters of listServiceTokens.
var queryListServiceTokens = []check.Field{
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 100}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p ListParams) check(r check.Reporter) { check.Numbers(r, queryListServiceTokens, p.query()) }
