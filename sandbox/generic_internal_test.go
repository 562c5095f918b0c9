package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// widgets is a document with one resource of every role.
const widgets = `
openapi: 3.0.3
info: {title: Widgets, version: "1"}
security: [{bearer: []}]
paths:
  /api/v2/shelves:
    get:
      operationId: listShelves
      parameters:
        - {name: page, in: query, schema: {type: integer, minimum: 1}}
        - {name: pageSize, in: query, schema: {type: integer, minimum: 1, default: 10}}
      responses:
        default: {$ref: '#/components/responses/Failure'}
        '200': {description: ok, content: {application/json: {schema: {allOf: [
          {$ref: '#/components/schemas/Envelope'}, {
          properties: {data: {type: object, required: [shelves, total, page], properties: {
            shelves: {type: array, items: {$ref: '#/components/schemas/Shelf'}},
            total: {type: integer}, page: {type: integer}, totalPages: {type: integer}}}}}]}}}}
  /api/v2/shelves/{shelfId}:
    get:
      operationId: getShelf
      parameters: [{name: shelfId, in: path, required: true, schema: {type: string}}]
      responses:
        default: {$ref: '#/components/responses/Failure'}
        '200': {description: ok, content: {application/json: {schema: {allOf: [
          {$ref: '#/components/schemas/Envelope'}, {
          properties: {data: {$ref: '#/components/schemas/Shelf'}}}]}}}}
  /api/v2/shelves/{shelfId}/widgets:
    parameters: [{name: shelfId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: listWidgets
      parameters:
        - {name: status, in: query, schema: {type: string}}
        - {name: includeArchived, in: query, schema: {type: boolean}}
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, default: 2}}
      responses:
        default: {$ref: '#/components/responses/Failure'}
        '200': {description: ok, content: {application/json: {schema: {allOf: [
          {$ref: '#/components/schemas/Envelope'}, {
          properties: {data: {type: object, required: [items, nextCursor], properties: {
            items: {type: array, items: {$ref: '#/components/schemas/Widget'}},
            nextCursor: {type: string, nullable: true}}}}}]}}}}
    post:
      operationId: createWidget
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/WidgetCreate'}}}}
      responses:
        default: {$ref: '#/components/responses/Failure'}
        '201': {description: ok, content: {application/json: {schema: {allOf: [
          {$ref: '#/components/schemas/Envelope'}, {
          properties: {data: {$ref: '#/components/schemas/Widget'}}}]}}}}
  /api/v2/shelves/{shelfId}/widgets/{widgetId}:
    parameters:
      - {name: shelfId, in: path, required: true, schema: {type: string}}
      - {name: widgetId, in: path, required: true, schema: {type: string}}
    get: &item
      operationId: getWidget
      responses: &widget
        default: {$ref: '#/components/responses/Failure'}
        '200': {description: ok, content: {application/json: {schema: {allOf: [
          {$ref: '#/components/schemas/Envelope'}, {
          properties: {data: {type: object, required: [widget], properties: {
            widget: {$ref: '#/components/schemas/Widget'}}}}}]}}}}
    patch:
      operationId: updateWidget
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/WidgetCreate'}}}}
      responses: *widget
    delete:
      operationId: archiveWidget
      responses: {'204': {description: gone}, default: {$ref: '#/components/responses/Failure'}}
  /api/v2/shelves/{shelfId}/widgets/{widgetId}/pause:
    parameters:
      - {name: shelfId, in: path, required: true, schema: {type: string}}
      - {name: widgetId, in: path, required: true, schema: {type: string}}
    post:
      operationId: pauseWidget
      responses: *widget
  /api/v2/settings:
    get:
      operationId: getSettings
      responses: &settings
        default: {$ref: '#/components/responses/Failure'}
        '200': {description: ok, content: {application/json: {schema: {type: object, required: [theme], properties: {
          theme: {type: string, enum: [light, dark]}, code: {type: string, pattern: '^[A-Z]{2}-\d+$'}}}}}}
    put:
      operationId: putSettings
      requestBody: {content: {application/json: {schema: {type: object, properties: {
        theme: {type: string, enum: [light, dark]}}}}}}
      responses: *settings
  /api/v2/report.pdf:
    get:
      operationId: getReport
      responses: {'200': {description: ok, content: {application/pdf: {schema: {type: string, format: binary}}}}}
components:
  responses:
    Failure: {description: failed, content: {application/json: {schema: {type: object, required: [error]}}}}
  schemas:
    Envelope: {type: object, required: [data, error], properties: {data: {}, error: {type: object, nullable: true}}}
    Shelf: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string, minLength: 3}}}
    WidgetCreate: {type: object, properties: {
      widgetId: {type: string}, name: {type: string, minLength: 1}, size: {$ref: '#/components/schemas/Size'}}}
    Size: {type: object, properties: {width: {type: integer}, height: {type: integer}}}
    Widget:
      type: object
      required: [widgetId, shelfId, name, status, createdAt]
      properties:
        widgetId: {type: string}
        shelfId: {type: string}
        name: {type: string}
        status: {type: string, enum: [DRAFT, ACTIVE, PAUSED, ARCHIVED]}
        size: {$ref: '#/components/schemas/Size'}
        parts: {type: array, minItems: 1, items: {oneOf: [{type: string, maxLength: 4}, {type: integer}]}}
        createdAt: {type: string, format: date-time}
`

type genericTest struct {
	t   *testing.T
	srv *Server
}

func startWidgets(t *testing.T, opts ...Option) genericTest {
	t.Helper()
	srv, err := start(func() (*contract, error) { return readContract("widgets", []byte(widgets), nil) }, opts)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.Empty(t, srv.Violations())
		require.NoError(t, srv.Close())
	})
	return genericTest{t, srv}
}

// send sends a request and returns the status and the payload.
func (g genericTest) send(token, method, path, body string) (int, any) {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.srv.URL()+"/api/v2"+path, strings.NewReader(body))
	require.NoError(g.t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := g.srv.HTTPClient().Do(req)
	require.NoError(g.t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	require.NoError(g.t, err)
	var value any
	if resp.Header.Get("Content-Type") == jsonType {
		require.NoError(g.t, json.Unmarshal(data, &value))
		if o, ok := value.(record); ok && o["data"] != nil {
			value = o["data"]
		}
	}
	return resp.StatusCode, value
}

func (g genericTest) admin(method, path, body string, status int) record {
	g.t.Helper()
	got, value := g.send(g.srv.AdminToken(), method, path, body)
	require.Equal(g.t, status, got, value)
	o, _ := value.(record)
	return o
}

func names(page record) (all []any) {
	for _, one := range page["items"].([]any) {
		all = append(all, one.(record)["name"])
	}
	return all
}

func TestGenericItemsKeepState(t *testing.T) {
	t.Parallel()
	g := startWidgets(t)
	const path = "/shelves/1001/widgets"
	require.Empty(t, names(g.admin("GET", path, "", 200)))

	one := g.admin("POST", path, `{"name":"one","size":{"width":1,"height":2}}`, 201)
	require.Equal(t, "1001", one["shelfId"])
	require.Equal(t, record{"width": 1.0, "height": 2.0}, one["size"])
	id := path + "/" + one["widgetId"].(string)
	require.Equal(t, record{"widget": one}, g.admin("GET", id, "", 200))

	changed := g.admin("PATCH", id, `{"size":{"width":7}}`, 200)["widget"].(record)
	require.Equal(t, record{"width": 7.0, "height": 2.0}, changed["size"], "a merge patch")
	require.Equal(t, "one", changed["name"])
	require.Equal(t, "PAUSED", g.admin("POST", id+"/pause", "", 200)["widget"].(record)["status"])
	require.Equal(t, []any{"one"}, names(g.admin("GET", path+"?status=PAUSED", "", 200)))
	require.Empty(t, names(g.admin("GET", path+"?status=ACTIVE", "", 200)))

	g.admin("DELETE", id, "", 204)
	require.Empty(t, names(g.admin("GET", path, "", 200)))
	require.Equal(t, []any{"one"}, names(g.admin("GET", path+"?includeArchived=true", "", 200)))
	require.Equal(t, "ARCHIVED", g.admin("GET", id, "", 200)["widget"].(record)["status"])
	g.admin("DELETE", id, "", 404)
	g.admin("PATCH", id, `{"name":"two"}`, 409)
	require.Equal(t, 1, g.srv.Effects("DELETE /api/v2/shelves/{shelfId}/widgets/{widgetId}"))
}

func TestGenericErrors(t *testing.T) {
	t.Parallel()
	g := startWidgets(t)
	g.admin("GET", "/shelves/1/widgets", "", 404)
	g.admin("POST", "/shelves/1/widgets", `{"name":"one"}`, 404)
	g.admin("GET", "/shelves/1001/widgets/widget_1001", "", 404)
	g.admin("POST", "/shelves/1001/widgets", `{"widgetId":"mine"}`, 201)
	g.admin("POST", "/shelves/1001/widgets", `{"widgetId":"mine"}`, 409)
	require.Equal(t, "mine", g.admin("GET", "/shelves/1001/widgets/mine", "", 200)["widget"].(record)["widgetId"])
}

func TestGenericListsArePaged(t *testing.T) {
	t.Parallel()
	g := startWidgets(t, WithRecords(25))
	for page, want := range map[string]int{"1": 10, "2": 10, "3": 5, "4": 0} {
		shelves := g.admin("GET", "/shelves?page="+page, "", 200)
		require.Len(t, shelves["shelves"], want)
		require.InDelta(t, 25, shelves["total"], 0)
		require.InDelta(t, 3, shelves["totalPages"], 0)
	}
	const path = "/shelves/1001/widgets"
	for _, name := range []string{"a", "b", "c"} {
		g.admin("POST", path, `{"name":"`+name+`"}`, 201)
	}
	first := g.admin("GET", path, "", 200)
	require.Equal(t, []any{"a", "b"}, names(first))
	last := g.admin("GET", path+"?cursor="+first["nextCursor"].(string), "", 200)
	require.Equal(t, []any{"c"}, names(last))
	require.Nil(t, last["nextCursor"])
}

func TestSeatSeesOnlyItsOwnRecords(t *testing.T) {
	t.Parallel()
	g := startWidgets(t, WithAccounts(Account{ID: 1}, Account{ID: 2}),
		WithSeats(Seat{ID: "s1", Name: "A"}, Seat{ID: "s2", Name: "B"}))
	const path = "/shelves/1001/widgets"
	token := func(grant Grant) string {
		token, _, err := g.srv.Grant(grant)
		require.NoError(t, err)
		return token
	}
	first, second := token(Grant{SeatID: "s1", Role: RoleReadWrite}), token(Grant{SeatID: "s2", Role: RoleReadWrite})
	_, created := g.send(first, "POST", path, `{"name":"one"}`)
	id := path + "/" + created.(record)["widgetId"].(string)
	for token, want := range map[string]int{
		first: 200, second: 404, g.srv.AdminToken(): 200, token(Grant{Account: 2}): 404,
	} {
		status, _ := g.send(token, "GET", id, "")
		require.Equal(t, want, status)
		_, list := g.send(token, "GET", path, "")
		require.Len(t, list.(record)["items"], (404-want)/204)
	}
}

func TestGenericSingleObjects(t *testing.T) {
	t.Parallel()
	g := startWidgets(t)
	settings := g.admin("GET", "/settings", "", 200)
	require.Equal(t, "light", settings["theme"])
	require.Regexp(t, `^[A-Z]{2}-\d+$`, settings["code"])
	g.admin("PUT", "/settings", `{"theme":"dark"}`, 200)
	require.Equal(t, "dark", g.admin("GET", "/settings", "", 200)["theme"])
	g.admin("GET", "/report.pdf", "", 200)
}

func TestUndeclaredQueryParameterIsViolation(t *testing.T) {
	t.Parallel()
	srv, err := start(func() (*contract, error) { return readContract("widgets", []byte(widgets), nil) }, nil)
	require.NoError(t, err)
	defer srv.Close()
	g := genericTest{t, srv}
	g.admin("GET", "/settings?shiny=yes", "", 200)
	require.Len(t, srv.Violations(), 1)
	require.Contains(t, srv.Violations()[0], "shiny")
}

// Operations without an action work next to those that have one, whose items are not in the store.
func TestGenericOperationsBelowHandWrittenItems(t *testing.T) {
	t.Parallel()
	actions := map[string]action{
		"getShelf": {do: func(p *platform, _ *call) reply {
			return p.cfg.respond(http.StatusOK, record{"id": 1, "name": "one"})
		}},
		"getWidget": {do: func(*platform, *call) reply { return notFound("There is no such widget") }},
	}
	srv, err := start(func() (*contract, error) { return readContract("widgets", []byte(widgets), actions) }, nil)
	require.NoError(t, err)
	defer srv.Close()
	g := genericTest{t, srv}
	g.admin("GET", "/shelves/mine/widgets", "", 200)
	g.admin("PATCH", "/shelves/mine/widgets/1", `{"name":"one"}`, 200)
	g.admin("POST", "/shelves/mine/widgets/1/pause", "", 200)
	require.Empty(t, srv.Violations())
}
