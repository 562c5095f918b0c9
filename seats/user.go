package seats

import (
	"context"
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
)

// Me returns the owner of the credential, the account it acts on, and the state of the terms of service.
// Safe to repeat.
//
// The path is /auth/me (docs/platform.md#seats-and-accounts); that it hangs off the root of the host is assumed
// (docs/platform.md#hosts). In production an address has 40 requests to /auth/* in 15 minutes
// (docs/platform.md#rate-limits): ask once, not for each seat. A service token is no user: User is then zero.
func (s *Service) Me(ctx context.Context, opts ...client.CallOption) (*UserInfo, error) {
	return s.userInfo(ctx, &opGetCurrentUser, nil, opts)
}

func (s *Service) userInfo(ctx context.Context, op *client.Operation, body any, opts []client.CallOption) (*UserInfo,
	error,
) {
	got, err := client.Call[UserInfo](ctx, s.api(), op, client.Request{Body: body}, opts...)
	if err != nil {
		return nil, err
	}
	return &got, nil
}

var errNotUserInfo = errors.New("it is not user information")

// UnmarshalJSONFrom reads the current names and those of the earlier vintage: showPsaBox, latestPsaVersion, and
// tosBlockedReason, which said PARENT_MUST_ACCEPT_TOS for what is now organizationContractMissing
// (docs/platform.md#seats-and-accounts).
func (u *UserInfo) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type current UserInfo
	var got struct {
		current
		Shows         *bool  `json:"showTosBox"`
		MayAccept     *bool  `json:"canAcceptTos"`
		EarlierShows  *bool  `json:"showPsaBox"`
		EarlierLatest string `json:"latestPsaVersion"`
		BlockedReason string `json:"tosBlockedReason"`
	}
	if dec.PeekKind() != '{' {
		return errNotUserInfo
	}
	if err := json.UnmarshalDecode(dec, &got); err != nil {
		return err
	}
	if got.Shows == nil && got.MayAccept == nil && got.EarlierShows == nil && got.User.ID == "" && got.Customer.ID == "" {
		return errNotUserInfo
	}
	*u = UserInfo(got.current)
	for _, said := range []*bool{got.EarlierShows, got.Shows} {
		if said != nil {
			u.ShowTermsBox = *said
		}
	}
	u.CanAcceptTerms = got.MayAccept != nil && *got.MayAccept
	if u.LatestTermsVersion == "" {
		u.LatestTermsVersion = got.EarlierLatest
	}
	if got.BlockedReason == "PARENT_MUST_ACCEPT_TOS" {
		u.OrganizationContractMissing = true
	}
	return nil
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (u *UserInfo) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, u) }

// RoleIn is the caller's role in an account that it reaches, its own or one from a parent; empty where the platform
// does not say.
func (u *UserInfo) RoleIn(customerID client.ID) Role {
	for _, account := range u.Customers {
		if account.ID == customerID && account.Role != "" {
			return account.Role
		}
	}
	if u.Customer.ID == customerID {
		if u.Customer.Role != "" {
			return u.Customer.Role
		}
		return u.User.Role
	}
	return ""
}
