package agents

import (
	"context"
	"errors"
	"iter"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// StatusComingSoon is an agent of the marketplace that cannot be used yet. Lists cannot be narrowed to it.
const StatusComingSoon Status = "COMING_SOON"

// List returns one page of the agents that the storefront can use; at most 100 with Limit. Safe to repeat.
func (s *Service) List(ctx context.Context, p ListParams, opts ...client.CallOption) (*client.Page[Agent], error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	return client.List[Agent](ctx, s.api(), &opListStorefrontAgents, client.Request{Query: p.query()}, p.PageToken, opts...)
}

// All walks the agents, in pages of 100 unless Limit says otherwise. The sequence may be ranged more than once, and each
// time begins anew. An error is its last value.
func (s *Service) All(ctx context.Context, p ListParams, opts ...client.CallOption) iter.Seq2[Agent, error] {
	if err := p.validate(); err != nil {
		return failedWith[Agent](err)
	}
	return client.All[Agent](ctx, s.api(), &opListStorefrontAgents, client.Request{Query: p.query()}, p.PageToken, opts...)
}

// Pages walks the agents page by page, for a job that may be killed: when a page is done with, store its Next, and begin the
// next run with it as PageToken, with the same parameters.
func (s *Service) Pages(ctx context.Context, p ListParams, opts ...client.CallOption) iter.Seq2[*client.Page[Agent], error] {
	if err := p.validate(); err != nil {
		return failedWith[*client.Page[Agent]](err)
	}
	return client.Pages[Agent](ctx, s.api(), &opListStorefrontAgents, client.Request{Query: p.query()}, p.PageToken, opts...)
}

func (p ListParams) validate() error {
	problems := newProblems(opListStorefrontAgents.ID)
	p.check(problems)
	return problems.err()
}

// failedWith is a sequence that is nothing but an error.
func failedWith[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
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
	got, err := client.Call[detailAnswer](ctx, s.api(), &opGetStorefrontAgent, client.Request{Path: []string{string(agentID)}}, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Detail, nil
}

// Authorize begins the consent of a person to the use of an agent with OAuth and returns where they have to go. Safe to
// repeat: each call gives a page of its own, and nothing changes until one has been used.
func (s *Service) Authorize(ctx context.Context, agentID client.ID, p AuthorizeParams, opts ...client.CallOption) (*Consent, error) {
	problems := newProblems(opStartAgentOAuth.ID)
	p.check(problems)
	check.URL(problems, "redirectUri", p.RedirectURI)
	if err := problems.err(); err != nil {
		return nil, err
	}
	return s.consent(ctx, &opStartAgentOAuth, agentID, p, opts)
}

// AuthorizeAccount does what [Service.Authorize] does for the customer's account with an agent.
func (s *Service) AuthorizeAccount(ctx context.Context, agentID client.ID, p AuthorizeAccountParams, opts ...client.CallOption) (*Consent, error) {
	problems := newProblems(opStartAgentAccountOAuth.ID)
	p.check(problems)
	check.URL(problems, "redirectUri", p.RedirectURI)
	if err := problems.err(); err != nil {
		return nil, err
	}
	return s.consent(ctx, &opStartAgentAccountOAuth, agentID, p, opts)
}

func (s *Service) consent(ctx context.Context, op *client.Operation, agentID client.ID, body any, opts []client.CallOption) (*Consent, error) {
	got, err := client.Call[consentAnswer](ctx, s.api(), op, client.Request{Path: []string{string(agentID)}, Body: body}, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Consent, nil
}

// RefreshCapabilities asks an agent anew what it can do. Safe to repeat.
func (s *Service) RefreshCapabilities(ctx context.Context, agentID client.ID, opts ...client.CallOption) (*Capabilities, error) {
	got, err := client.Call[Capabilities](ctx, s.api(), &opRefreshStorefrontAgentCapabilities, client.Request{Path: []string{string(agentID)}}, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}
