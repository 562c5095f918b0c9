package agents

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// GetSource returns one source by the id that its registration chose. Safe to repeat. Errors: client.ErrNotFound.
func (s *Service) GetSource(ctx context.Context, sourceID string, opts ...client.CallOption) (*Source, error) {
	return s.source(ctx, &opGetInventorySource, client.Request{Path: []string{sourceID}}, opts)
}

// ListSources lists the sources of the storefront in one page.
func (s *Service) ListSources(opts ...client.CallOption) client.List[Source] {
	return client.NewList[Source](s.api(), &opListInventorySources, client.Request{}, "", opts...)
}

// change is the body of an update.
type change struct {
	UpdateParams
	authentication
}

// UpdateSource changes a source, its authentication included. Safe to repeat. Errors: client.ErrInvalidState for
// StatusActive before the authentication is configured; client.ErrNotFound.
func (s *Service) UpdateSource(ctx context.Context, sourceID string, p UpdateParams,
	opts ...client.CallOption,
) (*Source, error) {
	problems := newProblems(opUpdateInventorySource.ID)
	p.check(problems)
	check.URL(problems, "endpointUrl", p.EndpointURL)
	if p == (UpdateParams{}) {
		problems.Add("body", "changes nothing: set a field")
	}
	form := p.Auth.forSource(problems)
	if err := problems.err(); err != nil {
		return nil, err
	}
	req := client.Request{Path: []string{sourceID}, Body: change{p, form}}
	source, err := s.source(ctx, &opUpdateInventorySource, req, opts)
	return source, p.Auth.masked(err)
}

// DeleteSource removes a source and disables its agent. Safe to repeat:
// a 404 counts as success if an earlier attempt of the same call may have taken effect. Errors: client.ErrNotFound.
func (s *Service) DeleteSource(ctx context.Context, sourceID string, opts ...client.CallOption) error {
	_, err := client.Call[struct{}](ctx, s.api(), &opDeleteInventorySource, client.Request{Path: []string{sourceID}},
		opts...)
	return err
}
