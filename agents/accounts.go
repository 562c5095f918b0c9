package agents

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
)

// credential is the body of the registration of a credential.
type credential struct {
	CredentialParams
	Auth jsontext.Value `json:"auth,omitzero"`
}

type credentialAnswer struct{ RegisteredCredential }

func (a *credentialAnswer) CheckAnswer() error {
	if a.ID == "" {
		return errors.New("it shows no id")
	}
	return nil
}

// RegisterCredential registers what the buyer authenticates to a source of a storefront with
// (docs/platform.md#agents). The storefront's id must be a number. Where a person has to consent, OAuth in the answer
// says where.
//
// It is never repeated unless it surely was not processed. If its answer was lost the error matches
// [client.ErrOutcomeUnknown]; [Service.ListCredentials] shows whether there is one with the AccountIdentifier.
func (s *Service) RegisterCredential(ctx context.Context, storefrontID client.ID, sourceID string, p CredentialParams,
	opts ...client.CallOption,
) (*RegisteredCredential, error) {
	problems := newProblems(opRegisterSourceCredentials.ID)
	check.Required(problems, "storefrontId", storefrontID, "")
	number := storefrontNumber(problems, storefrontID)
	p.check(problems)
	p.Auth.check(problems)
	form, ok := p.Auth.credentialForm()
	if !ok {
		problems.unsupportedAuth(p.Auth, onCredentials)
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	req := client.Request{Path: []string{strconv.FormatInt(number, 10), sourceID}, Body: credential{p, form}}
	got, err := client.Call[credentialAnswer](ctx, s.api(), &opRegisterSourceCredentials, req, opts...)
	if err != nil {
		return nil, p.Auth.masked(err)
	}
	return &got.RegisteredCredential, nil
}

// storefrontNumber is the number that the platform wants of a storefront (docs/platform.md#agents); 0 for an id that
// was not given.
func storefrontNumber(s check.Reporter, id client.ID) int64 {
	n, err := id.Int64()
	if id != "" && (err != nil || n < 1) {
		s.Add("storefrontId", "must be a number, and at least 1")
	}
	return n
}

// ListCredentials lists the credentials of the buyer, without their secrets, in one page.
func (s *Service) ListCredentials(opts ...client.CallOption) client.List[Credential] {
	return client.NewList[Credential](s.api(), &opListStorefrontCredentials, client.Request{}, "", opts...)
}

// ListAvailableAccounts lists the accounts with a source that can be linked to an advertiser. PageSize is at most 250.
func (s *Service) ListAvailableAccounts(advertiserID client.ID, p AvailableParams,
	opts ...client.CallOption,
) client.List[AvailableAccount] {
	if err := p.validate(); err != nil {
		return client.InvalidList[AvailableAccount](err)
	}
	return client.NewList[AvailableAccount](s.api(), &opListAvailableAccounts, of(advertiserID, p), p.PageToken, opts...)
}

func (p AvailableParams) validate() error {
	problems := newProblems(opListAvailableAccounts.ID)
	p.check(problems)
	storefrontNumber(problems, p.StorefrontID)
	return problems.err()
}

// link is the body of a link: LinkParams with the number of the storefront.
type link struct {
	LinkParams
	StorefrontID int64 `json:"storefrontId"`
}

// LinkAccount links an account to an advertiser. It is never repeated unless it surely was not processed; after an
// error that matches [client.ErrOutcomeUnknown], ListAccounts shows whether it took place.
func (s *Service) LinkAccount(ctx context.Context, advertiserID client.ID, p LinkParams,
	opts ...client.CallOption,
) error {
	problems := newProblems(opAssignAccount.ID)
	p.check(problems)
	number := storefrontNumber(problems, p.StorefrontID)
	if err := problems.err(); err != nil {
		return err
	}
	req := client.Request{Path: []string{string(advertiserID)}, Body: link{p, number}}
	_, err := client.Call[struct{}](ctx, s.api(), &opAssignAccount, req, opts...)
	return err
}

// ListAccounts lists the accounts that are linked to an advertiser. PageSize is at most 250.
func (s *Service) ListAccounts(advertiserID client.ID, p AccountListParams,
	opts ...client.CallOption,
) client.List[LinkedAccount] {
	if err := p.validate(); err != nil {
		return client.InvalidList[LinkedAccount](err)
	}
	return client.NewList[LinkedAccount](s.api(), &opListAdvertiserAccounts, of(advertiserID, p), p.PageToken, opts...)
}

func (p AccountListParams) validate() error {
	problems := newProblems(opListAdvertiserAccounts.ID)
	p.check(problems)
	storefrontNumber(problems, p.StorefrontID)
	return problems.err()
}

// GetAccount returns one account that is linked to an advertiser, with who is behind it. Safe to repeat. Errors:
// client.ErrNotFound.
func (s *Service) GetAccount(ctx context.Context, advertiserID, accountID client.ID,
	opts ...client.CallOption,
) (*LinkedAccount, error) {
	req := client.Request{Path: []string{string(advertiserID), string(accountID)}}
	got, err := client.Call[linkedAccount](ctx, s.api(), &opGetAdvertiserAccount, req, opts...)
	if err != nil {
		return nil, err
	}
	return &got.LinkedAccount, nil
}

type linkedAccount struct{ LinkedAccount }

// CheckAnswer refuses what has a status in common with an account, such as a gateway's message.
func (a *linkedAccount) CheckAnswer() error {
	if a.AccountID == "" && a.LinkID == "" {
		return errors.New("accountId is missing")
	}
	return nil
}

// UnlinkAccount ends a link, by LinkedAccount.LinkID, which is a number of at most 15 digits. Safe to repeat:
// a 404 counts as success if an earlier attempt of the same call may have taken effect.
// Errors: client.ErrNotFound.
func (s *Service) UnlinkAccount(ctx context.Context, advertiserID client.ID, linkID client.ID,
	opts ...client.CallOption,
) error {
	problems := newProblems(opUnassignAccount.ID)
	if linkID == "" || len(linkID) > 15 || strings.Trim(string(linkID), "0123456789") != "" {
		problems.Add("linkId", "must be a number of at most 15 digits; LinkedAccount.LinkID is one, AccountID is not")
	}
	if err := problems.err(); err != nil {
		return err
	}
	req := client.Request{Path: []string{string(advertiserID), string(linkID)}}
	_, err := client.Call[struct{}](ctx, s.api(), &opUnassignAccount, req, opts...)
	return err
}

// of is the request of a list below an advertiser.
func of(advertiserID client.ID, p interface{ query() url.Values }) client.Request {
	return client.Request{Path: []string{string(advertiserID)}, Query: p.query()}
}
