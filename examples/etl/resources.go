package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
)

// resource is one file of a run. Its pages can be read from any page token on.
type resource struct {
	name  string
	pages func(ctx context.Context, from client.PageToken) pages
}

// pages hold raw JSON: a warehouse stores every field, even those without a Go type.
type pages = iter.Seq2[*client.Page[jsontext.Value], error]

// puller makes the resources of one account.
type puller struct {
	client *client.Client
	job    settings
	ops    map[string]client.Operation
}

func newPuller(c *client.Client, job settings) *puller {
	p := &puller{client: c, job: job, ops: make(map[string]client.Operation)}
	for _, op := range buyer.Operations() {
		p.ops[op.ID] = op
	}
	return p
}

// stages returns the resources in the order of their dependencies: a later stage reads ids from the files of an earlier
// one.
func (p *puller) stages() [][]resource {
	return [][]resource{
		{
			p.list("advertisers", "listAdvertisers", url.Values{"status": {"ALL"}}),
			p.list("campaigns", "listCampaigns", nil),
			p.list("storefronts", "listStorefronts", nil),
			p.list("notifications", "listNotifications", nil),
			p.list("audit_logs", "listBuyerAuditLogs", p.since("startDate", time.DateOnly)),
			p.list("activity_calls", "listActivityCalls", p.since("startTime", time.RFC3339)),
			{name: "report", pages: p.report},
		},
		{
			p.listOf("creatives", "listAdvertiserCreatives", "advertisers", "id"),
			p.listOf("audiences", "listAudiences", "advertisers", "id"),
			p.listOf("event_sources", "listEventSources", "advertisers", "id"),
			p.listOf("catalogs", "listCatalogs", "advertisers", "id"),
			p.listOf("property_lists", "listPropertyLists", "advertisers", "id"),
			p.partOf("media_buys", "getCampaign", "campaigns", "campaignId", "/campaign/mediaBuys"),
			p.partOf("media_buy_status", "getMediaBuyAdcpStatus", "campaigns", "campaignId", "/media_buys"),
		},
		{
			p.partOf("packages", "getMediaBuyPackages", "media_buys", "mediaBuyId", "/packages"),
		},
	}
}

// since returns the query that limits a list to newer records.
func (p *puller) since(param, layout string) url.Values {
	day, err := time.Parse(time.DateOnly, p.job.since)
	if err != nil { // no -since
		return nil
	}
	return url.Values{param: {day.Format(layout)}}
}

// list returns a resource that is a list of the account.
func (p *puller) list(name, operation string, query url.Values) resource {
	return resource{name, func(ctx context.Context, from client.PageToken) pages {
		op := p.ops[operation]
		return client.NewList[jsontext.Value](p.client, &op, client.Request{Query: query}, from,
			client.WithPrefetch(p.job.ahead)).Pages(ctx)
	}}
}

// listOf returns a resource that joins the lists of all owners.
func (p *puller) listOf(name, operation, owners, id string) resource {
	return p.each(name, owners, id, func(ctx context.Context, owner string, from client.PageToken) pages {
		op := p.ops[operation]
		return client.NewList[jsontext.Value](p.client, &op, client.Request{Path: []string{owner}}, from,
			client.WithPrefetch(p.job.ahead)).Pages(ctx)
	})
}

// partOf returns a resource that joins an array in the response about each owner.
func (p *puller) partOf(name, operation, owners, id string, pointer jsontext.Pointer) resource {
	return p.each(name, owners, id, func(ctx context.Context, owner string, _ client.PageToken) pages {
		op := p.ops[operation]
		return single(func() ([]jsontext.Value, error) {
			response, err := client.Call[jsontext.Value](ctx, p.client, &op, client.Request{Path: []string{owner}})
			if err != nil {
				return nil, err
			}
			return array(response, pointer)
		})
	})
}

// report reads the delivery of all campaigns, one record per row.
func (p *puller) report(ctx context.Context, _ client.PageToken) pages {
	op := p.ops["getReportingMetrics"]
	query := url.Values{"view": {"timeseries"}, "days": {"90"}}
	if p.job.since != "" {
		query = url.Values{
			"view": {"timeseries"}, "startDate": {p.job.since},
			"endDate": {time.Now().UTC().Format(time.DateOnly)},
		}
	}
	return single(func() ([]jsontext.Value, error) {
		response, err := client.Call[jsontext.Value](ctx, p.client, &op, client.Request{Query: query})
		if err != nil {
			return nil, err
		}
		return array(response, "/timeseries")
	})
}

// single returns a list of one page.
func single(read func() ([]jsontext.Value, error)) pages {
	return func(yield func(*client.Page[jsontext.Value], error) bool) {
		items, err := read()
		if err != nil {
			yield(nil, err)
			return
		}
		yield(&client.Page[jsontext.Value]{Items: items, Total: int64(len(items))}, nil)
	}
}

// place is a position in the lists of many owners. As JSON it is the page token of the joined list.
type place struct {
	Owner int              `json:"owner"` // index in the file of owners, which is complete and does not change
	Next  client.PageToken `json:"next,omitzero"`
}

// each joins the lists of all owners, in the order of the file of owners.
func (p *puller) each(name, owners, id string,
	of func(ctx context.Context, owner string, from client.PageToken) pages,
) resource {
	return resource{name, func(ctx context.Context, from client.PageToken) pages {
		return func(yield func(*client.Page[jsontext.Value], error) bool) {
			ids, err := p.ids(owners, id)
			var at place
			if err == nil && from != "" {
				err = json.Unmarshal([]byte(from), &at)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for ; at.Owner < len(ids); at = (place{Owner: at.Owner + 1}) {
				for page, err := range of(ctx, ids[at.Owner], at.Next) {
					if err != nil {
						yield(nil, fmt.Errorf("%s %s: %w", owners, ids[at.Owner], err))
						return
					}
					next := place{Owner: at.Owner, Next: page.Next}
					if page.Next == "" {
						next = place{Owner: at.Owner + 1}
					}
					for i, item := range page.Items {
						page.Items[i] = owned(item, "_"+strings.TrimSuffix(owners, "s"), ids[at.Owner])
					}
					// Assume lists of equal length: good enough for a progress bar.
					out := &client.Page[jsontext.Value]{Items: page.Items, Total: page.Total * int64(len(ids))}
					if next.Owner < len(ids) {
						token, err := json.Marshal(next)
						if err != nil {
							yield(nil, err)
							return
						}
						out.Next = client.PageToken(token)
					}
					if !yield(out, nil) {
						return
					}
				}
			}
		}
	}}
}

// owned adds the id of the owner to a record.
func owned(record jsontext.Value, member, owner string) jsontext.Value {
	rest, ok := bytes.CutPrefix(record, []byte("{"))
	if !ok {
		return record
	}
	begin, _ := jsontext.AppendQuote([]byte("{"), member)
	begin, _ = jsontext.AppendQuote(append(begin, ':'), owner)
	if bytes.TrimLeft(rest, " \t\r\n")[0] != '}' {
		begin = append(begin, ',')
	}
	return append(begin, rest...)
}

// ids reads a field of every record of a resource that has been pulled.
func (p *puller) ids(name, member string) ([]string, error) {
	file, err := os.Open(filepath.Join(p.job.dir, name+".ndjson")) //nolint:gosec // a file that an earlier stage wrote
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var ids []string
	for dec := jsontext.NewDecoder(file); ; {
		var record map[string]jsontext.Value
		if err := json.UnmarshalDecode(dec, &record); errors.Is(err, io.EOF) {
			return ids, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var id client.ID
		if err := json.Unmarshal(record[member], &id); err != nil || id == "" {
			return nil, fmt.Errorf("%s: a record has no %s", name, member)
		}
		ids = append(ids, string(id))
	}
}

// array returns the array at a JSON pointer.
func array(response jsontext.Value, pointer jsontext.Pointer) ([]jsontext.Value, error) {
	raw := response
	for name := range pointer.Tokens() {
		var object map[string]jsontext.Value
		if err := json.Unmarshal(raw, &object); err != nil {
			return nil, err
		}
		raw = object[name]
	}
	if len(raw) == 0 {
		return nil, nil
	}
	var items []jsontext.Value
	return items, json.Unmarshal(raw, &items)
}
