package buyer

import (
	"context"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// AuditLogs tell who changed what.
type AuditLogs struct{ client *client.Client }

// List lists audit logs. PageSize is at most 500.
func (s AuditLogs) List(p AuditLogListParams, opts ...client.CallOption) client.List[AuditLog] {
	return list[AuditLog](s.client, &opListBuyerAuditLogs, p, p.PageToken, opts)
}

// ActivityCalls are the calls that were made to the platform.
type ActivityCalls struct{ client *client.Client }

// List lists the API calls of the account. PageSize is at most 200.
func (s ActivityCalls) List(p ActivityCallListParams, opts ...client.CallOption) client.List[ActivityCall] {
	return list[ActivityCall](s.client, &opListActivityCalls, p, p.PageToken, opts)
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

	// DetailExpiresAt is the time when the details are deleted; zero if unknown.
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

// List lists the notifications. PageSize is at most 100.
func (s Notifications) List(p NotificationListParams, opts ...client.CallOption) client.List[Notification] {
	return list[Notification](s.client, &opListNotifications, p, p.PageToken, opts)
}
