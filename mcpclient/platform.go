package mcpclient

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/seats"
)

// The platform's own tools (docs/platform.md#mcp).
const (
	toolGateway        = "api_call"
	toolAsk            = "ask_about_capability"
	toolHealth         = "health"
	toolSwitchCustomer = "customer_switch"
	toolAcceptTerms    = "accept_tos"
	toolCurrentUser    = "user_get_current"
)

// Ask asks the platform about its capabilities, in words.
func (s *Session) Ask(ctx context.Context, question string, opts ...client.CallOption) (string, error) {
	return CallTool[string](ctx, s, toolAsk, map[string]string{"question": question}, opts...)
}

// Health tells what the platform says of itself, in its own words: the form of the answer is not documented.
func (s *Session) Health(ctx context.Context, opts ...client.CallOption) (string, error) {
	return CallTool[string](ctx, s, toolHealth, nil, opts...)
}

// AuthStatus tells whom the platform takes the credential for.
type AuthStatus struct {
	// Authenticated tells whether it is accepted.
	Authenticated bool `json:"authenticated"`
	// CustomerID is the customer that calls act for.
	CustomerID client.ID `json:"customerId"`
	// APIKeySource is the header that the credential came in; first platform only.
	APIKeySource string `json:"apiKeySource"`
	// Timestamp is when the platform said so; first platform only.
	Timestamp time.Time `json:"timestamp"`
	// Message is for people: all that the tool says where it answers with a sentence.
	Message string `json:"-"`
}

// CheckAuthStatus asks whom the platform takes the credential for. The first platform has a tool for it, named
// check_auth_status in its documents and auth_check in its source; which of them is there is looked up in the list of
// tools. Where there is neither, the current account is read through the gateway
// (docs/platform.md#seats-and-accounts).
func (s *Session) CheckAuthStatus(ctx context.Context, opts ...client.CallOption) (AuthStatus, error) {
	found, err := s.firstTool(ctx, "check_auth_status", "auth_check")
	if err != nil {
		return AuthStatus{}, err
	}
	if found == "" {
		operation := "get_current_account"
		if s.cfg.gateway == GatewayByPath {
			operation = "GET /accounts/current"
		}
		account, err := CallAPI[struct {
			ID client.ID `json:"id"`
		}](ctx, s, operation, Request{}, opts...)
		return AuthStatus{Authenticated: err == nil, CustomerID: account.ID}, err
	}
	r, err := CallTool[Result](ctx, s, found, nil, opts...)
	if err != nil {
		return AuthStatus{}, err
	}
	if r.JSON() == nil {
		return AuthStatus{Authenticated: true, Message: r.Text()}, nil
	}
	var status AuthStatus
	err = r.into(&status)
	status.Message = textOf(member(r.JSON(), "message"))
	return status, err
}

// firstTool is the first of the named tools that the server has, or empty.
func (s *Session) firstTool(ctx context.Context, names ...string) (string, error) {
	has, err := s.ToolNames(ctx)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if slices.Contains(has, name) {
			return name, nil
		}
	}
	return "", nil
}

// CurrentUser tells who the credential belongs to, which account the session acts on, and where it stands with the
// terms of service. Of this answer showTosBox and canAcceptTos are documented (docs/platform.md#terms-of-service);
// the rest is read where it is there.
func (s *Session) CurrentUser(ctx context.Context, opts ...client.CallOption) (*seats.UserInfo, error) {
	u, err := CallTool[seats.UserInfo](ctx, s, toolCurrentUser, nil, opts...)
	if err != nil {
		return nil, err
	}
	return &u, nil
}

// AcceptTerms accepts the terms of service for the customer. Only a direct ADMIN or SUPER_ADMIN of it may
// (docs/platform.md#terms-of-service). The tool's arguments are not documented; none are sent.
func (s *Session) AcceptTerms(ctx context.Context, opts ...client.CallOption) error {
	_, err := CallTool[struct{}](ctx, s, toolAcceptTerms, nil, opts...)
	return err
}

// SwitchCustomer makes the session act for another of the credential's customers; calls before it that change
// something fail with [client.ErrCustomerScopeRequired]. It holds for the session: a new one that takes its place is
// switched, too.
func (s *Session) SwitchCustomer(ctx context.Context, customerID int64, opts ...client.CallOption) error {
	args := struct {
		CustomerID int64 `json:"customerId"`
	}{customerID}
	_, err := CallTool[struct{}](ctx, s, toolSwitchCustomer, args, append([]client.CallOption{client.AssumeIdempotent()}, opts...)...)
	return err
}

// AvailableCustomers are the customers to choose among, from an error that matches [client.ErrCustomerScopeRequired].
func AvailableCustomers(err error) []int64 {
	var api *client.APIError
	if !errors.As(err, &api) {
		return nil
	}
	var ids []int64
	for _, v := range elements(member(api.Details, "availableCustomers")) {
		if v.Kind() == '{' {
			v = member(v, "id")
		}
		text := string(v)
		if v.Kind() == '"' {
			text = textOf(v)
		}
		if id, err := client.ID(text).Int64(); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
