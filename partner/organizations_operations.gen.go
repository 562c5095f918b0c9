// Code generated from openapi.partner.yaml by internal/codegen. DO NOT EDIT.

package partner

import (
	"net/url"
	"strconv"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// The operations of openapi.partner.yaml that this package calls.
var (
	opAllocateCredits = client.Operation{
		ID:     "allocateCredits",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}/credits",
		Effect: client.EffectOnce,
		Level:  client.LevelWrite,
		Result: "allocation",
	}
	opCreateOrganization = client.Operation{
		ID:     "createOrganization",
		Method: "POST",
		Mount:  client.MountPartner,
		Path:   "/organizations",
		Effect: client.EffectOnce,
		Level:  client.LevelWrite,
		Result: "organization",
	}
	opDeleteOrganization = client.Operation{
		ID:     "deleteOrganization",
		Method: "DELETE",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
	}
	opGetOrganization = client.Operation{
		ID:     "getOrganization",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
		Result: "organization",
	}
	opListOrganizations = client.Operation{
		ID:     "listOrganizations",
		Method: "GET",
		Mount:  client.MountPartner,
		Path:   "/organizations",
		Effect: client.EffectRead,
		Level:  client.LevelRead,
		Paging: client.PagingPages,
		Items:  "organizations",
	}
	opSetOrganizationStatus = client.Operation{
		ID:     "setOrganizationStatus",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}/status",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "organization",
	}
	opSetOrganizationTier = client.Operation{
		ID:     "setOrganizationTier",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}/tier",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "organization",
	}
	opUpdateOrganization = client.Operation{
		ID:     "updateOrganization",
		Method: "PUT",
		Mount:  client.MountPartner,
		Path:   "/organizations/{organizationId}",
		Effect: client.EffectIdempotent,
		Level:  client.LevelWrite,
		Result: "organization",
	}
)

// check tells what is wrong with the parameters before anything is sent.
func (p CreateOrganizationParams) check(s check.Sink) {
	check.Required(s, "name", p.Name, "")
	check.AtLeast(s, "initialCredits", p.InitialCredits, 0)
	check.OneOf(s, "tier", p.Tier, TierTrial, TierPaid)
	check.OneOf(s, "billingPeriod", p.BillingPeriod, BillingMonthly, BillingQuarterly, BillingAnnual, BillingAnnually)
	check.Between(s, "billingDayOfMonth", p.BillingDayOfMonth, 1, 28)
	check.OneOf(s, "productType", p.ProductType, ProductB2B, ProductB2C)
}

// check tells what is wrong with the parameters before anything is sent.
func (p statusBody) check(s check.Sink) {
	check.Required(s, "status", p.Status, "")
}

// check tells what is wrong with the parameters before anything is sent.
func (p tierBody) check(s check.Sink) {
	check.Required(s, "tier", p.Tier, "")
	check.OneOf(s, "tier", p.Tier, TierTrial, TierPaid)
}

// ListOrganizationsParams narrows listOrganizations. Zero fields are not sent.
type ListOrganizationsParams struct {
	// Only those in this state.
	Status OrganizationStatus
	// Only those that match this text; the platform does not say in what.
	Search string
	// Only the one with this id of the partner's own.
	ExternalID string
	// The page, counted from 1: the platform's default is 1.
	Page int
	// Items a page; the largest size is not documented: the platform's default is 20.
	PageSize int
	// PageToken continues from Page.Next of an earlier answer; Page is then ignored.
	PageToken client.PageToken
}

// query is what is sent; nil when nothing is.
func (p ListOrganizationsParams) query() url.Values {
	v := url.Values{}
	if p.Status != "" {
		v.Set("status", string(p.Status))
	}
	if p.Search != "" {
		v.Set("search", p.Search)
	}
	if p.ExternalID != "" {
		v.Set("externalId", p.ExternalID)
	}
	if p.Page != 0 {
		v.Set("page", strconv.Itoa(p.Page))
	}
	if p.PageSize != 0 {
		v.Set("pageSize", strconv.Itoa(p.PageSize))
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

// check tells what is wrong with the parameters before anything is sent.
func (p ListOrganizationsParams) check(s check.Sink) {
	check.OneOf(s, "status", p.Status, OrganizationActive, OrganizationCanceled, OrganizationSuspended)
	check.AtLeast(s, "page", p.Page, 1)
	check.AtLeast(s, "pageSize", p.PageSize, 1)
}
