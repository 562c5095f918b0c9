package guarantees

import (
	"context"
	"fmt"
	"reflect"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/agents"
	"github.com/interchange-sdk/interchange-go/buyer"
	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/m2m"
	"github.com/interchange-sdk/interchange-go/mcpclient"
	"github.com/interchange-sdk/interchange-go/mcpclient/oauth"
	"github.com/interchange-sdk/interchange-go/partner"
	"github.com/interchange-sdk/interchange-go/rotation"
	"github.com/interchange-sdk/interchange-go/seats"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

// exportedErrors are the error types that callers may construct in their own tests.
func exportedErrors() []error {
	return []error{
		new(client.APIError), new(client.TransportError), new(client.DecodeError), new(client.LimitError),
		new(client.ParamError), new(client.PagingError), new(client.RedirectError), new(client.NoToolError),
		new(client.TokenError), new(m2m.Error), new(mcpclient.GuardError), new(oauth.Error),
		new(seats.NoTokenError), new(seats.SeatError), new(seats.EachError), new(seats.TermsError),
		new(agents.WaitError), new(agents.UnsupportedAuthError), new(rotation.Error),
		new(rotation.PanicError), new(buyer.BatchError), new(buyer.TaskError),
	}
}

func TestZeroErrorsCanBePrintedAndUsed(t *testing.T) {
	t.Parallel()
	for _, zero := range exportedErrors() {
		missing := reflect.Zero(reflect.TypeOf(zero)).Interface().(error) //nolint:forcetypeassert // a nil error
		values := []error{zero, missing}
		for _, value := range values {
			callAll(t, value)
			_ = client.MayHaveApplied(value)
			_, _ = client.RetryAfter(value)
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
				text := fmt.Sprintf(verb, value)
				assert.NotContains(t, text, "PANIC", "%T", value)
			}
		}
		assert.NotEmpty(t, zero.Error(), "%T", zero)
		assert.NotContains(t, zero.Error(), "<nil>", "%T", zero)
		assert.NotContains(t, zero.Error(), "\n", "%T", zero)
	}
}

// Zero services, clients and sessions return an error from every method that can.
func TestZeroValuesReturnErrors(t *testing.T) {
	t.Parallel()
	for _, zero := range []any{
		new(client.Client), new(agents.Service), new(seats.Service), new(seats.Keyring), new(servicetokens.Service),
		new(partner.Service), new(partner.KeyService), new(partner.OrganizationService), new(partner.BillingService),
		new(partner.WebhookService), new(partner.DomainService), new(mcpclient.Session), new(m2m.Source),
		servicetokens.New(nil), seats.New(nil), agents.New(nil), partner.New(nil), servicetokens.New(new(client.Client)),
		new(buyer.Advertisers), new(buyer.Campaigns), new(buyer.MediaBuys), new(buyer.Creatives), new(buyer.Audiences),
		new(buyer.EventSources), new(buyer.Measurements), new(buyer.Catalogs), new(buyer.PropertyLists),
		new(buyer.Reporting), new(buyer.AuditLogs), new(buyer.ActivityCalls), new(buyer.Storefronts),
		new(buyer.Notifications), new(buyer.Tasks), new(client.TokenVar), new(buyer.ExportLink),
		new(client.Response), new(agents.FirstPlatform),
	} {
		value := reflect.ValueOf(zero)
		callAll(t, zero)
		if value.Type().Elem().PkgPath() != "github.com/interchange-sdk/interchange-go/buyer" { // those are values
			callAll(t, reflect.Zero(value.Type()).Interface())
		}
	}
}

func TestDriversOfZeroServicesReturnErrors(t *testing.T) {
	t.Parallel()
	var params servicetokens.RotateParams
	for _, tokens := range []*servicetokens.Service{nil, {}, servicetokens.New(nil)} {
		requireNoRotation(t, tokens.RotationDriver(params))
	}
	for _, keys := range []*partner.KeyService{nil, {}, partner.New(nil).Keys} {
		requireNoRotation(t, keys.RotationDriver(partner.RotateKeyParams{}))
	}
	requireNoRotation(t, new(rotation.Driver[partner.Key, partner.CreatedKey]))
}

func requireNoRotation[T, C any](t *testing.T, driver *rotation.Driver[T, C]) {
	t.Helper()
	state := rotation.State{OldID: "1", NewID: "2"}
	plan := rotation.Plan[C]{
		Deploy:  func(context.Context, *C) error { return nil },
		Confirm: func(context.Context) (bool, error) { return true, nil },
	}
	for _, ctx := range []context.Context{nil, t.Context()} {
		_, err := rotation.Rotate(ctx, driver, "1", plan)
		require.Error(t, err)
		_, err = rotation.Resume(ctx, driver, state, plan)
		require.Error(t, err)
		_, _, err = rotation.Begin(ctx, driver, "1", plan)
		require.Error(t, err)
		_, err = rotation.Finish(ctx, driver, state, plan)
		require.Error(t, err)
		require.Error(t, rotation.Abandon(ctx, driver, state, plan))
	}
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

// mayReturnNil lists the methods whose error is nil for a zero value.
var mayReturnNil = map[string]bool{"Unwrap": true, "ExplainTerms": true}

// callAll calls every method of a value with zero arguments, once without a context and once with one.
func callAll(t *testing.T, value any) {
	t.Helper()
	v := reflect.ValueOf(value)
	for i := range v.NumMethod() {
		method, name := v.Method(i), v.Type().Method(i).Name
		if _, failure := value.(error); failure && v.IsNil() && (name == "Error" || name == "Add" || name == "MarshalText") {
			continue // fmt prints <nil> by itself
		}
		if _, variable := value.(*client.TokenVar); variable && v.IsNil() && name == "Set" {
			continue // it has no error to return, and must not lose a token
		}
		if name == "Format" || method.Type().NumIn() == 0 && v.IsNil() && pointerOnly(v, name) {
			continue
		}
		for _, ctx := range []context.Context{nil, t.Context()} {
			call(t, fmt.Sprintf("%T.%s (nil: %v, context: %v)", value, name, v.IsNil(), ctx != nil), name, method, ctx)
		}
	}
}

// pointerOnly reports whether a method has a value receiver, so that it cannot be called on a nil pointer.
func pointerOnly(v reflect.Value, name string) bool {
	_, byValue := v.Type().Elem().MethodByName(name)
	return byValue
}

func call(t *testing.T, what, name string, method reflect.Value, ctx context.Context) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			assert.Fail(t, what+" panicked", "%v\n%s", r, debug.Stack())
		}
	}()
	in := method.Type()
	var args []reflect.Value
	takesContext := false
	for i := range in.NumIn() - btoi(in.IsVariadic()) {
		arg := reflect.Zero(in.In(i))
		if in.In(i) == contextType {
			takesContext = true
			if ctx != nil {
				arg = reflect.ValueOf(ctx)
			}
		}
		args = append(args, arg)
	}
	for _, out := range method.Call(args) {
		switch {
		case out.Type() == errorType && takesContext && !mayReturnNil[name]:
			require.False(t, out.IsNil(), what+" returned no error")
			err, _ := out.Interface().(error)
			assert.NotEmpty(t, err.Error(), what)
		case out.Kind() == reflect.Func && !out.IsNil() && takesContext:
			iterate(t, what, out)
		}
	}
}

// iterate checks that a sequence yields an error last.
func iterate(t *testing.T, what string, sequence reflect.Value) {
	t.Helper()
	yield := sequence.Type().In(0)
	failed := false
	sequence.Call([]reflect.Value{reflect.MakeFunc(yield, func(values []reflect.Value) []reflect.Value {
		last := values[len(values)-1]
		failed = last.Type() == errorType && !last.IsNil()
		return []reflect.Value{reflect.ValueOf(true)}
	})})
	assert.True(t, failed, what+" yields no error")
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
