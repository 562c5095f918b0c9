package buyer

import (
	"context"
	"iter"

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

// Get returns one call. Safe to repeat. Errors: [client.ErrNotFound].
func (s ActivityCalls) Get(ctx context.Context, id client.ID, opts ...client.CallOption) (*ActivityCall, error) {
	got, err := get[activityCallAnswer](ctx, s.client, &opGetActivityCall, opts, id)
	if err != nil {
		return nil, err
	}
	return &got.Call, nil
}

type activityCallAnswer struct {
	Call ActivityCall `json:"call"`
}

func (a *activityCallAnswer) CheckAnswer() error { return shown(a.Call.ActivityUID) }

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
