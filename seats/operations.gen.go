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

// ruleCustomerRole is the schema of a request.
var ruleCustomerRole = check.Rule{Type: check.String, Enum: []string{"BUYER", "SELLER"}}

// ruleAccountMode is the schema of a request.
var ruleAccountMode = check.Rule{Type: check.String, Enum: []string{"STANDARD", "DEMO"}}

// ruleDemoRecipe is the schema of a request.
var ruleDemoRecipe = check.Rule{Type: check.String, Enum: []string{"sample-publisher-display", "sample-publisher-ctv", "sample-retail-media"}}

// ruleChildAccountCreate is the schema of a request.
var ruleChildAccountCreate = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "name", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 255}, Required: true},
	{Name: "customerRole", Rule: &ruleCustomerRole, Required: true},
	{Name: "parentName", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 255}},
	{Name: "customerDomain", Rule: &check.Rule{Type: check.String, MaxSize: 255}},
	{Name: "defaultCurrency", Rule: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[A-Z]{3}$`, Message: "must be three capital letters"}}},
	{Name: "paymentCurrencies", Rule: &check.Rule{Type: check.Array, MaxSize: 25, Items: &check.Rule{Type: check.String, Pattern: &check.Pattern{Expr: `^[A-Z]{3}$`, Message: "must be three capital letters"}}}},
	{Name: "accountMode", Rule: &ruleAccountMode},
	{Name: "demoRecipeIds", Rule: &check.Rule{Type: check.Array, MinSize: 1, MaxSize: 3, Items: &ruleDemoRecipe}},
}}

// ruleAccountSwitch is the schema of a request.
var ruleAccountSwitch = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "customerId", Rule: &check.Rule{}, Required: true},
}}

// ruleAccountDomainUpdate is the schema of a request.
var ruleAccountDomainUpdate = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "customerDomain", Rule: &check.Rule{Type: check.String, MaxSize: 255}, Required: true},
}}

// ruleMembershipUpdate is the schema of a request.
var ruleMembershipUpdate = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "allowDomainAutoJoin", Rule: &check.Rule{Type: check.Boolean}, Required: true},
}}

// check reports every field that its schema does not allow.
func (p ChildParams) check(r check.Reporter) { ruleChildAccountCreate.Value(r, p) }

// check reports every field that its schema does not allow.
func (p switchBody) check(r check.Reporter) { ruleAccountSwitch.Value(r, p) }

// check reports every field that its schema does not allow.
func (p DomainParams) check(r check.Reporter) { ruleAccountDomainUpdate.Value(r, p) }

// check reports every field that its schema does not allow.
func (p MembershipParams) check(r check.Reporter) { ruleMembershipUpdate.Value(r, p) }

// livenessParams narrows getAccountsLiveness. Zero fields are not sent.
type livenessParams struct {
	// The accounts asked about, separated by commas.
	CustomerIDs string
}

// query returns the query string, or nil without parameters.
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
