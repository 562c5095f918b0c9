package buyer

import (
	"context"
	"iter"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// AuditLogs tell who changed what.
type AuditLogs struct{ client *client.Client }

// List returns one page of audit logs: 50 unless Take says otherwise, at most 500. Safe to repeat.
func (s AuditLogs) List(ctx context.Context, p AuditLogListParams, opts ...client.CallOption) (*client.Page[AuditLog], error) {
	return list[AuditLog](ctx, s.client, &opListBuyerAuditLogs, p, p.PageToken, opts)
}

// All walks the audit logs, in pages of 500 unless Take says otherwise; see [Advertisers.All]. The platform does not
// document their order.
func (s AuditLogs) All(ctx context.Context, p AuditLogListParams, opts ...client.CallOption) iter.Seq2[AuditLog, error] {
	return all[AuditLog](ctx, s.client, &opListBuyerAuditLogs, p, p.PageToken, opts)
}

// Pages walks the audit logs page by page; see [Advertisers.Pages].
func (s AuditLogs) Pages(ctx context.Context, p AuditLogListParams, opts ...client.CallOption) iter.Seq2[*client.Page[AuditLog], error] {
	return pages[AuditLog](ctx, s.client, &opListBuyerAuditLogs, p, p.PageToken, opts)
}

// ActivityCalls are the calls that were made to the platform.
type ActivityCalls struct{ client *client.Client }

// List returns one page of calls: 50 unless Limit says otherwise, at most 200. Safe to repeat.
func (s ActivityCalls) List(ctx context.Context, p ActivityCallListParams, opts ...client.CallOption) (*client.Page[ActivityCall], error) {
	return list[ActivityCall](ctx, s.client, &opListActivityCalls, p, p.PageToken, opts)
}

// All walks the calls, in pages of 200 unless Limit says otherwise; see [Advertisers.All].
func (s ActivityCalls) All(ctx context.Context, p ActivityCallListParams, opts ...client.CallOption) iter.Seq2[ActivityCall, error] {
	return all[ActivityCall](ctx, s.client, &opListActivityCalls, p, p.PageToken, opts)
}

// Pages walks the calls page by page; see [Advertisers.Pages].
func (s ActivityCalls) Pages(ctx context.Context, p ActivityCallListParams, opts ...client.CallOption) iter.Seq2[*client.Page[ActivityCall], error] {
	return pages[ActivityCall](ctx, s.client, &opListActivityCalls, p, p.PageToken, opts)
}

// Get returns one call with its timing, steps, redacted input and output, and everything else that was recorded.
// Safe to repeat. Errors: [client.ErrNotFound].
func (s ActivityCalls) Get(ctx context.Context, id client.ID, opts ...client.CallOption) (*ActivityDetail, error) {
	got, err := get[activityAnswer](ctx, s.client, &opGetActivityCall, opts, id)
	if err != nil {
		return nil, err
	}
	return &got.ActivityDetail, nil
}

// ActivityDetail is a call with everything that was recorded about it. DetailAvailability states whether the details
// are still kept; without them, Steps is empty and the redacted bodies are nil.
type ActivityDetail struct {
	// ActivityCall is the call, as lists show it, with its RouteTemplate.
	ActivityCall `json:"call"`

	// Timing states where the time went.
	Timing ActivityTiming `json:"timing"`

	// Steps are what the platform did, in order.
	Steps []ActivityStep `json:"steps"`

	// RedactedInput and RedactedOutput are the fields of the request and of the response, without secrets.
	RedactedInput  map[string]jsontext.Value `json:"redactedInput"`
	RedactedOutput map[string]jsontext.Value `json:"redactedOutput"`

	// SafeHeaders are the request headers that hold no secret.
	SafeHeaders map[string]string `json:"safeHeaders"`

	// DetailExpiresAt is when the details are deleted; zero where the platform does not say.
	DetailExpiresAt time.Time `json:"detailExpiresAt"`

	// GovernanceDecisions are the decisions of governance, as sent. Their form is not documented.
	GovernanceDecisions []jsontext.Value `json:"governanceDecisions"`

	// AdministrativeReview is the review by an administrator, as sent. The platform documents null only.
	AdministrativeReview jsontext.Value `json:"administrativeReview"`
}

type activityAnswer struct{ ActivityDetail }

func (a *activityAnswer) CheckAnswer() error { return shown(a.ActivityUID) }

// Notifications are the news of the account.
type Notifications struct{ client *client.Client }

// List returns one page of notifications, at most 100. Safe to repeat.
func (s Notifications) List(ctx context.Context, p NotificationListParams, opts ...client.CallOption) (*client.Page[Notification], error) {
	return list[Notification](ctx, s.client, &opListNotifications, p, p.PageToken, opts)
}

// All walks the notifications, in pages of 100 unless Limit says otherwise; see [Advertisers.All].
func (s Notifications) All(ctx context.Context, p NotificationListParams, opts ...client.CallOption) iter.Seq2[Notification, error] {
	return all[Notification](ctx, s.client, &opListNotifications, p, p.PageToken, opts)
}

// Pages walks the notifications page by page; see [Advertisers.Pages].
func (s Notifications) Pages(ctx context.Context, p NotificationListParams, opts ...client.CallOption) iter.Seq2[*client.Page[Notification], error] {
	return pages[Notification](ctx, s.client, &opListNotifications, p, p.PageToken, opts)
}
