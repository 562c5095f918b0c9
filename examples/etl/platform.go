package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/pace/redispace"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// platform is the source of a run, with the limiter that machines share.
type platform struct {
	client   *client.Client
	clientID string          // the public half of the token
	sandbox  *sandbox.Server // nil for the real platform
	redis    *redis.Client   // nil if the limit is not shared
	limiter  *redispace.Limiter
}

// connect connects to the platform if SCOPE3_API_KEY is set, and to a new sandbox otherwise.
func connect(s settings, log *slog.Logger) (*platform, error) {
	p := &platform{}
	opts := []client.Option{client.WithApplication("interchange-etl", "")}
	if s.redis != "" {
		at, err := redis.ParseURL(s.redis)
		if err != nil {
			return nil, errors.New("-redis is not the URL of a Redis") // the cause may quote a password
		}
		at.ContextTimeoutEnabled = true
		p.redis = redis.NewClient(at)
		limit := redispace.Limit{Requests: s.limit, Per: time.Minute}
		if p.limiter, err = redispace.New(p.redis, limit, redispace.WithLogger(log)); err != nil {
			return nil, errors.Join(err, p.close())
		}
		opts = append(opts, client.WithLimiter(p.limiter))
	}
	if os.Getenv(client.EnvAPIKey) != "" {
		opts = append(opts, client.FromEnv())
	} else if err := p.startSandbox(s, &opts); err != nil {
		return nil, errors.Join(err, p.close())
	}
	var err error
	if p.client, err = client.New(opts...); err != nil {
		return nil, errors.Join(err, p.close())
	}
	if p.sandbox == nil {
		token, err := p.client.Token(context.Background())
		if err != nil {
			return nil, errors.Join(err, p.close())
		}
		p.clientID = token.ClientID()
	}
	return p, nil
}

// startSandbox starts a sandbox with about s.records records and a rate limit that it does not announce.
func (p *platform) startSandbox(s settings, opts *[]client.Option) error {
	limit := sandbox.RateLimit{Requests: 600, Window: time.Second, Burst: 60}
	server, err := sandbox.Start(append(lists(s.records), sandbox.WithRateLimit(limit))...)
	if err != nil {
		return err
	}
	p.sandbox = server
	token, err := client.ParseToken(server.AdminToken())
	if err != nil {
		return err
	}
	*opts = append(*opts, client.WithEnvironment(client.BaseURL(server.URL())), client.WithToken(token))
	return nil
}

// lists returns options for about so many records: half in lists of the account, half in lists of ten advertisers.
func lists(records int) []sandbox.Option {
	opts := []sandbox.Option{sandbox.WithRecords(max(1, records/1000)), sandbox.WithRecordsOf("advertisers", 10)}
	for _, list := range []string{"audit-logs", "calls", "notifications"} {
		opts = append(opts, sandbox.WithRecordsOf(list, records/6))
	}
	for _, list := range []string{"creatives", "audiences", "event-sources", "catalogs", "property-lists"} {
		opts = append(opts, sandbox.WithRecordsOf(list, records/100))
	}
	return opts
}

// source returns the identity of the source. All sandboxes count as one, as they hold the same records.
func (p *platform) source(since string) source {
	if p.sandbox != nil {
		return source{Platform: "sandbox", Since: since}
	}
	return source{Platform: p.client.BaseURL(), ClientID: p.clientID, Since: since}
}

func (p *platform) close() error {
	var errs []error
	if p.client != nil {
		p.client.CloseIdleConnections()
	}
	if p.redis != nil {
		errs = append(errs, p.limiter.Close(), p.redis.Close())
	}
	if p.sandbox != nil {
		if found := p.sandbox.Violations(); len(found) > 0 {
			slog.WarnContext(context.Background(), "the sandbox objects", "violations", found)
		}
		errs = append(errs, p.sandbox.Close())
	}
	return errors.Join(errs...)
}
