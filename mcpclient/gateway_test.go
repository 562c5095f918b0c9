package mcpclient_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// byPathForm asks for the older form of the gateway, of which the published description is.
var byPathForm = mcpclient.WithGateway(mcpclient.GatewayByPath, "")

// A token made through the gateway is what REST sees, in both of the gateway's forms.
func TestCallAPIActsOnThePlatform(t *testing.T) {
	t.Parallel()
	for _, form := range []struct {
		name                      string
		server                    sandbox.GatewayForm
		option                    mcpclient.Option
		create, get, list         string
		sentCreate, sentGet, sent string
	}{
		{
			"operation", sandbox.GatewayOperation, nil, "create_service_token", "get_service_token", "list_service_tokens",
			`{"operation":"create_service_token","body":{"name":"by <MCP>","expiresInDays":30}}`,
			`{"operation":"get_service_token","pathParams":{"id":"ID"}}`,
			`{"operation":"list_service_tokens","params":{"take":"1"}}`,
		},
		{
			"path", sandbox.GatewayMethodPath, byPathForm, "POST /service-tokens", "GET /service-tokens/{id}", "GET /service-tokens",
			`{"method":"POST","path":"/service-tokens","body":{"name":"by <MCP>","expiresInDays":30}}`,
			`{"method":"GET","path":"/service-tokens/ID"}`,
			`{"method":"GET","path":"/service-tokens","query":{"take":"1"}}`,
		},
	} {
		t.Run(form.name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			srv := sandboxtest.Start(t, sandbox.WithMCPGateway(form.server))
			c := stageClient(t, srv.URL(), srv.AdminToken())
			s := stageSession(t, c, form.option)
			body := struct {
				Name string             `json:"name"`
				Days client.Field[int]  `json:"expiresInDays,omitzero"`
				Seat client.Field[bool] `json:"seatName,omitzero"`
			}{Name: "by <MCP>", Days: client.Set(30)}
			type answer struct {
				ID        client.ID `json:"id"`
				FullToken string    `json:"fullToken"`
			}
			created, err := mcpclient.CallAPI[answer](ctx, s, form.create, mcpclient.Request{Body: body})
			require.NoError(t, err)
			assert.Equal(t, compactJSON(t, form.sentCreate), compactJSON(t, stageArguments(t, srv, "api_call")))
			assert.True(t, srv.Authenticates(created.FullToken))
			assert.Equal(t, 1, srv.Effects("POST /api/v2/service-tokens"))

			id := map[string]string{"id": string(created.ID)}
			over, err := mcpclient.CallAPI[servicetokens.ServiceToken](ctx, s, form.get, mcpclient.Request{PathParams: id})
			require.NoError(t, err)
			want := strings.ReplaceAll(form.sentGet, "ID", string(created.ID))
			assert.Equal(t, compactJSON(t, want), compactJSON(t, stageArguments(t, srv, "api_call")))
			rest, err := servicetokens.New(c).Get(ctx, created.ID)
			require.NoError(t, err)
			assert.Equal(t, *rest, over)

			list, err := mcpclient.CallAPI[[]servicetokens.ServiceToken](ctx, s, form.list, mcpclient.Request{Params: map[string]string{"take": "1"}})
			require.NoError(t, err)
			assert.Equal(t, []servicetokens.ServiceToken{over}, list)
			assert.Equal(t, compactJSON(t, form.sent), compactJSON(t, stageArguments(t, srv, "api_call")))

			_, err = mcpclient.CallAPI[servicetokens.ServiceToken](ctx, s, form.get, mcpclient.Request{PathParams: map[string]string{"id": "404"}})
			require.ErrorIs(t, err, client.ErrNotFound)
			assert.Empty(t, srv.Violations())
		})
	}
}

func TestCallAPIRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	current := stageAdmin(t, srv)
	older := stageAdmin(t, srv, byPathForm)
	before := len(srv.Requests())
	id := func(v string) mcpclient.Request { return mcpclient.Request{PathParams: map[string]string{"id": v}} }
	for _, tt := range []struct {
		s         *mcpclient.Session
		operation string
		req       mcpclient.Request
		path      string // of the issue
	}{
		{current, "", mcpclient.Request{}, "operation"},
		{current, "listAdvertisers", mcpclient.Request{}, "operation"},
		{current, "GET /advertisers", mcpclient.Request{}, "operation"},
		{current, "list advertisers", mcpclient.Request{}, "operation"},
		{current, "get_service_token", id("../accounts/current"), "id"},
		{current, "get_service_token", id(""), "id"},
		{current, "create_service_token", mcpclient.Request{Body: make(chan int)}, "arguments"},
		{older, "", mcpclient.Request{}, "operation"},
		{older, "list_advertisers", mcpclient.Request{}, "operation"},
		{older, "get /advertisers", mcpclient.Request{}, "operation"},
		{older, "HEAD /advertisers", mcpclient.Request{}, "operation"},
		{older, "GET advertisers", mcpclient.Request{}, "operation"},
		{older, "GET /service-tokens/{id}", mcpclient.Request{}, "id"},
		{older, "GET /service-tokens", id("7"), "id"},
		{older, "GET /x/{seat}", mcpclient.Request{PathParams: map[string]string{"seat": "1", "Seat": "2"}}, "Seat"},
		{older, "GET /service-tokens/{id}", id("."), "id"},
		{older, "GET /service-tokens/{id}", id(".."), "id"},
		{older, "GET /service-tokens/{id}", id("7/../8"), "id"},
		{older, "GET /service-tokens/{id}", id("7%2f8"), "id"},
		{older, "GET /service-tokens/{id}", id("7?all=1"), "id"},
		{older, "GET /service-tokens/{id}", id("7#x"), "id"},
		{older, "GET /service-tokens/{id}", id("7\n"), "id"},
		{older, "GET /service-tokens/{id}", id("\xff"), "id"},
	} {
		_, err := mcpclient.CallAPI[struct{}](context.Background(), tt.s, tt.operation, tt.req)
		var refused *client.ParamError
		require.ErrorAs(t, err, &refused, tt.operation)
		require.Len(t, refused.Issues, 1, err)
		assert.Equal(t, tt.path, refused.Issues[0].Path, tt.operation)
		assert.Contains(t, err.Error(), "tools/call api_call: ")
	}
	assert.Len(t, srv.Requests(), before, "nothing was sent")
}

// What may stand in an id but not in a path is escaped; the template is left as it is.
func TestCallAPIEscapesIDs(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t, sandbox.WithMCPGateway(sandbox.GatewayMethodPath))
	srv.AllowViolations() // the path is not in the document
	s := stageAdmin(t, srv, byPathForm)
	_, err := mcpclient.CallAPI[struct{}](t.Context(), s, "DELETE /seats/{seat}/tokens/{id}", mcpclient.Request{
		PathParams: map[string]string{"seat": "a b", "id": `é"&{seat}`},
	})
	require.ErrorIs(t, err, client.ErrNotFound)
	const want = `{"method":"DELETE","path":"/seats/a%20b/tokens/%C3%A9%22&%7Bseat%7D"}`
	assert.Equal(t, compactJSON(t, want), compactJSON(t, stageArguments(t, srv, "api_call")))
}

// The gateway has another name on some servers; guards know it by that, too.
func TestCallAPIUnderAnotherName(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	s := stageAdmin(t, srv, mcpclient.WithGateway(mcpclient.GatewayByOperation, "buyer_api_call"), mcpclient.WithGuard(mcpclient.ReadOnly()))
	_, err := mcpclient.CallAPI[struct{}](t.Context(), s, "list_service_tokens", mcpclient.Request{})
	require.ErrorIs(t, err, client.ErrBadRequest, "the sandbox has no such tool")
	assert.Len(t, stageSent(srv, "tools/call buyer_api_call"), 1)
	_, err = mcpclient.CallAPI[struct{}](t.Context(), s, "create_service_token", mcpclient.Request{})
	require.ErrorIs(t, err, mcpclient.ErrRefused)
}

// A token that is created through the gateway keeps its secret: for the program it is a token, for a model it is masked.
func TestGatewayCreatesToken(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	s := stageAdmin(t, srv)
	created, err := mcpclient.CallAPI[servicetokens.Created](t.Context(), s, "create_service_token", mcpclient.Request{
		Body: servicetokens.CreateParams{Name: "by MCP", ExpiresInDays: 90},
	})
	require.NoError(t, err)
	assert.True(t, srv.Authenticates(created.Token.Reveal()))
	assert.Equal(t, created.AccessClientID, created.Token.ClientID())

	out := s.Dispatch(t.Context(), "api_call", []byte(`{"operation":"create_service_token","body":{"name":"by a model"}}`))
	require.NoError(t, out.Err)
	assert.Contains(t, out.Text, `"fullToken":"scope3_…"`)
	var full struct {
		Data struct {
			FullToken string `json:"fullToken"`
		} `json:"data"`
	}
	require.NoError(t, json.Unmarshal(out.Result().JSON(), &full))
	assert.True(t, srv.Authenticates(full.Data.FullToken))
	assert.NotContains(t, fmt.Sprintf("%+v", out), full.Data.FullToken)
}
