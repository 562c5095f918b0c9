package mcpclient_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/mcpclient"
)

// canaryText is longer than what decoders quote.
const canaryText = "canary canary canary canary canary canary canary canary"

// entryPoints are all that may fail of a session.
var entryPoints = map[string]func(context.Context, *mcpclient.Session) error{
	"CallTool": func(ctx context.Context, s *mcpclient.Session) error {
		_, err := mcpclient.CallTool[thing](ctx, s, "act", nil)
		return err
	},
	"CallTool string": func(ctx context.Context, s *mcpclient.Session) error {
		_, err := mcpclient.CallTool[string](ctx, s, "act", nil)
		return err
	},
	"ToolData": func(ctx context.Context, s *mcpclient.Session) error {
		_, err := s.ToolData(ctx, "act", nil)
		return err
	},
	"CallAPI": func(ctx context.Context, s *mcpclient.Session) error {
		_, err := mcpclient.CallAPI[thing](ctx, s, "list_advertisers", mcpclient.Request{})
		return err
	},
	"Tools": func(ctx context.Context, s *mcpclient.Session) error {
		for _, err := range s.Tools(ctx) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"Resources": func(ctx context.Context, s *mcpclient.Session) error {
		for _, err := range s.Resources(ctx) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"Prompts": func(ctx context.Context, s *mcpclient.Session) error {
		for _, err := range s.Prompts(ctx) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"ToolNames": func(ctx context.Context, s *mcpclient.Session) error { _, err := s.ToolNames(ctx); return err },
	"ToolDefinitions": func(ctx context.Context, s *mcpclient.Session) error {
		_, err := s.ToolDefinitions(ctx)
		return err
	},
	"Dispatch": func(ctx context.Context, s *mcpclient.Session) error { return s.Dispatch(ctx, "act", nil).Err },
	"ReadResource": func(ctx context.Context, s *mcpclient.Session) error {
		_, err := s.ReadResource(ctx, "ui://a")
		return err
	},
	"GetPrompt": func(ctx context.Context, s *mcpclient.Session) error {
		_, err := s.GetPrompt(ctx, "a", nil)
		return err
	},
	"Ping":   func(ctx context.Context, s *mcpclient.Session) error { return s.Ping(ctx) },
	"Ask":    func(ctx context.Context, s *mcpclient.Session) error { _, err := s.Ask(ctx, "?"); return err },
	"Health": func(ctx context.Context, s *mcpclient.Session) error { _, err := s.Health(ctx); return err },
	"CheckAuthStatus": func(ctx context.Context, s *mcpclient.Session) error {
		_, err := s.CheckAuthStatus(ctx)
		return err
	},
	"CurrentUser":    func(ctx context.Context, s *mcpclient.Session) error { _, err := s.CurrentUser(ctx); return err },
	"AcceptTerms":    func(ctx context.Context, s *mcpclient.Session) error { return s.AcceptTerms(ctx) },
	"SwitchCustomer": func(ctx context.Context, s *mcpclient.Session) error { return s.SwitchCustomer(ctx, 7) },
}

// requireSafeText checks what holds for the text of every error.
func requireSafeText(t *testing.T, err error, about ...any) {
	t.Helper()
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
		assert.LessOrEqual(t, strings.Count(text, "interchange: "), 1, about...)
		assert.NotContains(t, text, "\n", about...)
		assert.NotContains(t, text, "http://", about...)
		assert.Less(t, len(text), 2<<10, about...)
		var api *client.APIError
		if !errors.As(err, &api) { // which shows the platform's message
			assert.NotContains(t, text, "canary", about...)
		}
	}
}

func TestErrorTextsOfEveryEntryPointQuoteNothing(t *testing.T) {
	t.Parallel()
	allButPing := []string{"CallTool", "Tools", "ReadResource", "GetPrompt", "Resources", "Prompts", "ToolDefinitions"}
	for name, tt := range map[string]struct {
		result string // of every method
		fails  []string
	}{
		"text":       {`"result":"` + canaryText + `"`, allButPing},
		"list":       {`"result":["` + canaryText + `"]`, allButPing},
		"tools":      {`"result":{"tools":"` + canaryText + `"}`, []string{"Tools", "ToolNames", "CheckAuthStatus"}},
		"resources":  {`"result":{"resources":"` + canaryText + `"}`, []string{"Resources"}},
		"prompts":    {`"result":{"prompts":"` + canaryText + `"}`, []string{"Prompts"}},
		"contents":   {`"result":{"contents":"` + canaryText + `"}`, []string{"ReadResource"}},
		"messages":   {`"result":{"messages":"` + canaryText + `"}`, []string{"GetPrompt"}},
		"cursor":     {`"result":{"tools":[],"nextCursor":["` + canaryText + `"]}`, []string{"Tools"}},
		"isError":    {`"result":{"isError":"` + canaryText + `"}`, []string{"CallTool"}},
		"tool text":  {`"result":` + textBlock(canaryText), []string{"CallTool", "ToolData"}},
		"error text": {`"error":"` + canaryText + `"`, nil},
		"closing":    {`"error":{"code":-32003,"message":"` + canaryText + `"}`, []string{"CallTool", "Tools"}},
		"deep": {
			`"result":{"tools":[{"name":"a","inputSchema":` + deepSchema(600) + `}]}`, []string{"Tools", "ToolDefinitions"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := stageScript(t, func(string, json.RawMessage) string { return tt.result })
			s := stageSession(t, stageClient(t, url, opaqueSecret))
			failed := make(map[string]error)
			for entry, call := range entryPoints {
				if err := call(t.Context(), s); err != nil {
					failed[entry] = err
					requireSafeText(t, err, entry)
				}
			}
			for _, entry := range tt.fails {
				require.Error(t, failed[entry], entry)
			}
		})
	}
}

// deepSchema is a schema of nested objects.
func deepSchema(levels int) string {
	return strings.Repeat(`{"type":"object","properties":{"canary":`, levels) + `{}` + strings.Repeat(`}}`, levels)
}

func TestDeepSchemaIsADecodeError(t *testing.T) {
	t.Parallel()
	for _, levels := range []int{600, 4_000, 20_000} {
		url := stageScript(t, func(string, json.RawMessage) string {
			return `"result":{"tools":[{"name":"a","inputSchema":` + deepSchema(levels) + `}]}`
		})
		s := stageSession(t, stageClient(t, url, opaqueSecret))
		_, err := s.ToolDefinitions(t.Context())
		var unread *client.DecodeError
		require.ErrorAs(t, err, &unread, levels)
		requireSafeText(t, err)
		assert.False(t, unread.WriteSucceeded)
	}
}

func TestToolResultMayBeDeep(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 600) + `1` + strings.Repeat(`}`, 600)
	for _, result := range []string{structured(deep), textBlock(deep)} {
		data, err := readsAndActs(t, result).ToolData(t.Context(), "act", nil)
		require.NoError(t, err)
		assert.Equal(t, deep, string(data))
	}
}

func TestErrorTextsOfConnectQuoteNothing(t *testing.T) {
	t.Parallel()
	for name, result := range map[string]string{
		"text":    `"result":"` + canaryText + `"`,
		"list":    `"result":["` + canaryText + `"]`,
		"version": `"result":{"protocolVersion":"` + canaryText + `","capabilities":{}}`,
		"error":   `"error":{"code":"x","message":"m","data":"` + canaryText + `"}`,
		"nothing": `"other":"` + canaryText + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.handle = map[string]func(http.ResponseWriter, *http.Request, string){
				"initialize": func(w http.ResponseWriter, _ *http.Request, id string) {
					sayJSON(w, `{"jsonrpc":"2.0","id":`+id+`,`+result+`}`)
				},
			}
			_, err := mcpclient.Connect(t.Context(), p.client(), mcpclient.WithProtocolVersion(withSessions))
			require.Error(t, err)
			requireSafeText(t, err)
		})
	}
}

func TestErrorTextsOfABrokenPlatform(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(w http.ResponseWriter, id string){
		"502":         func(w http.ResponseWriter, _ string) { http.Error(w, canaryText, http.StatusBadGateway) },
		"page":        func(w http.ResponseWriter, _ string) { _, _ = io.WriteString(w, "<html>"+canaryText) },
		"cut stream":  func(w http.ResponseWriter, _ string) { say(w, "data: {\"canary\"") },
		"not an SSE":  func(w http.ResponseWriter, _ string) { say(w, "data: "+canaryText+" {\n\n") },
		"hijack":      func(w http.ResponseWriter, _ string) { panic(http.ErrAbortHandler) },
		"wrong reply": func(w http.ResponseWriter, _ string) { sayJSON(w, `{"jsonrpc":"2.0","id":"canary","result":{}}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t)
			p.call = func(w http.ResponseWriter, _ *http.Request, id string, _ int) { call(w, id) }
			s := p.connect()
			for _, entry := range []string{"CallTool", "CallAPI", "Dispatch", "Ask", "AcceptTerms", "SwitchCustomer"} {
				err := entryPoints[entry](t.Context(), s)
				require.Error(t, err, entry)
				requireSafeText(t, err, entry)
				if errors.Is(err, client.ErrOutcomeUnknown) {
					requireNotRepeatable(t, err, entry)
				}
			}
		})
	}
}

// requireNotRepeatable checks that no host takes an error for one after which it may repeat the call.
func requireNotRepeatable(t *testing.T, err error, about ...any) {
	t.Helper()
	for _, retried := range []error{
		io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, mcp.ErrConnectionClosed, mcp.ErrSessionMissing,
	} {
		assert.NotErrorIs(t, err, retried, about...)
	}
}

func TestErrorTextsAfterClose(t *testing.T) {
	t.Parallel()
	s := stageAdmin(t, sandboxtest.Start(t))
	require.NoError(t, s.Close(context.Background()))
	for entry, call := range entryPoints {
		err := call(t.Context(), s)
		require.ErrorIs(t, err, mcpclient.ErrClosed, entry)
		requireSafeText(t, err, entry)
	}
}

func TestErrorTextsOfAHookAreNotPrefixedTwice(t *testing.T) {
	t.Parallel()
	srv := sandboxtest.Start(t)
	s := stageAdmin(t, srv, mcpclient.WithProtocolVersion(mcpclient.ProtocolSessions),
		mcpclient.OnReconnect(func(ctx context.Context, r mcpclient.Reconnection) error {
			_, err := mcpclient.CallTool[thing](ctx, r.Session, "", nil)
			return fmt.Errorf("hook: %w", errors.Join(err, mcpclient.ErrClosed))
		}))
	srv.DropSessions()
	err := entryPoints["Health"](t.Context(), s)
	require.Error(t, err)
	assert.Equal(t, 1, strings.Count(err.Error(), "interchange: "), err.Error())
}

func TestErrorTextsOfOptionsAreOneLine(t *testing.T) {
	t.Parallel()
	_, err := mcpclient.Connect(t.Context(), stageClient(t, "http://127.0.0.1:1", opaqueSecret),
		mcpclient.WithMaxEvent(0), mcpclient.WithCallTimeout(0), mcpclient.WithClientInfo("", ""))
	require.Error(t, err)
	requireSafeText(t, err)
	assert.Equal(t, 2, strings.Count(err.Error(), "; "), err.Error())
}
