package servicetokens

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/check"
	"github.com/interchange-sdk/interchange-go/internal/secret"
	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// Service calls the service token endpoints. It is safe for concurrent use.
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

// Created is a new service token, together with its secret. Encoded as JSON it holds the secret no more than when it
// is printed.
type Created struct {
	ServiceToken
	// Token is the credential. The platform keeps only a hash of it: store it now, through Token.Reveal.
	Token client.Token
	// Unread names fields of the response that cannot be read and are zero here, such as an expiresAt of "never", or
	// an id that is missing. They do not make the creation fail, because the secret would be lost.
	Unread []string `json:"-"`
}

// answer is a token as sent. One without an id is something else: taken for a token without rights, seat and expiry,
// it would be replaced by one without limits.
type answer struct{ ServiceToken }

var errNoID = errors.New("it shows no id")

func (a *answer) CheckAnswer() error {
	if a.ID == "" {
		return errNoID
	}
	return nil
}

// createdAnswer is the answer to a creation as sent.
type createdAnswer struct {
	answer
	FullToken jsontext.Value `json:"fullToken"`

	unread []string
}

// KeepUnread receives the fields that cannot be read.
func (a *createdAnswer) KeepUnread(paths []string) { a.unread = paths }

func (a *createdAnswer) created(token client.Token) Created {
	return Created{ServiceToken: a.ServiceToken, Token: token, Unread: a.unread}
}

// CheckAnswer requires the secret only: it must not be lost because the response has no id.
func (a *createdAnswer) CheckAnswer() error {
	if a.ID == "" && !slices.Contains(a.unread, "id") {
		a.unread = append(a.unread, "id")
	}
	_, err := a.token()
	return err
}

// AnswerID names the token in the error if the secret cannot be used.
func (a *createdAnswer) AnswerID() client.ID { return a.ID }

// token returns the secret. It is decoded here, so that one of another type cannot hide the id.
func (a *createdAnswer) token() (client.Token, error) {
	text, problem := secret.Field(a.FullToken)
	token, err := readToken(text, a.AccessClientID)
	if problem != "" {
		err = &client.TokenError{Reason: problem}
	}
	if err != nil {
		return client.Token{}, fmt.Errorf("fullToken: %w", wire.Bare(err))
	}
	return token, nil
}

// UnmarshalJSONFrom reads the platform's answer to a creation, wherever it comes from, such as the gateway tool of MCP.
// It fails without a usable secret, which is shown once, and then sets the other fields only.
func (c *Created) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var got createdAnswer
	if got.unread, err = wire.Salvage(value, &got); err != nil {
		return err
	}
	token, err := got.token()
	*c = got.created(token)
	return err
}

// CheckAnswer returns an error if there is no secret. [client.Call] and package mcpclient use it.
func (c *Created) CheckAnswer() error {
	if c.Token.IsZero() {
		return errors.New("fullToken is missing or is no token")
	}
	return nil
}

// AnswerID returns the id for the error of a creation without a secret.
func (c *Created) AnswerID() client.ID { return c.ID }

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (c *Created) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, c) }

// Create creates a token and returns it with its secret, which is shown this once.
//
// A token without a name is an error, and so is one without an expiry unless NeverExpires is set. Grant the narrowest
// scope you can. All errors in p are returned at once as a [*client.ParamError]. A creation is never repeated unless it
// surely was not processed. If its response was lost the error matches [client.ErrOutcomeUnknown]: a token may exist
// whose secret nobody holds; find it with List and archive it before creating again, or let [rotation.Rotate] do both.
// After a [*client.DecodeError] it does exist, without a usable secret: archive its ResourceID.
func (s *Service) Create(ctx context.Context, p CreateParams, opts ...client.CallOption) (*Created, error) {
	problems := client.ParamError{Operation: opCreateServiceToken.ID}
	p.check(&problems)
	p.checkScope(&problems)
	p.checkLimits(&problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	got, err := client.Call[createdAnswer](ctx, s.api(), &opCreateServiceToken, client.Request{Body: p}, opts...)
	if err != nil {
		return nil, err
	}
	token, err := got.token()
	if err != nil {
		return nil, err // checked by Call
	}
	created := got.created(token)
	if created.Scope == "" { // the documented answer leaves it out
		if created.Scope = p.Scope; p.Scope == "" {
			created.Scope = ScopeCustomer
		}
	}
	return &created, nil
}

// readToken is exact where the client id begins the token, and otherwise takes the token as the platform gave it.
func readToken(full, clientID string) (client.Token, error) {
	for _, parse := range []func() (client.Token, error){
		func() (client.Token, error) { return client.ParseTokenWithClientID(full, clientID) },
		func() (client.Token, error) { return client.ParseToken(full) },
	} {
		if t, err := parse(); err == nil {
			return t, nil
		}
	}
	return client.ParseOpaqueToken(full)
}

// checkScope holds the rules that involve more than one field. A seat's name or role on a customer-wide token is
// refused too: the platform would ignore it, and hand out more than was asked for.
func (p CreateParams) checkScope(s check.Reporter) {
	if p.Scope == ScopeSeat {
		check.Required(s, "seatName", p.SeatName, "with scope SEAT")
		check.Required(s, "role", p.Role, "with scope SEAT")
		check.Required(s, "expiresInDays", p.ExpiresInDays, "with scope SEAT")
		return
	}
	for _, field := range []struct{ path, value string }{
		{"seatName", p.SeatName}, {"seatType", string(p.SeatType)}, {"role", string(p.Role)},
	} {
		if field.value != "" {
			s.Add(field.path, "limits nothing without scope SEAT: set Scope to ScopeSeat, or leave it out")
		}
	}
}

// Get returns one token, without its secret. Safe to repeat.
func (s *Service) Get(ctx context.Context, id client.ID, opts ...client.CallOption) (*ServiceToken, error) {
	return s.one(ctx, &opGetServiceToken, id, nil, opts)
}

// List lists the tokens, without their secrets. PageSize is at most 100.
//
// The platform does not document the answer's shape; all that are plausible are read (docs/platform.md#service-tokens).
func (s *Service) List(p ListParams, opts ...client.CallOption) client.List[ServiceToken] {
	if err := p.validate(); err != nil {
		return client.InvalidList[ServiceToken](err)
	}
	return client.NewList[ServiceToken](s.api(), &opListServiceTokens, client.Request{Query: p.query()}, p.PageToken,
		opts...)
}

func (p ListParams) validate() error {
	problems := client.ParamError{Operation: opListServiceTokens.ID}
	p.check(&problems)
	return problems.Err()
}

// ErrCannotShortenExpiry is matched by the error of an [Service.Update] that would have made an expiry earlier.
var ErrCannotShortenExpiry = errors.New("interchange: a service token's expiry can only be extended; archive the " +
	"token to end it sooner")

// Update renames a token, describes it anew or extends its expiry. It cannot shorten an expiry: the platform
// refuses that, and the error then matches [ErrCannotShortenExpiry] besides [client.ErrValidation]; to end a token
// sooner, Archive it. Safe to repeat.
func (s *Service) Update(ctx context.Context, id client.ID, p UpdateParams, opts ...client.CallOption) (*ServiceToken,
	error,
) {
	problems := client.ParamError{Operation: opUpdateServiceToken.ID}
	p.check(&problems)
	if p == (UpdateParams{}) {
		problems.Add("body", "changes nothing: set a field")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	updated, err := s.one(ctx, &opUpdateServiceToken, id, p, opts)
	if err != nil && p.ExpiresInDays != 0 && refusesExpiry(err) {
		return nil, fmt.Errorf("%w: %w", ErrCannotShortenExpiry, wire.Bare(err))
	}
	return updated, err
}

// refusesExpiry reports whether the platform objects to the expiry. Its range was checked before sending, so what is
// left to object to is the direction.
func refusesExpiry(err error) bool {
	var refusal *client.APIError
	if !errors.As(err, &refusal) || refusal.StatusCode/100 != 4 ||
		!(errors.Is(err, client.ErrValidation) || errors.Is(err, client.ErrBadRequest) ||
			errors.Is(err, client.ErrInvalidState)) {
		return false
	}
	fields := []string{refusal.Field}
	for _, issue := range refusal.Issues {
		fields = append(fields, issue.Path)
	}
	for _, field := range fields {
		if field == "expiresInDays" || field == "expiresAt" || field == "body.expiresInDays" {
			return true
		}
	}
	message := strings.ToLower(refusal.Message)
	return strings.Contains(message, "shorten") ||
		(strings.Contains(message, "expir") && strings.Contains(message, "extend"))
}

// Archive revokes a token: it stops authenticating at once, and its audit row stays. Safe to repeat:
// a 404 counts as success if an earlier attempt of the same call may have taken effect.
func (s *Service) Archive(ctx context.Context, id client.ID, opts ...client.CallOption) error {
	_, err := client.Call[struct{}](ctx, s.api(), &opArchiveServiceToken, client.Request{Path: []string{string(id)}},
		opts...)
	return err
}

func (s *Service) one(ctx context.Context, op *client.Operation, id client.ID, body any,
	opts []client.CallOption,
) (*ServiceToken, error) {
	got, err := client.Call[answer](ctx, s.api(), op, client.Request{Path: []string{string(id)}, Body: body}, opts...)
	if err != nil {
		return nil, err
	}
	return &got.ServiceToken, nil
}
