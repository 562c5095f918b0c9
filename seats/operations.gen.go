// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package seats

import (
	"net/url"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// The operations of openapi.yaml that this package calls.
var (
	opAcceptTerms = client.Operation{
		ID:     "acceptTerms",
		Method: "POST",
		Mount:  client.MountShared,
		Path:   "/accept-tos",
		Effect: client.EffectOnce,
		Level:  client.LevelUnknown,
	}
	opCreateChildAccount = client.Operation{
		ID:     "createChildAccount",
		Method: "POST",
		Mount:  client.MountShared,
		Path:   "/accounts/create-child",
		Effect: client.EffectOnce,
		Level:  client.LevelAdmin,
	}
	opDeleteChildAccount = client.Operation{
		ID:     "deleteChildAccount",
		Method: "DELETE",
		Mount:  client.MountShared,
		Path:   "/accounts/{customerId}",
		Effect: client.EffectIdempotent,
		Level:  client.LevelAdmin,
	}
	opGetAccountsLiveness = client.Operation{
		ID:     "getAccountsLiveness",
		Method: "GET",
		Mount:  client.MountShared,
		Path:   "/accounts/liveness",
		Effect: client.EffectRead,
	}
	opGetCurrentAccount = client.Operation{
		ID:     "getCurrentAccount",
		Method: "GET",
		Mount:  client.MountShared,
		Path:   "/accounts/current",
		Effect: client.EffectRead,
	}
	opGetCurrentUser = client.Operation{
		ID:     "getCurrentUser",
		Method: "GET",
		Mount:  client.MountRoot,
		Path:   "/auth/me",
		Effect: client.EffectRead,
		Class:  client.ClassAuth,
	}
	opGetMembershipSettings = client.Operation{
		ID:     "getMembershipSettings",
		Method: "GET",
		Mount:  client.MountShared,
		Path:   "/accounts/{customerId}/membership",
		Effect: client.EffectRead,
	}
	opListCustomerAccounts = client.Operation{
		ID:     "listCustomerAccounts",
		Method: "GET",
		Mount:  client.MountShared,
		Path:   "/accounts",
		Effect: client.EffectRead,
		Paging: client.PagingNone,
		Items:  "accounts",
	}
	opSwitchAccount = client.Operation{
		ID:     "switchAccount",
		Method: "POST",
		Mount:  client.MountShared,
		Path:   "/accounts/switch",
		Effect: client.EffectIdempotent,
		Level:  client.LevelRead,
	}
	opUpdateCustomerDomain = client.Operation{
		ID:     "updateCustomerDomain",
		Method: "PATCH",
		Mount:  client.MountShared,
		Path:   "/accounts/{customerId}/domain",
		Effect: client.EffectIdempotent,
		Level:  client.LevelAdmin,
	}
	opUpdateMembershipSettings = client.Operation{
		ID:     "updateMembershipSettings",
		Method: "PATCH",
		Mount:  client.MountShared,
		Path:   "/accounts/{customerId}/membership",
		Effect: client.EffectIdempotent,
		Level:  client.LevelAdmin,
	}
)

// check tells what is wrong with the parameters before anything is sent.
func (p ChildParams) check(s check.Sink) {
	check.Required(s, "name", p.Name, "")
	check.MaxLength(s, "name", p.Name, 255)
	check.Required(s, "customerRole", p.CustomerRole, "")
	check.OneOf(s, "customerRole", p.CustomerRole, CustomerRoleBuyer, CustomerRoleSeller)
	check.MaxLength(s, "parentName", p.ParentName, 255)
	check.MaxLength(s, "customerDomain", p.CustomerDomain, 255)
	check.OneOf(s, "accountMode", p.AccountMode, AccountModeStandard, AccountModeDemo)
	check.EachOf(s, "demoRecipeIds", p.DemoRecipeIDs, DemoPublisherDisplay, DemoPublisherCTV, DemoRetailMedia)
}

// check tells what is wrong with the parameters before anything is sent.
func (p switchBody) check(s check.Sink) {
	check.Required(s, "customerId", p.CustomerID, "")
}

// check tells what is wrong with the parameters before anything is sent.
func (p DomainParams) check(s check.Sink) {
	check.Required(s, "customerDomain", p.CustomerDomain, "")
	check.MaxLength(s, "customerDomain", p.CustomerDomain, 255)
}

// livenessParams narrows getAccountsLiveness. Zero fields are not sent.
type livenessParams struct {
	// The accounts asked about, separated by commas.
	CustomerIDs string
}

// query is what is sent; nil when nothing is.
func (p livenessParams) query() url.Values {
	v := url.Values{}
	if p.CustomerIDs != "" {
		v.Set("customerIds", p.CustomerIDs)
	}
	if len(v) == 0 {
		return nil
	}
	return v
}
