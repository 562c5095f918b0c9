package agents

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// executionAgent is the execution type of registered sources.
const executionAgent = "AGENT"

// registration is the body of a registration.
type registration struct {
	RegisterParams
	authentication
	ExecutionType string `json:"executionType"`
}

// Register registers an agent with the storefront of the credential, as an inventory source (docs/platform.md#agents).
//
// All that is wrong with p is reported at once, as a [*client.ParamError] or, where the Auth has no place on the
// current platform, an [*UnsupportedAuthError]. With OAuth the source is pending until a person has consented at
// Source.OAuth.AuthorizationURL: send them there and call [Service.WaitUntilConfigured].
//
// A registration is never repeated unless it surely was not processed. If its answer was lost and ctx has not ended,
// Register looks for p.SourceID: a source that matches the request, and is not older than the call, is returned as
// if the answer had come, though without OAuth where the platform shows that in the answer only; [Service.Authorize]
// gives the page then. Otherwise the error matches [client.ErrOutcomeUnknown]. Errors: client.ErrConflict for a
// SourceID that is taken.
func (s *Service) Register(ctx context.Context, p RegisterParams, opts ...client.CallOption) (*Source, error) {
	problems := newProblems(opCreateInventorySource.ID)
	p.check(problems)
	p.complete(problems)
	form := p.Auth.forSource(problems)
	if err := problems.err(); err != nil {
		return nil, err
	}
	began := time.Now()
	req := client.Request{Body: registration{p, form, executionAgent}}
	source, err := s.source(ctx, &opCreateInventorySource, req, opts)
	if err != nil {
		return s.lookUp(ctx, p, form.AuthenticationType, began, p.Auth.masked(err), opts)
	}
	return source, nil
}

// complete holds the rules that the specification does not state, and those that involve more than one field.
func (p RegisterParams) complete(s check.Reporter) {
	if p.SourceID == "" {
		s.Add("sourceId", "is required: choose it, so that the source can be found if the answer is lost")
	} else if problem := check.Segment(p.SourceID); problem != "" {
		s.Add("sourceId", problem)
	}
	check.Required(s, "type", p.Type, "")
	check.Required(s, "endpointUrl", p.EndpointURL, "")
	check.URL(s, "endpointUrl", p.EndpointURL)
	check.Required(s, "protocol", p.Protocol, "")
	if p.Auth.IsZero() {
		s.Add("auth", "is required: NoAuth says that there is none")
	}
}

// forSource returns the fields of a source request for a checked Auth.
func (a Auth) forSource(p *problems) authentication {
	a.check(p)
	form, ok := a.sourceForm()
	if !ok {
		p.unsupportedAuth(a, onSources)
	}
	return form
}

// lookups limits the searches for a source whose registration may still be in progress.
const lookups = 3

// lookUp finds out what became of a registration whose answer was lost.
func (s *Service) lookUp(ctx context.Context, p RegisterParams, t AuthenticationType, began time.Time, lost error,
	opts []client.CallOption,
) (*Source, error) {
	if !client.MayHaveApplied(lost) {
		return nil, lost
	}
	for lookup := 1; ; lookup++ {
		if s.sleep(ctx, time.Duration(lookup-1)*500*time.Millisecond) != nil {
			return nil, lost
		}
		var meta client.Response
		source, err := s.GetSource(ctx, p.SourceID, append(slices.Clip(opts), client.WithResponse(&meta))...)
		switch {
		case err == nil && p.made(source, t) && since(source.CreatedAt, meta.Header, time.Since(began)):
			return source, nil
		case err == nil:
			return nil, fmt.Errorf("%w; there is a source %q, which may be an older one", lost, p.SourceID)
		case !errors.Is(err, client.ErrNotFound):
			return nil, fmt.Errorf("%w; looking for the source: %w", lost, wire.Bare(err))
		case lookup == lookups:
			return nil, lost
		}
	}
}

// made reports whether a source matches a registration, as far as that can be seen.
func (p RegisterParams) made(s *Source, t AuthenticationType) bool {
	return s.SourceID == p.SourceID && s.Name == p.Name && s.Type == p.Type && s.EndpointURL == p.EndpointURL &&
		s.Protocol == p.Protocol && s.AuthenticationType == t && s.ExecutionType == executionAgent
}

// since reports whether something was created in the time that has passed, all by the clock of the platform.
func since(created time.Time, header http.Header, passed time.Duration) bool {
	const grain = 2 * time.Second // that of a Date header, and some
	now, err := http.ParseTime(header.Get("Date"))
	return err == nil && !created.IsZero() && created.After(now.Add(-passed-grain))
}
