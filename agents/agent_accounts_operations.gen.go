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

// check tells what is wrong with the parameters before anything is sent.
func (p LinkParams) check(s check.Sink) {
	check.Required(s, "storefrontId", p.StorefrontID, "")
	check.Required(s, "sourceId", p.SourceID, "")
	check.Required(s, "accountId", p.AccountID, "")
}

// check tells what is wrong with the parameters before anything is sent.
func (p CredentialParams) check(s check.Sink) {
	check.Required(s, "accountIdentifier", p.AccountIdentifier, "")
	check.MaxLength(s, "accountIdentifier", p.AccountIdentifier, 255)
}

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
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
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

// check tells what is wrong with the parameters before anything is sent.
func (p AccountListParams) check(s check.Sink) {
	check.OneOf(s, "status", p.Status, AccountActive, AccountPendingApproval, AccountPaymentRequired, AccountSuspended, AccountClosed, AccountUnreachable)
	check.Between(s, "take", p.PageSize, 1, 250)
	check.AtLeast(s, "skip", p.Skip, 0)
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
	// PageToken continues from Page.Next of an earlier answer; Skip is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
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

// check tells what is wrong with the parameters before anything is sent.
func (p AvailableParams) check(s check.Sink) {
	check.Required(s, "storefrontId", p.StorefrontID, "")
	check.Required(s, "sourceId", p.SourceID, "")
	check.Between(s, "take", p.PageSize, 1, 250)
	check.AtLeast(s, "skip", p.Skip, 0)
}
