package agents

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// Discover returns the agents that a domain announces. It registers none of them. Safe to repeat.
func (s *Service) Discover(ctx context.Context, p DiscoverParams, opts ...client.CallOption) (*Discovery, error) {
	problems := newProblems(opDiscoverAgents.ID)
	p.check(problems)
	if err := problems.err(); err != nil {
		return nil, err
	}
	got, err := client.Call[Discovery](ctx, s.api(), &opDiscoverAgents, client.Request{Query: p.query()}, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}

// TestDiscovery asks the agent behind a source for products, as a buyer would. A failure of the agent is no error: see
// Outcome. Each call reaches the seller's system and leaves a test run on record, so it is repeated only if it surely
// was not processed.
func (s *Service) TestDiscovery(ctx context.Context, sourceID string, p TestParams,
	opts ...client.CallOption,
) (*DiscoveryTest, error) {
	problems := newProblems(opRunInventorySourceDiscoveryTest.ID)
	p.check(problems)
	if err := problems.err(); err != nil {
		return nil, err
	}
	req := client.Request{Path: []string{sourceID}, Body: p}
	got, err := client.Call[DiscoveryTest](ctx, s.api(), &opRunInventorySourceDiscoveryTest, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}

// Diagnose returns the problems of a source over the last 1 to 720 hours, with remedies. Safe to repeat.
func (s *Service) Diagnose(ctx context.Context, sourceID string, p DiagnosticsParams,
	opts ...client.CallOption,
) (*Diagnostics, error) {
	problems := newProblems(opGetInventorySourceDiagnostics.ID)
	p.check(problems)
	if err := problems.err(); err != nil {
		return nil, err
	}
	req := client.Request{Path: []string{sourceID}, Query: p.query()}
	got, err := client.Call[Diagnostics](ctx, s.api(), &opGetInventorySourceDiagnostics, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}
