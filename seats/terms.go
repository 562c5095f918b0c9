package seats

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// AcceptTerms accepts the terms of service for the account that the credential acts on: all its members can write
// from then on. Only a direct ADMIN or SUPER_ADMIN of the account may (docs/platform.md#terms-of-service), which
// [UserInfo.CanAcceptTerms] states this in advance; others get [client.ErrForbidden].
//
// The path is documented, request and answer are not: an empty object is sent, and any success is taken for one. It
// is not repeated unless it surely was not processed; after a [client.ErrOutcomeUnknown] ask [Service.Me].
func (s *Service) AcceptTerms(ctx context.Context, opts ...client.CallOption) error {
	_, err := client.Call[struct{}](ctx, s.api(), &opAcceptTerms, client.Request{Body: struct{}{}}, opts...)
	return err
}

// TermsRemedy is the action that ends a refusal because of terms that have not been accepted.
type TermsRemedy string

// The remedies.
const (
	// RemedyAccept is for the caller to call [Service.AcceptTerms].
	RemedyAccept TermsRemedy = "accept"
	// RemedyDirectAdmin is for somebody who is a direct ADMIN or SUPER_ADMIN of the account to sign in and accept. The
	// caller is none: a service token, a member, or an ADMIN by way of a parent account only.
	RemedyDirectAdmin TermsRemedy = "direct-admin"
	// RemedyContract is for the parent account to conclude the contract of the organization.
	RemedyContract TermsRemedy = "contract"
	// RemedyRepeat is to repeat the call: nothing waits for acceptance any more.
	RemedyRepeat TermsRemedy = "repeat"
)

// TermsError is a refusal for want of accepted terms of service, and who can do something about it.
type TermsError struct {
	// Me names the caller, the account it acts on, and what is new in the terms.
	Me *UserInfo
	// Err is the refusal; it matches [client.ErrTermsAcceptanceRequired].
	Err error
}

// ExplainTerms adds to a refusal for want of accepted terms who can accept them: the error becomes a [*TermsError].
// It asks the platform once who is calling, see [Service.Me], so call it on a Service for the client whose call was
// refused. All other errors, and nil, are given back as they are.
//
//	err = accounts.ExplainTerms(ctx, err)
//	var terms *seats.TermsError
//	if errors.As(err, &terms) && terms.Remedy() == seats.RemedyAccept {
//		err = accounts.AcceptTerms(ctx)
//	}
func (s *Service) ExplainTerms(ctx context.Context, err error, opts ...client.CallOption) error {
	if !errors.Is(err, client.ErrTermsAcceptanceRequired) {
		return err
	}
	me, failed := s.Me(ctx, opts...)
	if failed != nil {
		return fmt.Errorf("%w (who may accept the terms could not be found out: %w)", err, wire.Bare(failed))
	}
	return &TermsError{Me: me, Err: err}
}

// Remedy returns the action to take. It depends on the documented fields showTosBox, canAcceptTos and
// organizationContractMissing.
func (e *TermsError) Remedy() TermsRemedy {
	switch {
	case e.me().ShowTermsBox && e.me().CanAcceptTerms:
		return RemedyAccept
	case e.me().OrganizationContractMissing:
		return RemedyContract
	case e.me().ShowTermsBox:
		return RemedyDirectAdmin
	default:
		return RemedyRepeat
	}
}

// Error is the refusal, and what is to be done about it.
func (e *TermsError) Error() string {
	if e.Err == nil {
		return client.ErrTermsAcceptanceRequired.Error() + "; " + e.advice()
	}
	return e.Err.Error() + "; " + e.advice()
}

// Unwrap is the refusal.
func (e *TermsError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// me returns who is calling; the zero UserInfo if that is not set.
func (e *TermsError) me() *UserInfo {
	if e == nil || e.Me == nil {
		return new(UserInfo)
	}
	return e.Me
}

func (e *TermsError) advice() string {
	account := "the account"
	if c := e.me().Customer; c.ID != "" {
		account = strings.TrimSuffix(fmt.Sprintf("account %s (%s)", wire.Printable(string(c.ID), 64),
			wire.Printable(c.Name, 64)), " ()")
	}
	switch e.Remedy() {
	case RemedyAccept:
		return "you can accept the terms of " + account + ": call AcceptTerms"
	case RemedyContract:
		return account + " waits for the contract of its organization, which is for its parent to conclude"
	case RemedyRepeat:
		return "no terms of " + account + " wait for acceptance any more: repeat the call"
	default:
		return "a direct ADMIN or SUPER_ADMIN of " + account + " must sign in and accept its terms; " + e.whyNotCaller()
	}
}

func (e *TermsError) whyNotCaller() string {
	role := e.me().RoleIn(e.me().Customer.ID)
	switch {
	case e.me().User.ID == "":
		return "this credential is not a person's"
	case role == RoleAdmin || role == RoleSuperAdmin:
		return "you administer it through a parent account only"
	case role == "":
		return "you are none"
	default:
		return "your level there is " + wire.Printable(string(role), 32)
	}
}
