package oauth

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestObjectReadsEachMemberByItself(t *testing.T) {
	t.Parallel()
	o, ok := ParseObject([]byte("\ufeff" + `{"text":"a","number":7,"list":["a",1,"",null,"b"],"words":" a  b ",
		"true":true,"yes":"True","error":"invalid_grant"}`))
	require.True(t, ok)
	assert.Equal(t, "a", o.String("text"))
	assert.Empty(t, o.String("number"))
	assert.Equal(t, "7", o.Text("number"))
	assert.Equal(t, []string{"a", "b"}, o.List("list"))
	assert.Equal(t, []string{"a", "b"}, o.List("words"))
	assert.Empty(t, o.List("number"))
	assert.True(t, o.Bool("true"))
	assert.True(t, o.Bool("yes"))
	assert.False(t, o.Bool("text"))
	assert.Equal(t, "invalid_grant", o.ErrorCode())
	for _, absent := range []string{"none", ""} {
		assert.Empty(t, o.Text(absent))
		assert.Nil(t, o.List(absent))
		assert.False(t, o.Bool(absent))
	}
	for _, body := range []string{
		"", "null", "[]", `"x"`, "1", "{", "{}{}", `{"a":1,"a":2}`, "<html>", "\ufeff", "\ufeff\ufeff{}",
	} {
		_, ok := ParseObject([]byte(body))
		assert.False(t, ok, "%q", body)
	}
}

func TestErrorMembersWithoutContentAreNoError(t *testing.T) {
	t.Parallel()
	for value, failed := range map[string]bool{
		`null`: false, `{}`: false, `{ }`: false, `""`: false, `[]`: false, `0`: false, `0.0`: false, `false`: false,
		`"x"`: true, `{"code":1}`: true, `["x"]`: true, `1`: true, `-1`: true, `true`: true,
	} {
		o, ok := ParseObject([]byte(`{"access_token":"a","error":` + value + `}`))
		require.True(t, ok)
		_, reason := ReadToken(o)
		assert.Equal(t, failed, reason != "", value)
	}
}

func TestLifetimeOfAToken(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{
		`3600`: time.Hour, `"3600"`: time.Hour, `1.5`: 1500 * time.Millisecond, `1e400`: MaxLifetime, `-1e400`: -MaxLifetime,
		`1e-300`: 1, `0`: 0, `-1`: -time.Second, `""`: 0, `"soon"`: 0,
		`"NaN"`: 0, `"Inf"`: 0, `{}`: 0, `null`: 0, `true`: 0,
	} {
		o, ok := ParseObject([]byte(`{"access_token":"a","expires_in":` + value + `}`))
		require.True(t, ok)
		token, reason := ReadToken(o)
		assert.Empty(t, reason)
		assert.Equal(t, want, token.Lifetime, value)
	}
}

// FuzzReadToken verifies that a token is returned only for a bearer token without an error.
func FuzzReadToken(f *testing.F) {
	for _, seed := range []string{
		`{"access_token":"a","token_type":"Bearer","expires_in":1}`, "\ufeff" + `{"access_token":"a"}`,
		`{"error":{"x":1},"access_token":"a"}`, `null`,
		`{"access_token":"a","token_type":"DPoP"}`, `{"access_token":"a","scope":["a",{}]}`,
		`{"access_token":"a","expires_in":"-Inf"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		o, ok := ParseObject(body)
		if !ok {
			assert.Nil(t, o)
			return
		}
		for name := range o {
			_, _, _, _ = o.String(name), o.Text(name), o.List(name), o.Bool(name)
		}
		token, reason := ReadToken(o)
		if reason != "" {
			assert.Empty(t, token)
			return
		}
		assert.NotEmpty(t, token.AccessToken)
		assert.Empty(t, o.String("error"))
		assert.True(t, Bearer(o.String("token_type")))
		assert.LessOrEqual(t, token.Lifetime.Abs(), MaxLifetime)
	})
}
