package agents_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/client"
)

func TestSalesAgentsOfTheFirstPlatform(t *testing.T) {
	srv, first := startFirst(t)
	ctx := t.Context()
	params := agents.SalesParams{
		EndpointURL: premium.EndpointURL, Name: "Premium Video", Protocol: agents.SalesMCP, AccountIdentifier: "acme",
		Auth: agents.CustomHeader("x-api-key", kept), Description: "Sells video",
	}
	registered, err := first.RegisterSales(ctx, params)
	require.NoError(t, err)
	assert.Equal(t, client.ID("1001"), registered.CustomerID)
	assert.True(t, registered.IsNewAgent)
	assert.Equal(t, agents.ApprovalOutOfBand, registered.Approval)
	assert.True(t, srv.AgentSecret(string(registered.AgentID), kept))
	again, err := first.RegisterSales(ctx, params)
	require.NoError(t, err)
	assert.False(t, again.IsNewAgent)
	assert.Equal(t, registered.AgentID, again.AgentID)

	list, err := first.ListSales(ctx)
	require.NoError(t, err)
	assert.Equal(t, []agents.SalesAgent{{
		AgentID: registered.AgentID, Name: "Premium Video", EndpointURL: premium.EndpointURL, Protocol: agents.SalesMCP,
		Status: "active", AccountIdentifier: "acme", Description: "Sells video", Approval: agents.ApprovalOutOfBand,
	}}, list, "active does not mean approved")

	require.NoError(t, first.UpdateSales(ctx, registered.AgentID, agents.SalesUpdate{
		AccountIdentifier: "acme-2", Auth: agents.OAuth(agents.OAuthParams{Issuer: "https://publisher.com"}),
	}))
	assert.False(t, srv.AgentSecret(string(registered.AgentID), kept))
	list, err = first.ListSales(ctx)
	require.NoError(t, err)
	assert.Equal(t, "acme-2", list[0].AccountIdentifier)
	require.NoError(t, first.UnregisterSales(ctx, registered.AgentID))
	require.ErrorIs(t, first.UnregisterSales(ctx, registered.AgentID), client.ErrNotFound)
	require.ErrorIs(t, first.UpdateSales(ctx, registered.AgentID, agents.SalesUpdate{Status: "active"}),
		client.ErrNotFound)

	seen, err := json.Marshal(srv.Requests())
	require.NoError(t, err)
	assert.False(t, shows(string(seen), kept))
	assert.Contains(t, string(seen), "custom_header")
}

func TestSignalsAgentsOfTheFirstPlatform(t *testing.T) {
	srv, first := startFirst(t)
	ctx := t.Context()
	registered, err := first.RegisterSignals(ctx, agents.SignalsParams{
		Name: "Segments", EndpointURL: "https://signals.example/mcp", BrandAgentID: "42", Description: "d",
		Auth: agents.Bearer(kept),
	})
	require.NoError(t, err)
	assert.Equal(t, client.ID("42"), registered.BrandAgentID)
	assert.Equal(t, "active", registered.Status)
	assert.WithinDuration(t, time.Now(), registered.RegisteredAt, time.Minute)
	assert.True(t, srv.AgentSecret(string(registered.AgentID), kept))

	require.NoError(t, first.UpdateSignals(ctx, registered.AgentID, agents.SignalsUpdate{Name: "More segments"}))
	list, err := first.ListSignals(ctx)
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, "More segments", list[0].Name)
	assert.Equal(t, registered.AgentID, list[0].AgentID)
	require.NoError(t, first.UnregisterSignals(ctx, registered.AgentID))
	list, err = first.ListSignals(ctx)
	require.NoError(t, err)
	assert.Empty(t, list)
	require.ErrorIs(t, first.UpdateSignals(ctx, registered.AgentID, agents.SignalsUpdate{Name: "n"}), client.ErrNotFound)

	seen, err := json.Marshal(srv.Requests())
	require.NoError(t, err)
	assert.False(t, shows(string(seen), kept))
}

func TestBadArgumentsOfTools(t *testing.T) {
	t.Parallel()
	f := &tools{names: firstNames}
	first := agents.NewFirstPlatform(f)
	ctx := t.Context()
	long := strings.Repeat("x", 101)
	for name, tt := range map[string]struct {
		call func() error
		want []string
	}{
		"sales, nothing": {func() error {
			_, err := first.RegisterSales(ctx, agents.SalesParams{})
			return err
		}, []string{"endpoint_url", "name"}},
		"sales, everything": {func() error {
			_, err := first.RegisterSales(ctx,
				agents.SalesParams{EndpointURL: "ftp://a", Name: long, Protocol: "MCP", Auth: agents.OAuth(agents.OAuthParams{})})
			return err
		}, []string{"endpoint_url", "name", "protocol", "auth.issuer"}},
		"sales update": {
			func() error { return first.UpdateSales(ctx, "", agents.SalesUpdate{}) },
			[]string{"sales_agent_id", "arguments"},
		},
		"sales update, no auth": {func() error {
			return first.UpdateSales(ctx, "7", agents.SalesUpdate{Status: "active", Auth: agents.NoAuth()})
		}, []string{"auth"}},
		"sales unregister": {func() error { return first.UnregisterSales(ctx, "") }, []string{"sales_agent_id"}},
		"signals, nothing": {func() error {
			_, err := first.RegisterSignals(ctx, agents.SignalsParams{})
			return err
		}, []string{"name", "endpointUrl", "brandAgentId"}},
		"signals update": {func() error {
			return first.UpdateSignals(ctx, "", agents.SignalsUpdate{EndpointURL: "a.example"})
		}, []string{"agentId", "endpointUrl"}},
		"signals update, nothing": {
			func() error { return first.UpdateSignals(ctx, "7", agents.SignalsUpdate{}) },
			[]string{"arguments"},
		},
		"signals unregister": {func() error { return first.UnregisterSignals(ctx, "") }, []string{"agentId"}},
	} {
		assert.Equal(t, tt.want, issuesOf(t, tt.call()), name)
	}
	assert.Empty(t, f.called)
	assert.Zero(t, f.asked)
}

func TestToolsAreFoundInEverySpelling(t *testing.T) {
	t.Parallel()
	f := &tools{names: []string{"health", "Sales-Agents/list", "signals_agent/list"}, answer: `[]`}
	first := agents.NewFirstPlatform(f)
	for range 2 {
		_, err := first.ListSales(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "Sales-Agents/list", f.called)
		_, err = first.ListSignals(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "signals_agent/list", f.called)
	}
	assert.Equal(t, 1, f.asked, "what was found is not asked for again")
	err := first.UnregisterSales(t.Context(), "7")
	require.ErrorIs(t, err, client.ErrNoTool)
	require.ErrorIs(t, err, client.ErrNotImplemented)
	var missing *client.NoToolError
	require.ErrorAs(t, err, &missing)
	assert.Equal(t, []string{"sales_agents_unregister"}, missing.Wanted)
	require.ErrorContains(t, err, "sales_agents_unregister")
	assert.Equal(t, 2, f.asked, "what was not found may be there meanwhile")

	f.err = errors.New("no connection")
	require.ErrorIs(t, first.UnregisterSales(t.Context(), "7"), f.err)
}

func TestAnswersOfToolsInEveryShape(t *testing.T) {
	t.Parallel()
	one := []agents.SalesAgent{{
		AgentID: "7", Name: "n", EndpointURL: "https://a.example", Status: "active",
		Approval: agents.ApprovalOutOfBand,
	}}
	for _, body := range []string{
		`[{"id":7,"name":"n","endpoint_url":"https://a.example","status":"active"}]`,
		`{"agents":[{"agentId":"7","name":"n","endpointUrl":"https://a.example","status":"active"}],"count":1}`,
		`{"salesAgents":[{"sales_agent_id":"7","name":"n","endpoint_url":"https://a.example","status":"active",` +
			`"auth_config":{"token":"x"}}]}`,
		`{"data":[{"salesAgentId":7,"id":"8","name":"n","endpointUrl":"https://a.example","status":"active"}],` +
			`"success":true,"message":"m"}`,
	} {
		list, err := agents.NewFirstPlatform(&tools{names: firstNames, answer: body}).ListSales(t.Context())
		require.NoError(t, err, body)
		assert.Equal(t, one, list, body)
	}
	for _, body := range []string{
		`{"agentId":7,"customerId":"1"}`,
		`{"data":{"agentId":"7","customerId":1},"error":null}`,
	} {
		got, err := agents.NewFirstPlatform(&tools{names: firstNames, answer: body}).RegisterSales(t.Context(),
			agents.SalesParams{EndpointURL: premium.EndpointURL, Name: "n"})
		require.NoError(t, err, body)
		assert.Equal(t, &agents.SalesRegistration{AgentID: "7", CustomerID: "1", Approval: agents.ApprovalOutOfBand}, got)
	}
	for _, body := range []string{`{"agent":{"id":"7"}}`, `{"agentId":7}`, `{"agent_id":"7"}`} {
		got, err := agents.NewFirstPlatform(&tools{names: firstNames, answer: body}).RegisterSignals(t.Context(),
			agents.SignalsParams{Name: "n", EndpointURL: premium.EndpointURL, BrandAgentID: "1"})
		require.NoError(t, err, body)
		assert.Equal(t, client.ID("7"), got.AgentID)
	}
	for _, body := range []string{`{}`, `[]`, `"registered"`, `{"agentId":""}`} {
		first := agents.NewFirstPlatform(&tools{names: firstNames, answer: body})
		_, err := first.RegisterSales(t.Context(), agents.SalesParams{EndpointURL: premium.EndpointURL, Name: "n"})
		var unread *client.DecodeError
		require.ErrorAs(t, err, &unread, body)
		assert.True(t, unread.WriteSucceeded, "it may be registered")
		_, err = first.RegisterSignals(t.Context(),
			agents.SignalsParams{Name: "n", EndpointURL: premium.EndpointURL, BrandAgentID: "1"})
		require.ErrorAs(t, err, &unread, body)
	}
	for _, body := range []string{`{}`, `"none"`, `[1]`} {
		first := agents.NewFirstPlatform(&tools{names: firstNames, answer: body})
		var unread *client.DecodeError
		_, err := first.ListSales(t.Context())
		require.ErrorAs(t, err, &unread, body)
		assert.False(t, unread.WriteSucceeded, "nothing was written")
		_, err = first.ListSignals(t.Context())
		require.ErrorAs(t, err, &unread, body)
		assert.False(t, unread.WriteSucceeded)
	}
}

func TestSecretsThatToolsQuoteAreMasked(t *testing.T) {
	t.Parallel()
	f := &tools{names: firstNames}
	first := agents.NewFirstPlatform(f)
	f.answer = ""
	refusal := func() *client.APIError {
		return &client.APIError{
			Operation: "tools/call", StatusCode: 200, Code: "INVALID_REQUEST", Message: "bad " + kept,
			Suggestion: "not " + kept, Details: jsontext.Value(`{"k":"` + kept + `"}`),
			Issues: []client.Issue{{Path: "p", Message: kept}},
		}
	}
	for _, call := range []func() error{
		func() error {
			_, err := first.RegisterSales(t.Context(),
				agents.SalesParams{EndpointURL: premium.EndpointURL, Name: "n", Auth: agents.APIKey(kept)})
			return err
		},
		func() error {
			return first.UpdateSales(t.Context(), "7", agents.SalesUpdate{Auth: agents.Bearer(kept)})
		},
		func() error {
			return first.UpdateSignals(t.Context(), "7", agents.SignalsUpdate{Auth: agents.CustomHeader("x", kept)})
		},
	} {
		_, err := first.ListSales(t.Context()) // finds the tools
		require.Error(t, err)
		failure := refusal()
		f.err = errors.Join(errors.New("context"), failure)
		err = call()
		f.err = nil
		require.ErrorIs(t, err, client.ErrBadRequest)
		assert.False(t, shows(err.Error()+failure.Suggestion+string(failure.Details), kept))
	}
}

// FuzzToolAnswers gives any answer to the readers of the first platform's lists: they never panic, and what they take
// is the same when it is read again.
func FuzzToolAnswers(f *testing.F) {
	f.Add(`{"agents":[{"id":1,"name":"n"}]}`)
	f.Add(`[{"sales_agent_id":"7","registeredAt":"2026-04-26T16:30:05Z"}]`)
	f.Add(`{"success":true,"data":[{}]}`)
	f.Add(`[[1]]`)
	f.Add(`{"agents":[{"name":"\ud800"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		first := agents.NewFirstPlatform(&tools{names: firstNames, answer: body})
		sales, err := first.ListSales(t.Context())
		if err == nil {
			for _, agent := range sales {
				assert.Equal(t, agents.ApprovalOutOfBand, agent.Approval)
			}
		}
		signals, signalsErr := first.ListSignals(t.Context())
		assert.Equal(t, err == nil, signalsErr == nil)
		assert.Len(t, signals, len(sales))
	})
}
