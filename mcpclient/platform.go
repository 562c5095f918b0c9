package mcpclient

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
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

// Ask returns the platform's answer to a question about its capabilities.
func (s *Session) Ask(ctx context.Context, question string, opts ...client.CallOption) (string, error) {
	return CallTool[string](ctx, s, toolAsk, map[string]string{"question": question}, opts...)
}

// Health returns the platform's health report as text, whose form is not documented.
func (s *Session) Health(ctx context.Context, opts ...client.CallOption) (string, error) {
	return CallTool[string](ctx, s, toolHealth, nil, opts...)
}

// AuthStatus describes how the platform sees the credential.
type AuthStatus struct {
	// Authenticated reports whether it is accepted.
	Authenticated bool `json:"authenticated"`
	// CustomerID identifies the customer that calls act for.
	CustomerID client.ID `json:"customerId"`
	// APIKeySource is the header that the credential came in; first platform only.
	APIKeySource string `json:"apiKeySource"`
	// Timestamp is the time of the check; first platform only.
	Timestamp time.Time `json:"timestamp"`
	// Message is for people, and the only field that is set if the tool returns a sentence.
	Message string `json:"-"`
}

// CheckAuthStatus returns how the platform sees the credential. It uses the first platform's tool, check_auth_status or
// auth_check, if the server lists one. Otherwise it reads the current account through the gateway
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

// firstTool returns the first of the names that the server lists, or an empty string.
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

// CurrentUser returns the user of the credential, the account that the session acts on, and the state of the terms of
// service. Only showTosBox and canAcceptTos are documented (docs/platform.md#terms-of-service); other fields may be
// empty.
func (s *Session) CurrentUser(ctx context.Context, opts ...client.CallOption) (*seats.UserInfo, error) {
	u, err := CallTool[seats.UserInfo](ctx, s, toolCurrentUser, nil, opts...)
	if err != nil {
		return nil, err
	}
	return &u, nil
}

// AcceptTerms accepts the terms of service for the customer, which requires a direct ADMIN or SUPER_ADMIN
// (docs/platform.md#terms-of-service). The tool's arguments are not documented; none are sent.
func (s *Session) AcceptTerms(ctx context.Context, opts ...client.CallOption) error {
	_, err := CallTool[struct{}](ctx, s, toolAcceptTerms, nil, opts...)
	return err
}

// SwitchCustomer makes the session act for another of the credential's customers. Without it, writes of a credential
// with several customers fail with [client.ErrCustomerScopeRequired]. A session that replaces a lost one is switched,
// too.
func (s *Session) SwitchCustomer(ctx context.Context, customerID int64, opts ...client.CallOption) error {
	args := struct {
		CustomerID int64 `json:"customerId"`
	}{customerID}
	opts = append([]client.CallOption{client.AssumeIdempotent()}, opts...)
	_, err := CallTool[struct{}](ctx, s, toolSwitchCustomer, args, opts...)
	return err
}

// AvailableCustomers returns the customers to choose from, of an error that matches [client.ErrCustomerScopeRequired].
func AvailableCustomers(err error) []int64 {
	var api *client.APIError
	if !errors.As(err, &api) {
		return nil
	}
	var ids []int64
	for v := range wire.Elements(member(api.Details, "availableCustomers")) {
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
