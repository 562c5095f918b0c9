// Code generated from openapi.yaml by internal/codegen. DO NOT EDIT.

package agents

import (
	"net/url"
	"strconv"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// The operations of openapi.yaml that this package calls.
var (
	opAssignAccount = client.Operation{
		ID:     "assignAccount",
		Method: "POST",
		Mount:  client.MountBuyer,
		Path:   "/advertisers/{advertiserId}/accounts",
		Effect: client.EffectOnce,
	}
	opGetAdvertiserAccount = client.Operation{
		ID:     "getAdvertiserAccount",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/advertisers/{advertiserId}/accounts/{accountId}",
		Effect: client.EffectRead,
	}
	opListAdvertiserAccounts = client.Operation{
		ID:      "listAdvertiserAccounts",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/advertisers/{advertiserId}/accounts",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 250,
		Items:   "accounts",
	}
	opListAvailableAccounts = client.Operation{
		ID:      "listAvailableAccounts",
		Method:  "GET",
		Mount:   client.MountBuyer,
		Path:    "/advertisers/{advertiserId}/accounts/available",
		Effect:  client.EffectRead,
		Paging:  client.PagingTakeSkip,
		MaxPage: 250,
		Items:   "accounts",
	}
	opListStorefrontCredentials = client.Operation{
		ID:     "listStorefrontCredentials",
		Method: "GET",
		Mount:  client.MountBuyer,
		Path:   "/storefronts/credentials",
		Effect: client.EffectRead,
		Paging: client.PagingNone,
		Items:  "credentials",
	}
	opRegisterSourceCredentials = client.Operation{
		ID:     "registerSourceCredentials",
		Method: "POST",
		Mount:  client.MountBuyer,
		Path:   "/storefronts/{storefrontId}/sources/{sourceId}/credentials",
		Effect: client.EffectOnce,
	}
	opUnassignAccount = client.Operation{
		ID:     "unassignAccount",
		Method: "DELETE",
		Mount:  client.MountBuyer,
		Path:   "/advertisers/{advertiserId}/accounts/{accountId}",
		Effect: client.EffectIdempotent,
	}
)

// ruleAccountLink is the schema of a request.
var ruleAccountLink = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "storefrontId", Rule: &check.Rule{}, Required: true},
	{Name: "sourceId", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
	{Name: "accountId", Rule: &check.Rule{}, Required: true},
}}

// ruleSourceAccountStatus is the schema of a request.
var ruleSourceAccountStatus = check.Rule{Type: check.String, Enum: []string{"active", "pending_approval", "payment_required", "suspended", "closed", "unreachable"}}

// ruleAgentCredentialCreate is the schema of a request.
var ruleAgentCredentialCreate = check.Rule{Type: check.Object, Fields: []check.Field{
	{Name: "accountIdentifier", Rule: &check.Rule{Type: check.String, MinSize: 1, MaxSize: 255}, Required: true},
	{Name: "auth", Rule: &check.Rule{AnyOf: []*check.Rule{&check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"jwt"}}, Required: true},
		{Name: "privateKey", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "issuer", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "subject", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "keyId", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "scope", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "tokenEndpointUrl", Rule: &check.Rule{Type: check.String}, Required: true},
		{Name: "audienceUrl", Rule: &check.Rule{Type: check.String}, Required: true},
		{Name: "algorithm", Rule: &check.Rule{Type: check.String, Enum: []string{"ES256", "RS256"}}},
	}}, &check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"bearer", "apikey", "api_key"}}, Required: true},
		{Name: "token", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
	}}, &check.Rule{Type: check.Object, Fields: []check.Field{
		{Name: "type", Rule: &check.Rule{Type: check.String, Enum: []string{"basic"}}, Required: true},
		{Name: "username", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
		{Name: "password", Rule: &check.Rule{Type: check.String}, Required: true},
	}}, &check.Rule{Type: check.Object}}}},
}}

// check reports every field that its schema does not allow.
func (p LinkParams) check(r check.Reporter) { ruleAccountLink.Value(r, p) }

// check reports every field that its schema does not allow.
func (p CredentialParams) check(r check.Reporter) { ruleAgentCredentialCreate.Value(r, p) }

// AccountListParams narrows listAdvertiserAccounts. Zero fields are not sent.
type AccountListParams struct {
	// Only accounts of this storefront.
	StorefrontID client.ID
	// Only accounts of this source.
	SourceID string
	// Only accounts in this state.
	Status AccountStatus
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
func (p AccountListParams) query() url.Values {
	v := url.Values{}
	if p.StorefrontID != "" {
		v.Set("storefrontId", string(p.StorefrontID))
	}
	if p.SourceID != "" {
		v.Set("sourceId", p.SourceID)
	}
	if p.Status != "" {
		v.Set("status", string(p.Status))
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

// queryListAdvertiserAccounts holds the schemas of the parameters of listAdvertiserAccounts.
var queryListAdvertiserAccounts = []check.Field{
	{Name: "status", Rule: &ruleSourceAccountStatus},
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 250}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p AccountListParams) check(r check.Reporter) {
	check.Query(r, queryListAdvertiserAccounts, p.query())
}

// AvailableParams narrows listAvailableAccounts. Zero fields are not sent.
type AvailableParams struct {
	// The storefront.
	StorefrontID client.ID
	// The id of the inventory source, as its registration chose it.
	SourceID string
	// Ask the source instead of what is cached.
	Refresh bool
	// Only accounts that are billed in this way.
	BillingType string
	// Only accounts that this credential reaches.
	CredentialID client.ID
	// The number of items on a page: 1 to 250; the platform's default is 50.
	PageSize int
	// The number of items at the beginning to pass over.
	Skip int
	// PageToken continues from Page.Next of an earlier page; Skip is then ignored.
	PageToken client.PageToken
}

// query returns the query string, or nil without parameters.
func (p AvailableParams) query() url.Values {
	v := url.Values{}
	if p.StorefrontID != "" {
		v.Set("storefrontId", string(p.StorefrontID))
	}
	if p.SourceID != "" {
		v.Set("sourceId", p.SourceID)
	}
	if p.Refresh {
		v.Set("refresh", "true")
	}
	if p.BillingType != "" {
		v.Set("billingType", p.BillingType)
	}
	if p.CredentialID != "" {
		v.Set("credentialId", string(p.CredentialID))
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

// queryListAvailableAccounts holds the schemas of the parameters of listAvailableAccounts.
var queryListAvailableAccounts = []check.Field{
	{Name: "storefrontId", Required: true},
	{Name: "sourceId", Rule: &check.Rule{Type: check.String, MinSize: 1}, Required: true},
	{Name: "take", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 1}, Max: &check.Limit{Value: 250}}},
	{Name: "skip", Rule: &check.Rule{Type: check.Number, Min: &check.Limit{Value: 0}}},
}

// check reports every parameter that its schema does not allow.
func (p AvailableParams) check(r check.Reporter) {
	check.Query(r, queryListAvailableAccounts, p.query())
}
