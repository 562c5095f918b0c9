package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func (p *platform) serveList(op *operation, c *call) reply {
	r := op.resource
	k, coll := p.open(r.collection, c)
	archived, _ := c.params["includeArchived"].(bool)
	if asked, ok := c.params["status"]; ok && strings.Contains(strings.ToUpper(fmt.Sprint(asked)), "ARCHIVED") {
		archived = true
	}
	count, at := k.matching(p.cfg, c)
	shown := func(i int) bool {
		return coll.visible(c.caller, i, archived) && (k.preset || matchesAll(c, p.show(k, coll, c, r.item, i)))
	}
	if !k.preset {
		count = coll.seeds
	}
	if !k.preset || coll.hides(c.caller, archived) {
		var kept []int
		for n := range count {
			if shown(at(n)) {
				kept = append(kept, at(n))
			}
		}
		count, at = len(kept), func(n int) int { return kept[n] }
	}
	var added []int
	for _, i := range coll.created() {
		if coll.visible(c.caller, i, archived) && matchesAll(c, p.show(k, coll, c, r.item, i)) {
			added = append(added, i)
		}
	}
	total := count + len(added)
	data := make(record)
	first, take := op.page(c, total, data)
	items := make([]any, 0, max(min(first+take, total)-first, 0))
	for n := first; n < min(first+take, total); n++ {
		i := 0
		if n < count {
			i = at(n)
		} else {
			i = added[n-count]
		}
		item := p.show(k, coll, c, r.item, i)
		for _, name := range k.detail {
			delete(item, name)
		}
		items = append(items, item)
	}
	rep := p.listReply(op, items, data, total)
	rep.unchecked = first > checkedRecords && first+take < total
	return rep
}

func (p *platform) listReply(op *operation, items []any, data record, total int) reply {
	r := op.resource
	if r.items == "" {
		if meta := r.member("meta", "pagination"); meta != nil && !p.cfg.bare {
			pagination := make(record)
			overlay(pagination, data, properties(meta))
			return plain(r.status, r.wrap(record{"data": items, "error": nil, "meta": record{"pagination": pagination}}))
		}
		return p.success(r, items)
	}
	data[r.items] = items
	props := properties(r.payload)
	for _, name := range [...]string{"total", "totalCount", "count", "unreadCount"} {
		data[name] = total
	}
	maps.DeleteFunc(data, func(name string, value any) bool {
		prop, ok := props[name]
		return !ok || value == nil && !accepts(prop, nil)
	})
	g := generator{at: recordsBegin}
	for _, name := range requiredOf(r.payload, 0) {
		if _, ok := data[name]; !ok && props[name] != nil {
			data[name] = g.generate(props[name])
		}
	}
	return p.success(r, data)
}

// matchesAll reports whether a record passes the filters: the query parameters that are named like its members.
func matchesAll(c *call, r record) bool {
	for name, asked := range c.params {
		switch name {
		case "skip", "take", "limit", "offset", "page", "pageSize", "cursor", "includeArchived":
			continue
		case "search", "q":
			if text, _ := r["name"].(string); !strings.Contains(strings.ToLower(text), strings.ToLower(fmt.Sprint(asked))) {
				return false
			}
		case "name":
			if text, _ := r["name"].(string); !strings.Contains(text, fmt.Sprint(asked)) {
				return false
			}
		default:
			if has, ok := r[name]; ok && !matches(asked, has) {
				return false
			}
		}
	}
	return true
}

// page reads the parameters of a page and adds the members that describe it.
func (op *operation) page(c *call, total int, data record) (first, take int) {
	number := func(names ...string) (int, bool) {
		for _, name := range names {
			if n, ok := c.params[name].(float64); ok {
				return int(n), true
			}
		}
		for _, param := range op.query {
			if n, err := strconv.Atoi(fmt.Sprint(param.Schema.Value.Default)); err == nil && slices.Contains(names, param.Name) {
				return n, true
			}
		}
		return 0, slices.ContainsFunc(op.query, func(p *openapi3.Parameter) bool { return slices.Contains(names, p.Name) })
	}
	take, paged := number("take", "limit", "pageSize", "page_size")
	if !paged {
		take = total
	} else if take == 0 {
		take = max(total, 1) // the document states no default
	}
	first, _ = number("skip", "offset")
	if page, ok := number("page"); ok && page > 0 {
		first = (page - 1) * take
		data["page"], data["totalPages"] = page, (total+take-1)/max(take, 1)
	}
	if _, err := fmt.Sscanf(c.asked("cursor"), "after_%d", &first); err != nil && c.asked("cursor") != "" {
		first = total
	}
	first = min(first, total)
	more := first+take < total
	data["skip"], data["take"], data["offset"], data["limit"], data["pageSize"] = first, take, first, take, take
	data["total"], data["hasMore"], data["nextOffset"], data["nextCursor"] = total, more, nil, nil
	if more {
		data["nextOffset"], data["nextCursor"] = first+take, fmt.Sprintf("after_%d", first+take)
	}
	return first, take
}
