package seats

import (
	"context"
	"errors"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// Service calls the account endpoints. It is safe for concurrent use.
type Service struct{ client *client.Client }

// New returns a Service that calls through c.
func New(c *client.Client) *Service { return &Service{client: c} }

// api returns the client, or nil for a nil service: calls then return an error.
func (s *Service) api() *client.Client {
	if s == nil {
		return nil
	}
	return s.client
}

// Current returns the account that the credential acts on; it is also the simplest way to test a credential
// (docs/platform.md#seats-and-accounts). Safe to repeat. Errors: [client.ErrUnauthorized] for a credential that is
// unknown, expired or archived.
func (s *Service) Current(ctx context.Context, opts ...client.CallOption) (*Account, error) {
	got, err := client.Call[accountAnswer](ctx, s.api(), &opGetCurrentAccount, client.Request{}, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Account, nil
}

// List lists the accounts that the credential reaches, with its role in each, in one page
// (docs/platform.md#seats-and-accounts).
func (s *Service) List(opts ...client.CallOption) client.List[Account] {
	return client.NewList[Account](s.api(), &opListCustomerAccounts, client.Request{}, "", opts...)
}

// Switch makes the credential act on another account, and returns its user there. Safe to repeat: to switch twice
// is to switch once. Errors: [client.ErrAccessDenied] or [client.ErrForbidden] for an account out of reach.
//
// The answer is documented (docs/platform.md#seats-and-accounts), the request is not: customerId is sent as the MCP
// tool customer_switch takes it, a number where the id is one. Nor do the documents say how long a switch lasts. What
// is to be sure of its account asks [Service.Current].
func (s *Service) Switch(ctx context.Context, customerID client.ID, opts ...client.CallOption) (*UserInfo, error) {
	body := switchBody{CustomerID: customerID}
	problems := client.ParamError{Operation: opSwitchAccount.ID}
	body.check(&problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return s.userInfo(ctx, &opSwitchAccount, body, opts)
}

// switchBody is the request of a switch.
type switchBody struct{ CustomerID client.ID }

// MarshalJSONTo writes the id as a number where it is one.
func (b switchBody) MarshalJSONTo(enc *jsontext.Encoder) error {
	var sent struct {
		CustomerID any `json:"customerId"`
	}
	sent.CustomerID = b.CustomerID
	if n, err := b.CustomerID.Int64(); err == nil {
		sent.CustomerID = n
	}
	return json.MarshalEncode(enc, sent)
}

// CreateChild creates an account below the current one, which becomes a parent if it stood alone. All that is wrong
// with p is reported at once as a [*client.ParamError]. A creation is never repeated unless it surely was not
// processed; if its answer was lost the error matches [client.ErrOutcomeUnknown]: look for the child with
// [Service.List].
//
// It takes an ADMIN of the current account. To others the platform says 403 FORBIDDEN according to one of its pages,
// and 401 UNAUTHORIZED according to another (docs/platform.md#seats-and-accounts): an [client.ErrUnauthorized] from
// here, where [Service.Current] works, means that the role does not allow it, and not that the credential is bad.
//
// Terms of service are accepted for each account by itself: a child that is new waits for a direct ADMIN of its own,
// whom its parent's do not replace, see [Service.AcceptTerms]. The account that the answer calls the current one is
// not documented; find the child by its name among Customers.
func (s *Service) CreateChild(ctx context.Context, p ChildParams, opts ...client.CallOption) (*UserInfo, error) {
	problems := client.ParamError{Operation: opCreateChildAccount.ID}
	p.check(&problems)
	checkHostName(&problems, "customerDomain", p.CustomerDomain)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return s.userInfo(ctx, &opCreateChildAccount, p, opts)
}

// checkHostName refuses what surely is no host name, such as a URL. The platform's own pattern is not published.
func checkHostName(s check.Reporter, path, name string) {
	if name == "" {
		return
	}
	for label := range strings.SplitSeq(name, ".") {
		letters := strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
		if label == "" || len(label) > 63 || !letters || label[0] == '-' || label[len(label)-1] == '-' {
			s.Add(path, "must be a host name, such as example.com")
			return
		}
	}
}

// UpdateDomain claims a domain for an account; whether the claim is approved is in the answer. Safe to repeat.
func (s *Service) UpdateDomain(ctx context.Context, customerID client.ID, p DomainParams,
	opts ...client.CallOption,
) (*AccountDomain, error) {
	problems := client.ParamError{Operation: opUpdateCustomerDomain.ID}
	p.check(&problems)
	checkHostName(&problems, "customerDomain", p.CustomerDomain)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	got, err := client.Call[domainAnswer](ctx, s.api(), &opUpdateCustomerDomain, ofAccount(customerID, p), opts...)
	if err != nil {
		return nil, err
	}
	return &got.AccountDomain, nil
}

// Membership returns the rules for joining an account. Safe to repeat.
func (s *Service) Membership(ctx context.Context, customerID client.ID, opts ...client.CallOption) (*Membership,
	error,
) {
	return s.membership(ctx, &opGetMembershipSettings, ofAccount(customerID, nil), opts)
}

// UpdateMembership says who may join an account. Safe to repeat.
func (s *Service) UpdateMembership(ctx context.Context, customerID client.ID, p MembershipParams,
	opts ...client.CallOption,
) (*Membership, error) {
	return s.membership(ctx, &opUpdateMembershipSettings, ofAccount(customerID, p), opts)
}

func (s *Service) membership(ctx context.Context, op *client.Operation, req client.Request,
	opts []client.CallOption,
) (*Membership, error) {
	got, err := client.Call[membershipAnswer](ctx, s.api(), op, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got.Membership, nil
}

// DeleteChild deletes a child account that no resources are linked to. Safe to repeat:
// a 404 counts as success if an earlier attempt of the same call may have taken effect.
func (s *Service) DeleteChild(ctx context.Context, customerID client.ID, opts ...client.CallOption) error {
	_, err := client.Call[struct{}](ctx, s.api(), &opDeleteChildAccount, ofAccount(customerID, nil), opts...)
	return err
}

// Liveness returns by account id whether the account's storefront is live. Without ids, the platform chooses the
// accounts, which is not documented. Several ids are sent separated by commas, as elsewhere on the platform. Safe to
// repeat.
func (s *Service) Liveness(ctx context.Context, customerIDs []client.ID,
	opts ...client.CallOption,
) (map[client.ID]Liveness, error) {
	problems := client.ParamError{Operation: opGetAccountsLiveness.ID}
	ids := make([]string, len(customerIDs))
	for i, id := range customerIDs {
		if ids[i] = string(id); id == "" || strings.ContainsRune(ids[i], ',') {
			problems.Add("customerIds", "has an id that is empty or has a comma in it")
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	req := client.Request{Query: livenessParams{CustomerIDs: strings.Join(ids, ",")}.query()}
	got, err := client.Call[accountsLiveness](ctx, s.api(), &opGetAccountsLiveness, req, opts...)
	return got.Liveness, err
}

// accountsLiveness is the answer about several storefronts.
type accountsLiveness struct {
	Liveness map[client.ID]Liveness `json:"liveness"`
}

func ofAccount(customerID client.ID, body any) client.Request {
	return client.Request{Path: []string{string(customerID)}, Body: body}
}

// Answers as sent. One without what it is about is something else.
type (
	accountAnswer    struct{ Account }
	domainAnswer     struct{ AccountDomain }
	membershipAnswer struct{ Membership }
)

func (a *accountAnswer) CheckAnswer() error    { return shows(a.ID) }
func (a *domainAnswer) CheckAnswer() error     { return shows(a.ID) }
func (a *membershipAnswer) CheckAnswer() error { return shows(a.CustomerID) }

func (a *accountsLiveness) CheckAnswer() error {
	if a.Liveness == nil {
		return errors.New("it shows no liveness")
	}
	return nil
}

func shows(id client.ID) error {
	if id == "" {
		return errors.New("it shows no id")
	}
	return nil
}
