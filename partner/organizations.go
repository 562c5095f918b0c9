package partner

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// OrganizationService manages the partner's organizations and their credits (docs/platform.md#partner-api).
type OrganizationService struct{ client *client.Client }

// organizationAnswer is an organization as sent. One without an id is something else.
type organizationAnswer struct{ Organization }

func (a *organizationAnswer) CheckAnswer() error { return shown(a.ID) }

// maxTrialCredits is documented.
const maxTrialCredits = 500

// List lists the organizations. It requires [ScopeRead].
func (s *OrganizationService) List(p ListOrganizationsParams, opts ...client.CallOption) client.List[Organization] {
	if err := p.validate(); err != nil {
		return client.InvalidList[Organization](err)
	}
	return client.NewList[Organization](s.api(), &opListOrganizations, client.Request{Query: p.query()}, p.PageToken,
		opts...)
}

func (p ListOrganizationsParams) validate() error {
	problems := client.ParamError{Operation: opListOrganizations.ID}
	p.check(&problems)
	return problems.Err()
}

// Create creates an organization. It takes [ScopeWrite]. A pool that is short of the initial credits answers 422, see
// [client.ErrUnprocessable]. A creation is never repeated unless it surely was not processed; if its answer was lost
// the error matches [client.ErrOutcomeUnknown]: look for it by its ExternalID.
func (s *OrganizationService) Create(ctx context.Context, p CreateOrganizationParams,
	opts ...client.CallOption,
) (*Organization, error) {
	problems := client.ParamError{Operation: opCreateOrganization.ID}
	p.check(&problems)
	if p.Tier != TierPaid && p.InitialCredits > maxTrialCredits {
		problems.Add("initialCredits", "must be at most 500 with tier trial, which is the default")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return s.call(ctx, &opCreateOrganization, client.Request{Body: p}, opts)
}

// SetStatus enables or disables an organization; its method, path and body are assumed, and any status is sent. It
// takes [ScopeWrite]. Safe to repeat.
func (s *OrganizationService) SetStatus(ctx context.Context, id client.ID, status OrganizationStatus,
	opts ...client.CallOption,
) (*Organization, error) {
	body := statusBody{status}
	problems := client.ParamError{Operation: opSetOrganizationStatus.ID}
	if body.check(&problems); problems.Err() != nil {
		return nil, &problems
	}
	return s.call(ctx, &opSetOrganizationStatus, on(id, body), opts)
}

// SetTier moves an organization to another tier; its method, path and body are assumed. It takes [ScopeWrite]. Safe to
// repeat.
func (s *OrganizationService) SetTier(ctx context.Context, id client.ID, tier Tier,
	opts ...client.CallOption,
) (*Organization, error) {
	body := tierBody{tier}
	problems := client.ParamError{Operation: opSetOrganizationTier.ID}
	if body.check(&problems); problems.Err() != nil {
		return nil, &problems
	}
	return s.call(ctx, &opSetOrganizationTier, on(id, body), opts)
}

type statusBody struct {
	Status OrganizationStatus `json:"status"`
}

type tierBody struct {
	Tier Tier `json:"tier"`
}

func on(id client.ID, body any) client.Request {
	return client.Request{Path: []string{string(id)}, Body: body}
}

func (s *OrganizationService) call(ctx context.Context, op *client.Operation, req client.Request,
	opts []client.CallOption,
) (*Organization, error) {
	got, err := client.Call[organizationAnswer](ctx, s.api(), op, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Organization, nil
}
