package operation_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/operation"
)

var (
	op     = client.Operation{ID: "updateGear", Method: http.MethodPut, Mount: client.MountBuyer, Path: "/gears/{id}"}
	schema = operation.Schema{
		Path:  []check.Field{{Name: "id", Rule: &check.Rule{MaxSize: 3}}},
		Query: []check.Field{{Name: "mode", Rule: &check.Rule{Enum: []string{"fast"}}}},
		Body: &check.Rule{Fields: []check.Field{{
			Name: "teeth", Rule: &check.Rule{Min: &check.Limit{Value: 3}},
			Required: true,
		}}},
	}
)

type gear struct {
	ID    client.ID `json:"id,omitzero"`
	Teeth float64   `json:"teeth"`
}

// answering returns a client whose responses are the given one, and the bodies that it has sent.
func answering(t *testing.T, media, response string) (*client.Client, *[]string) {
	t.Helper()
	var sent []string
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		var body []byte
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
		}
		sent = append(sent, string(body))
		resp := httpmock.NewStringResponse(http.StatusOK, response)
		resp.Header.Set("Content-Type", media)
		return resp, nil
	})
	token, err := client.ParseOpaqueToken("a-token")
	require.NoError(t, err)
	c, err := client.New(client.WithToken(token), client.WithTransport(mock))
	require.NoError(t, err)
	return c, &sent
}

func TestCallSendsWhatWasChecked(t *testing.T) {
	t.Parallel()
	c, sent := answering(t, "application/json", `{"data":{"id":"7","teeth":4}}`)
	req := client.Request{Path: []string{"7"}, Body: gear{Teeth: 4}}
	got, err := operation.Call[gear](t.Context(), c, &op, &schema, req, nil)
	require.NoError(t, err)
	assert.Equal(t, gear{ID: "7", Teeth: 4}, *got)
	raw, err := operation.Raw(t.Context(), c, &op, &schema, req, nil)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"7","teeth":4}`, string(raw))
	require.NoError(t, operation.Send(t.Context(), c, &op, nil, client.Request{Path: []string{"7"}}, nil))
	assert.Equal(t, []string{`{"teeth":4}`, `{"teeth":4}`, ""}, *sent)
}

func TestCallReportsAllProblemsAndSendsNothing(t *testing.T) {
	t.Parallel()
	c, sent := answering(t, "application/json", `{}`)
	req := client.Request{Path: []string{"1234"}, Query: map[string][]string{"mode": {"slow"}}, Body: gear{Teeth: 2}}
	const want = "interchange: updateGear: id must have at most 3 characters, has 4; mode must be one of fast; " +
		"teeth must be at least 3"
	_, err := operation.Call[gear](t.Context(), c, &op, &schema, req, nil)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	require.EqualError(t, err, want)
	_, err = operation.Raw(t.Context(), c, &op, &schema, req, nil)
	require.EqualError(t, err, want)
	_, err = operation.Download(t.Context(), c, &op, &schema, req, nil)
	require.EqualError(t, err, want)
	require.EqualError(t, operation.Send(t.Context(), c, &op, &schema, req, nil), want)
	_, err = operation.Call[gear](t.Context(), c, &op, &schema, client.Request{Path: []string{"1"}, Body: func() {}}, nil)
	require.ErrorContains(t, err, "body cannot be encoded as JSON")
	assert.Empty(t, *sent)
}

func TestDownloadStreams(t *testing.T) {
	t.Parallel()
	c, _ := answering(t, "application/pdf", "%PDF-1.7")
	get := client.Operation{ID: "printGear", Mount: client.MountBuyer, Path: "/gears.pdf"}
	file, err := operation.Download(t.Context(), c, &get, nil, client.Request{Accept: "application/pdf"}, nil)
	require.NoError(t, err)
	content, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	assert.Equal(t, "%PDF-1.7", string(content))
}

func TestNilClient(t *testing.T) {
	t.Parallel()
	_, err := operation.Call[gear](t.Context(), nil, &op, nil, client.Request{Path: []string{"1"}}, nil)
	require.ErrorIs(t, err, client.ErrInvalidParams)
	_, err = operation.Download(t.Context(), nil, &op, nil, client.Request{Path: []string{"1"}}, nil)
	require.ErrorIs(t, err, client.ErrInvalidParams)
}

func TestRequireID(t *testing.T) {
	t.Parallel()
	require.NoError(t, operation.RequireID("1"))
	require.EqualError(t, operation.RequireID(""), "the response has no id")
}
