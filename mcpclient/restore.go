package mcpclient

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// wishes holds what a host asked of a session. A server forgets it with the session.
type wishes struct {
	level         jsontext.Value            // the params of the last logging/setLevel
	subscriptions map[string]jsontext.Value // the params of resources/subscribe, by the URI
}

func (s wishes) clone() wishes { return wishes{s.level, maps.Clone(s.subscriptions)} }

// remember notes a wish that the server has accepted.
func (w *carrier) remember(m *message) {
	params := m.clone().params
	uri := textOf(member(params, "uri"))
	w.mu.Lock()
	defer w.mu.Unlock()
	switch m.method {
	case methodSetLevel:
		w.wishes.level = params
	case methodSubscribe:
		if w.wishes.subscriptions == nil {
			w.wishes.subscriptions = make(map[string]jsontext.Value)
		}
		w.wishes.subscriptions[uri] = params
	case methodUnsubscribe:
		delete(w.wishes.subscriptions, uri)
	}
}

// restore repeats in a new session what the one before it was told. The customer comes first, because the resources
// depend on it.
func (w *carrier) restore(ctx context.Context, header http.Header) error {
	w.mu.Lock()
	state, wanted := w.state, w.wishes.clone()
	w.mu.Unlock()
	if state != nil {
		m := newRequest("restore", methodCallTool, state)
		x := w.exchange(header, &m, new(record))
		x.harmless = true // the caller has switched already
		reply, err := x.ask(ctx)
		if err != nil {
			return err
		}
		r, err := readResult(w.client, x.operation(), nil, reply.result)
		if err != nil {
			return err
		}
		if err := r.failure(); err != nil {
			return err
		}
	}
	if wanted.level != nil {
		if err := w.repeatWish(ctx, header, "level", methodSetLevel, wanted.level); err != nil {
			return err
		}
	}
	for i, uri := range slices.Sorted(maps.Keys(wanted.subscriptions)) {
		id := "subscription-" + strconv.Itoa(i)
		if err := w.repeatWish(ctx, header, id, methodSubscribe, wanted.subscriptions[uri]); err != nil {
			return err
		}
	}
	return nil
}

// repeatWish sends a wish again. A refusal, perhaps because the resource is gone, does not fail the
// new session. The wish is kept for the next one.
func (w *carrier) repeatWish(
	ctx context.Context, header http.Header, id, method string, params jsontext.Value,
) error {
	m := newRequest(id, method, params)
	x := w.exchange(header, &m, new(record))
	x.harmless = true
	_, err := x.ask(ctx)
	var refused *client.APIError
	if errors.As(err, &refused) && !refused.Retryable() {
		return nil
	}
	return err
}
