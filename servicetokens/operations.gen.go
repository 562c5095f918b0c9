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

// check tells what is wrong with the parameters before anything is sent.
func (p CreateParams) check(s check.Sink) {
	check.MaxLength(s, "name", p.Name, 255)
	check.MaxLength(s, "description", p.Description, 1000)
	check.Between(s, "expiresInDays", p.ExpiresInDays, 1, 365)
	check.OneOf(s, "scope", p.Scope, ScopeCustomer, ScopeSeat)
	check.OneOf(s, "seatType", p.SeatType, SeatTypeBuyer, SeatTypeActivation)
	check.OneOf(s, "role", p.Role, RoleAdmin, RoleReadWrite, RoleRead)
}

// check tells what is wrong with the parameters before anything is sent.
func (p UpdateParams) check(s check.Sink) {
	check.MaxLength(s, "name", p.Name.Value(), 255)
	check.MaxLength(s, "description", p.Description.Value(), 1000)
	check.Between(s, "expiresInDays", p.ExpiresInDays, 1, 365)
}

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
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
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

// check tells what is wrong with the parameters before anything is sent.
func (p ListParams) check(s check.Sink) {
	check.Between(s, "take", p.PageSize, 1, 100)
	check.AtLeast(s, "skip", p.Skip, 0)
}
