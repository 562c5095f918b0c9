package buyer

import (
	"context"

	"github.com/interchange-sdk/interchange-go/client"
)

// Audiences are an advertiser's lists of people.
type Audiences struct{ client *client.Client }

// List lists an advertiser's audiences. PageSize is at most 250.
func (s Audiences) List(advertiserID client.ID, p AudienceListParams, opts ...client.CallOption) client.List[Audience] {
	return list[Audience](s.client, &opListAudiences, p, p.PageToken, opts, advertiserID)
}

// Sync changes audiences and their members. The platform answers when it has begun; wait for the end with
// [Tasks.WaitForTask]:
//
//	started, err := b.Audiences.Sync(ctx, advertiserID, change)
//	if err != nil { … }
//	task, err := b.Tasks.WaitForTask(ctx, started.TaskID)
//
// One call adds and removes up to 100,000 members of each audience; make several for more. A member with an address or
// a number that was not hashed is refused as a [*client.ParamError], before anything is sent. The call is never
// repeated unless it surely was not processed. If its answer was lost the error matches [client.ErrOutcomeUnknown]:
// members carry ids of the caller's own, so to send the same change again is harmless as far as the platform documents
// it, but begins a second task; allow it with [client.AssumeIdempotent].
func (s Audiences) Sync(ctx context.Context, advertiserID client.ID, change AudienceSync,
	opts ...client.CallOption,
) (*AudienceSyncStarted, error) {
	problems := client.ParamError{Operation: opSyncAudiences.ID}
	each(&problems, "audiences", change.Audiences)
	if len(change.Audiences) == 0 {
		problems.Add("audiences", "is empty")
	}
	push := change.PushNotificationConfig
	push.check(&problems, "pushNotificationConfig")
	if err := problems.Err(); err != nil {
		return nil, err
	}
	body := audienceBody{AudienceSync: change, Push: push.wire()}
	req := client.Request{Path: []string{string(advertiserID)}, Body: body}
	got, err := client.Call[audienceAnswer](ctx, s.client, &opSyncAudiences, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got.AudienceSyncStarted, nil
}

// audienceBody is an AudienceSync as sent, with the secrets that it does not show.
type audienceBody struct {
	AudienceSync
	Push *pushConfig `json:"pushNotificationConfig,omitzero"`
}

type audienceAnswer struct{ AudienceSyncStarted }

func (a *audienceAnswer) CheckAnswer() error { return shown(a.TaskID) }
