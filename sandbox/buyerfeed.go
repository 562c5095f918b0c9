package sandbox

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"
)

// feed holds the events and measurements of the buyer, and the tasks and reports.
type feed struct {
	mu      *sync.Mutex
	events  map[string]bool   // by advertiser, source and event id
	rows    map[string]record // measurements, by advertiser and row id or number
	tasks   map[string]*task
	reports map[string]report // files to download, by signature
}

func newFeed() feed {
	return feed{
		mu: new(sync.Mutex), events: make(map[string]bool), rows: make(map[string]record),
		tasks: make(map[string]*task), reports: make(map[string]report),
	}
}

// The ends of tasks.
const (
	TaskCompleted     = "completed"
	TaskFailed        = "failed"
	TaskInputRequired = "input-required"
)

// TaskPlan sets the course of tasks, such as audience syncs.
type TaskPlan struct {
	// Polls is the number of reads that find the task still running.
	Polls int
	// RetryAfter is the wait that a running task asks for; 0 omits it.
	RetryAfter time.Duration
	// End is TaskCompleted, TaskFailed or TaskInputRequired. The default is TaskCompleted.
	End string
}

// WithTasks plans the tasks. By default they are under way for two questions, and then complete.
func WithTasks(plan TaskPlan) Option {
	return func(c *config) { c.tasks = plan }
}

func (p *TaskPlan) check() error {
	if p.End == "" {
		p.End = TaskCompleted
	}
	switch {
	case p.Polls < 0 || p.RetryAfter < 0:
		return errors.New("sandbox: Polls and RetryAfter of a TaskPlan must not be negative")
	case p.End != TaskCompleted && p.End != TaskFailed && p.End != TaskInputRequired:
		return fmt.Errorf("sandbox: a task cannot end as %q", p.End)
	}
	return nil
}

// task is work that continues after a response.
type task struct {
	advertiser string
	created    time.Time
	polls      int // so far
}

// LoggedEvents counts the events that were taken in; an id that came before does not count again.
func (s *Server) LoggedEvents() int {
	s.platform.feed.mu.Lock()
	defer s.platform.feed.mu.Unlock()
	return len(s.platform.feed.events)
}

// Measurements counts the rows that were taken in; an external_row_id that came before does not count again.
func (s *Server) Measurements() int {
	s.platform.feed.mu.Lock()
	defer s.platform.feed.mu.Unlock()
	return len(s.platform.feed.rows)
}

// logEvent takes events in, except purchases without a currency and custom events without a name.
func logEvent(p *platform, c *call) reply {
	advertiser, source := c.owner(), c.text("event_source_id")
	if _, ok := advertisers.index(p.cfg, advertiser); !ok {
		return notFound("There is no such advertiser")
	}
	if _, ok := eventSources.index(p.cfg, source); !ok {
		return notFound("There is no such event source")
	}
	p.feed.mu.Lock()
	defer p.feed.mu.Unlock()
	events, _ := c.body["events"].([]any)
	failures := []record{}
	for _, one := range events {
		event, _ := one.(record)
		id, _ := event["event_id"].(string)
		if reason := wrongEvent(event); reason != "" {
			failures = append(failures, record{"event_id": id, "code": "VALIDATION_ERROR", "message": reason})
			continue
		}
		p.feed.events[strings.Join([]string{advertiser, source, id}, "\x00")] = true
	}
	return p.cfg.respond(http.StatusOK, record{
		"events_received": len(events), "events_processed": len(events) - len(failures),
		"partial_failures": failures, "warnings": []any{}, "match_quality": 0.5,
	})
}

// wrongEvent returns the problem of an event that matches the schema; empty if there is none.
func wrongEvent(event record) string {
	data, _ := event["custom_data"].(record)
	_, currency := data["currency"]
	_, name := event["custom_event_name"]
	switch {
	case event["event_type"] == "purchase" && !currency:
		return "custom_data.currency is required for a purchase"
	case event["event_type"] == "custom" && !name:
		return "custom_event_name is required for a custom event"
	default:
		return ""
	}
}

// syncMeasurements takes rows in, except money without a currency.
func syncMeasurements(p *platform, c *call) reply {
	advertiser := c.owner()
	if _, ok := advertisers.index(p.cfg, advertiser); !ok {
		return notFound("There is no such advertiser")
	}
	p.feed.mu.Lock()
	defer p.feed.mu.Unlock()
	rows, _ := c.body["measurements"].([]any)
	outcomes := make([]record, len(rows))
	for i, one := range rows {
		row, _ := one.(record)
		action := p.feed.upsert(advertiser, row)
		outcomes[i] = record{"index": i, "action": action}
		if action == "failed" {
			outcomes[i]["error"] = "currency is required for money"
		}
	}
	return p.cfg.respond(http.StatusOK, record{"measurements": outcomes})
}

// upsert stores one row and returns the action: created, updated, unchanged or failed.
func (f *feed) upsert(advertiser string, row record) string {
	if _, ok := row["currency"]; !ok && row["unit"] == "currency" {
		return "failed"
	}
	id, named := row["external_row_id"].(string)
	if !named {
		f.rows[fmt.Sprintf("%s\x00\x00%d", advertiser, len(f.rows))] = row
		return "created"
	}
	key := advertiser + "\x00" + id
	before, known := f.rows[key]
	f.rows[key] = maps.Clone(row)
	switch {
	case !known:
		return "created"
	case reflect.DeepEqual(before, row):
		return "unchanged"
	default:
		return "updated"
	}
}

func syncAudiences(p *platform, c *call) reply {
	advertiser := c.owner()
	if _, ok := advertisers.index(p.cfg, advertiser); !ok {
		return notFound("There is no such advertiser")
	}
	p.feed.mu.Lock()
	defer p.feed.mu.Unlock()
	id := fmt.Sprintf("00000000-0000-4000-9000-%012d", len(p.feed.tasks)+1)
	p.feed.tasks[id] = &task{advertiser: advertiser, created: c.now}
	return p.cfg.respond(http.StatusAccepted, record{
		"success": true, "accountId": p.cfg.id(advertiser), "taskId": id,
		"operationId": strings.Replace(id, "-9000-", "-a000-", 1),
	})
}

func getTask(p *platform, c *call) reply {
	p.feed.mu.Lock()
	defer p.feed.mu.Unlock()
	t, ok := p.feed.tasks[c.vars["taskId"]]
	if !ok {
		return notFound("There is no such task")
	}
	plan := p.cfg.tasks
	t.polls++
	r := record{
		"taskId": c.vars["taskId"], "taskType": "audience_sync", "status": plan.End, "resourceType": "ADVERTISER",
		"resourceId": p.cfg.id(t.advertiser), "error": nil, "response": nil, "metadata": nil, "retryAfterSeconds": nil,
		"createdAt": stamp(t.created), "updatedAt": stamp(c.now),
	}
	switch {
	case t.polls <= plan.Polls:
		r["status"] = "working"
		if t.polls == 1 {
			r["status"] = "submitted"
		}
		if plan.RetryAfter > 0 {
			r["retryAfterSeconds"] = plan.RetryAfter.Seconds()
		}
	case plan.End == TaskCompleted:
		r["response"] = record{"success": true}
	default:
		r["error"] = record{"code": "SYNC_FAILED", "message": "The members could not be read", "recovery": "correctable"}
	}
	return p.cfg.respond(http.StatusOK, record{"task": r})
}
