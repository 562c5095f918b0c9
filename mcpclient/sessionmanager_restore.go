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

// hostSettings holds the settings of a host that the server forgets with the session.
type hostSettings struct {
	level         jsontext.Value            // the params of the last logging/setLevel
	subscriptions map[string]jsontext.Value // the params of resources/subscribe, by the URI
}

func (s hostSettings) clone() hostSettings { return hostSettings{s.level, maps.Clone(s.subscriptions)} }

// rememberSetting notes a wish that the server has accepted.
func (rt *roundTripper) rememberSetting(m *message) {
	params := m.clone().params
	uri := textOf(member(params, "uri"))
	rt.mu.Lock()
	defer rt.mu.Unlock()
	switch m.method {
	case methodSetLevel:
		rt.hostSettings.level = params
	case methodSubscribe:
		if rt.hostSettings.subscriptions == nil {
			rt.hostSettings.subscriptions = make(map[string]jsontext.Value)
		}
		rt.hostSettings.subscriptions[uri] = params
	case methodUnsubscribe:
		delete(rt.hostSettings.subscriptions, uri)
	}
}

// restore repeats the settings of the previous session. The customer comes first, because the resources depend on it.
func (rt *roundTripper) restore(ctx context.Context, header http.Header) error {
	rt.mu.Lock()
	state, wanted := rt.customerSwitch, rt.hostSettings.clone()
	rt.mu.Unlock()
	if state != nil {
		m := newRequest("restore", methodCallTool, state)
		x := rt.exchange(header, &m, new(callState))
		x.assumeRead = true // the caller has switched already
		reply, err := x.sendAndWait(ctx)
		if err != nil {
			return err
		}
		r, err := readResult(rt.client, x.operation(), nil, reply.result)
		if err != nil {
			return err
		}
		if err := r.failure(); err != nil {
			return err
		}
	}
	if wanted.level != nil {
		if err := rt.resendSetting(ctx, header, "level", methodSetLevel, wanted.level); err != nil {
			return err
		}
	}
	for i, uri := range slices.Sorted(maps.Keys(wanted.subscriptions)) {
		id := "subscription-" + strconv.Itoa(i)
		if err := rt.resendSetting(ctx, header, id, methodSubscribe, wanted.subscriptions[uri]); err != nil {
			return err
		}
	}
	return nil
}

// resendSetting sends a wish again. A refusal, perhaps because the resource is gone, does not fail the
// new session. The wish is kept for the next one.
func (rt *roundTripper) resendSetting(
	ctx context.Context, header http.Header, id, method string, params jsontext.Value,
) error {
	m := newRequest(id, method, params)
	x := rt.exchange(header, &m, new(callState))
	x.assumeRead = true
	_, err := x.sendAndWait(ctx)
	var refused *client.APIError
	if errors.As(err, &refused) && !refused.Retryable() {
		return nil
	}
	return err
}
