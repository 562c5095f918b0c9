package guarantees

import (
	"context"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
)

// node is a resource that contains others.
type node struct {
	ID       client.ID       `json:"id"`
	Name     string          `json:"name"`
	Count    int64           `json:"count"`
	Share    float64         `json:"share"`
	Tags     []string        `json:"tags"`
	Labels   map[string]any  `json:"labels"`
	Children []node          `json:"children"`
	Parent   *node           `json:"parent"`
	Raw      jsontext.Value  `json:"raw"`
	Any      any             `json:"any"`
	Settings map[string]node `json:"settings"`
	More     [40]string      `json:"more"`
}

var (
	getNode   = client.Operation{ID: "nodes.Get", Mount: client.MountBuyer, Path: "/node"}
	postNode  = client.Operation{ID: "nodes.Post", Method: http.MethodPost, Mount: client.MountBuyer, Path: "/node"}
	allNodes  = client.Operation{ID: "nodes.All", Mount: client.MountBuyer, Path: "/nodes", Items: "items"}
	pageNodes = client.Operation{
		ID: "nodes.Page", Mount: client.MountBuyer, Path: "/nodes", Items: "items", Paging: client.PagingTakeSkip, MaxPage: 100,
	}
)

func get[T any](ctx context.Context, p *peer) error {
	_, err := client.Call[T](ctx, p.client, &getNode, client.Request{})
	return err
}

func getOf(name string) func(context.Context, *peer) error {
	switch name {
	case "Get":
		return get[node]
	case "Get of any":
		return get[any]
	case "Get of a map":
		return get[map[string]any]
	case "Get of raw JSON":
		return get[jsontext.Value]
	case "call without a result":
		return func(ctx context.Context, p *peer) error {
			_, err := client.Call[struct{}](ctx, p.client, &postNode, client.Request{})
			return err
		}
	case "Do":
		return func(ctx context.Context, p *peer) error {
			_, err := p.client.Do(ctx, &getNode, client.Request{})
			return err
		}
	case "list":
		return listOf(&allNodes)
	case "paged list":
		return listOf(&pageNodes)
	}
	panic(name)
}

func listOf(op *client.Operation) func(context.Context, *peer) error {
	return func(ctx context.Context, p *peer) error {
		for _, err := range client.All[node](ctx, p.client, op, client.Request{}, "") {
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// shapes are JSON of all kinds. Each is the value of a member that the type does or does not have.
var shapes = []struct {
	name string
	text text
}{
	{"empty children", text{`"children":[`, `{},`, `{}]`}},
	{"children", text{`"children":[`, `{"id":%d},`, `{}]`}},
	{"null children", text{`"children":[`, `null,`, `null]`}},
	{"parents", text{`"children":[`, `{"parent":{"parent":{}}},`, `{}]`}},
	{"children in any", text{`"any":[`, `{"a":{}},`, `{}]`}},
	{"arrays in any", text{`"any":[`, `[],`, `[]]`}},
	{"numbers in any", text{`"any":[`, `1,`, `1]`}},
	{"deep arrays", text{`"any":`, `[`, ``}},
	{"deep objects", text{`"any":`, `{"a":`, ``}},
	{"deep unknown objects", text{`"unknown":`, `{"a":`, ``}},
	{"deep parents", text{``, `"parent":{`, ``}},
	{"unknown objects", text{`"unknown":[`, `{},`, `{}]`}},
	{"labels", text{`"labels":{`, `"%d":0,`, `"":0}`}},
	{"settings", text{`"settings":{`, `"%d":{},`, `"":{}}`}},
	{"members", text{``, `"%d":0,`, `"":0`}},
	{"members below", text{`"unknown":{`, `"%d":0,`, `"":0}`}},
	{"one member again and again", text{``, `"a":0,`, `"a":0`}},
	{"tags", text{`"tags":[`, `"",`, `""]`}},
	{"long text", text{`"name":"`, `x`, `"`}},
	{"long id", text{`"id":"`, `x`, `"`}},
	{"escapes", text{`"name":"`, `\u00e9`, `"`}},
	{"escaped quotes", text{`"name":"`, `\"`, `"`}},
	{"invalid UTF-8", text{`"name":"`, "\xff", `"`}},
	{"long name", text{`"`, `x`, `":0`}},
	{"long integer", text{`"count":`, `1`, ``}},
	{"long fraction", text{`"share":0.`, `1`, ``}},
	{"long number as text", text{`"count":"`, `1`, `"`}},
	{"raw", text{`"raw":[`, `{},`, `{}]`}},
	{"spaces", text{``, ` `, `"a":0`}},
	{"tokens", text{`"name":"`, `scope3_a `, `"`}},
	{"text before what cannot be read", text{`"name":"`, `x`, `","count":"never"`}},
}

func responseBombs() []bomb {
	var all []bomb
	for _, s := range shapes {
		object := text{`{"id":"1",` + s.text.head, s.text.unit, s.text.tail + `}`}
		data := text{`{"data":` + object.head, object.unit, object.tail + `}`}
		list := text{`{"data":{"items":[` + object.head, object.unit, object.tail + `]}}`}
		all = append(all,
			bomb{name: "Get/" + s.name, serve: sends(200, size, data), call: getOf("Get")},
			bomb{name: "paged list/" + s.name, serve: sends(200, size, list), call: getOf("paged list")},
			bomb{name: "call without a result/" + s.name, serve: sends(200, size, object), call: getOf("call without a result")},
		)
		if s.name != "children" { // which "list/items" is like
			all = append(all, bomb{name: "list/" + s.name, serve: sends(200, size, list), call: getOf("list")})
		}
	}
	for _, kind := range []string{"Get of any", "Get of a map", "Get of raw JSON", "Do"} {
		for _, s := range shapes[:17] {
			object := text{`{"id":"1",` + s.text.head, s.text.unit, s.text.tail + `}`}
			all = append(all, bomb{name: kind + "/" + s.name, serve: sends(200, size, object), call: getOf(kind)})
		}
	}
	items := func(unit, tail string) text { return text{`{"items":[`, unit, tail} }
	for _, kind := range []string{"paged list", "Get"} {
		all = append(all,
			bomb{name: kind + "/items", serve: sends(200, size, items(`{"id":1},`, `{}]}`)), call: getOf(kind)},
			bomb{name: kind + "/endless items", serve: sends(200, endless, items(`{"id":1},`, `{}]}`)), call: getOf(kind)},
			bomb{name: kind + "/endless text", serve: sends(200, endless, text{`{"id":"`, `x`, ``}), call: getOf(kind)},
			bomb{name: kind + "/cursor", serve: sends(200, size, text{`{"items":[{"id":"1"}],"total":9,"nextCursor":"`, `x`, `"}`}), call: getOf(kind)},
			bomb{name: kind + "/total", serve: sends(200, size, text{`{"items":[{"id":"1"}],"total":`, `1`, `}`}), call: getOf(kind)},
			bomb{name: kind + "/pagination", serve: sends(200, size, text{`{"items":[],"pagination":{`, `"%d":1,`, `"a":1}}`}), call: getOf(kind)},
			bomb{name: kind + "/HTML", serve: sends(200, size, text{`<html>`, `<p>`, `</html>`}), call: getOf(kind)},
			bomb{name: kind + "/no JSON", serve: sends(200, size, text{`x`, `x`, `x`}), call: getOf(kind)},
		)
	}
	all = append(all,
		bomb{name: "list/items", serve: sends(200, size, items(`{"id":1},`, `{}]}`)), call: getOf("list")},
		bomb{name: "Do/largest", serve: sends(200, 32<<20-1, text{``, `x`, ``}), call: getOf("Do")},
		bomb{name: "Do/endless", serve: sends(200, endless, text{``, `x`, ``}), call: getOf("Do")},
		bomb{name: "campaigns", serve: sends(200, size, text{`{"data":{"campaigns":[`, `{"campaignId":"1"},`, `{}]}}`}), call: campaigns},
		bomb{name: "campaigns in full", serve: sends(200, size, text{`{"data":{"campaigns":[`, `{"campaignId":"%[1]d","name":"%[1]d"},`, `{}]}}`}), call: campaigns},
	)
	return all
}

func campaigns(ctx context.Context, p *peer) error {
	for _, err := range buyer.New(p.client).Campaigns.All(ctx, buyer.CampaignListParams{}) {
		if err != nil {
			return err
		}
	}
	return nil
}
