package agents

import (
	"context"
	"errors"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// StatusComingSoon is an agent of the marketplace that cannot be used yet. Lists cannot be narrowed to it.
const StatusComingSoon Status = "COMING_SOON"

// List lists the agents that the storefront can use. PageSize is at most 100.
func (s *Service) List(p ListParams, opts ...client.CallOption) client.List[Agent] {
	if err := p.validate(); err != nil {
		return client.InvalidList[Agent](err)
	}
	return client.NewList[Agent](s.api(), &opListStorefrontAgents, client.Request{Query: p.query()}, p.PageToken, opts...)
}

func (p ListParams) validate() error {
	problems := newProblems(opListStorefrontAgents.ID)
	p.check(problems)
	return problems.err()
}

type detailAnswer struct{ Detail }

func (a *detailAnswer) CheckAnswer() error {
	if a.AgentID == "" {
		return errors.New("it shows no agentId")
	}
	return nil
}

// Get returns one agent in full. Safe to repeat. Errors: client.ErrNotFound.
func (s *Service) Get(ctx context.Context, agentID client.ID, opts ...client.CallOption) (*Detail, error) {
	got, err := client.Call[detailAnswer](ctx, s.api(), &opGetStorefrontAgent,
		client.Request{Path: []string{string(agentID)}}, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Detail, nil
}

// Authorize begins the consent of a person to the use of an agent with OAuth and returns where they have to go. Safe to
// repeat: each call gives a page of its own, and nothing changes until one has been used.
func (s *Service) Authorize(ctx context.Context, agentID client.ID, p AuthorizeParams,
	opts ...client.CallOption,
) (*Consent, error) {
	problems := newProblems(opStartAgentOAuth.ID)
	p.check(problems)
	check.URL(problems, "redirectUri", p.RedirectURI)
	if err := problems.err(); err != nil {
		return nil, err
	}
	return s.consent(ctx, &opStartAgentOAuth, agentID, p, opts)
}

// AuthorizeAccount does what [Service.Authorize] does for the customer's account with an agent.
func (s *Service) AuthorizeAccount(ctx context.Context, agentID client.ID, p AuthorizeAccountParams,
	opts ...client.CallOption,
) (*Consent, error) {
	problems := newProblems(opStartAgentAccountOAuth.ID)
	p.check(problems)
	check.URL(problems, "redirectUri", p.RedirectURI)
	if err := problems.err(); err != nil {
		return nil, err
	}
	return s.consent(ctx, &opStartAgentAccountOAuth, agentID, p, opts)
}

func (s *Service) consent(ctx context.Context, op *client.Operation, agentID client.ID, body any,
	opts []client.CallOption,
) (*Consent, error) {
	got, err := client.Call[consentAnswer](ctx, s.api(), op, client.Request{Path: []string{string(agentID)}, Body: body},
		opts...)
	if err != nil {
		return nil, err
	}
	return &got.Consent, nil
}

// RefreshCapabilities asks an agent anew what it can do. Safe to repeat.
func (s *Service) RefreshCapabilities(ctx context.Context, agentID client.ID, opts ...client.CallOption) (*Capabilities,
	error,
) {
	got, err := client.Call[Capabilities](ctx, s.api(), &opRefreshStorefrontAgentCapabilities,
		client.Request{Path: []string{string(agentID)}}, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}
