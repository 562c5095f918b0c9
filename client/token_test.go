package client_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// tokenOf joins parts, so that no text of the form of a token stands in this file.
func tokenOf(parts ...string) string { return strings.Join(parts, "_") }

// The shapes in docs/platform.md#authentication.
func TestParseTokenShapes(t *testing.T) {
	t.Parallel()
	id32 := strings.Repeat("aB3dE6gH", 4)
	for _, tt := range []struct{ name, full, clientID, secret string }{
		{"service token", cannedTokenText(), cannedClientID, cannedSecretText},
		{
			"service token, a secret with underscores", tokenOf("scope3", "ak", "01H", "sk", "live", "_x_"), "ak_01H",
			"sk_live__x_",
		},
		{"first platform", tokenOf("scope3", id32, "xyz789"), id32, "xyz789"},
		{"first platform, a secret with underscores", tokenOf("scope3", id32, "xyz", "789"), id32, "xyz_789"},
		{"generic", tokenOf("scope3", "client", "secret"), "client", "secret"},
		{"an id that only looks like a service token's", tokenOf("scope3", "akx", "secret"), "akx", "secret"},
		{"an id in capitals", tokenOf("scope3", "AK", "01H", "secret"), "AK", "01H_secret"},
		{"punctuation", tokenOf("scope3", "a-b.c", "d+e/f=="), "a-b.c", "d+e/f=="},
		{"one character each", tokenOf("scope3", "a", "b"), "a", "b"},
		{"the longest", tokenOf("scope3", "a", strings.Repeat("b", 8<<10-9)), "a", strings.Repeat("b", 8<<10-9)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			token, err := client.ParseToken(tt.full)
			require.NoError(t, err)
			assert.Equal(t, tt.clientID, token.ClientID())
			assert.Equal(t, tt.secret, token.RevealSecret())
			assert.Equal(t, tt.full, token.Reveal())
			assert.False(t, token.IsZero())
			assert.Equal(t, "scope3_"+tt.clientID+"_…", token.String())

			exact, err := client.ParseTokenWithClientID(tt.full, tt.clientID)
			require.NoError(t, err)
			assert.True(t, exact == token)
		})
	}
}

// Where the id is known its underscores do not matter.
func TestParseTokenWithClientID(t *testing.T) {
	t.Parallel()
	full := tokenOf("scope3", "ak", "01H", "ABC", "sk", "live", "s3cret")
	for id, secret := range map[string]string{
		"ak": "01H_ABC_sk_live_s3cret", "ak_01H": "ABC_sk_live_s3cret", "ak_01H_ABC": "sk_live_s3cret",
		"ak_01H_ABC_sk_live": "s3cret",
	} {
		token, err := client.ParseTokenWithClientID(full, id)
		require.NoError(t, err)
		assert.Equal(t, id, token.ClientID())
		assert.Equal(t, secret, token.RevealSecret())
		assert.Equal(t, full, token.Reveal())
	}
	for _, id := range []string{
		"", "a", "ak_", "01H", "AK", "ak_01", "ak_01H_ABC_sk_live_s3cret", full,
		"ak_01H_ABC_sk_live_s3cret_more", "\n", "…",
	} {
		_, err := client.ParseTokenWithClientID(full, id)
		require.ErrorIs(t, err, client.ErrInvalidToken, "%q", id)
		assert.NotContains(t, err.Error(), "s3cret")
	}
}

func TestOpaqueToken(t *testing.T) {
	t.Parallel()
	for _, full := range []string{
		"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0." + strings.Repeat("c2ln", 8), "pk_live_" + strings.Repeat("ab12", 4),
		"bsk_live_" + strings.Repeat("0f", 16), "x", cannedTokenText(), strings.Repeat("x", 8<<10),
	} {
		token, err := client.ParseOpaqueToken(full)
		require.NoError(t, err)
		assert.Empty(t, token.ClientID())
		assert.Equal(t, full, token.Reveal())
		assert.Equal(t, full, token.RevealSecret())
		assert.Equal(t, "(opaque token)", token.String())
	}
}

// checkTokenRefused wants the error that every parser gives, without a trace of what was refused.
func checkTokenRefused(t *testing.T, input string, err error) {
	t.Helper()
	require.ErrorIs(t, err, client.ErrInvalidToken, "%.40q", input)
	var tokenErr *client.TokenError
	require.ErrorAs(t, err, &tokenErr)
	assert.NotEmpty(t, tokenErr.Reason)
	assert.Less(t, len(err.Error()), 256)
	for i := 0; i+8 <= len(input) && i < 64; i++ {
		if piece := input[i : i+8]; piece != "scope3_<" && !strings.HasPrefix(piece, "scope3_") {
			assert.NotContains(t, err.Error(), piece)
		}
	}
}

func TestTokensRefused(t *testing.T) {
	t.Parallel()
	const body = "Zx9Qw8Er7Ty6"
	malformed := []string{
		"scope3_", "scope3__", "scope3_" + body, "scope3_" + body + "_", "scope3__" + body, "scope3_ak_", "scope3_ak_" + body,
		"scope3_ak_" + body + "_", "scope3_ak__" + body, "scope3" + body, "scope3-" + body + "-" + body,
		"SCOPE3_" + body + "_" + body, "Scope3_" + body + "_" + body, "xscope3_" + body + "_" + body, "Bearer", body,
		"eyJhbGciOiJSUzI1NiJ9." + body + "." + body, "pk_live_" + body, "bsk_live_" + body, "scope4_" + body + "_" + body,
	}
	for _, full := range malformed {
		_, err := client.ParseToken(full)
		checkTokenRefused(t, full, err)
	}
	valid := cannedTokenText()
	unsendable := []string{
		"", " ", "\n", valid + "\n", valid + "\r\n", valid + "\r\nX-Evil: 1", "\n" + valid, " " + valid, valid + " ",
		valid[:20] + " " + valid[20:],
		valid + "\t", valid + "\x00", valid + "\x7f", valid + "\x1b[0m", valid + "…", "scope3_" + body + "_…", valid + "ü",
		valid + "\u00a0",
		"\ufeff" + valid, valid + "\u200b", valid + "\xff", valid + "\x80", "Bearer " + valid, strings.Repeat("x", 8<<10+1),
		strings.Repeat("x", 1<<20),
	}
	for _, full := range unsendable {
		for _, parse := range []func(string) (client.Token, error){
			client.ParseToken, client.ParseOpaqueToken,
			func(s string) (client.Token, error) { return client.ParseTokenWithClientID(s, cannedClientID) },
		} {
			token, err := parse(full)
			checkTokenRefused(t, full, err)
			assert.True(t, token.IsZero())
		}
	}
}

// A token goes into a header: of the 256 bytes the 94 visible ones may be in it, wherever they stand.
func TestTokenBytes(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		visible := c > ' ' && c < 0x7f
		for _, full := range []string{
			tokenOf("scope3", "id", "secret"+string([]byte{byte(c)})),
			tokenOf("scope3", "id", "sec"+string([]byte{byte(c)})+"ret"),
			string([]byte{byte(c)}) + "opaque",
		} {
			token, err := client.ParseOpaqueToken(full)
			if visible {
				require.NoError(t, err, "%#x", c)
				assert.Equal(t, full, token.Reveal())
			} else {
				checkTokenRefused(t, full, err)
			}
		}
	}
}

func TestTokensAreComparable(t *testing.T) {
	t.Parallel()
	parse := func(full string) client.Token {
		token, err := client.ParseToken(strings.Clone(full))
		require.NoError(t, err)
		return token
	}
	a, b := parse(cannedTokenText()), parse(cannedTokenText())
	other := parse(cannedTokenText() + "x")
	opaque, err := client.ParseOpaqueToken(cannedTokenText())
	require.NoError(t, err)
	assert.True(t, a == b)
	assert.False(t, a == other)
	assert.False(t, a == opaque, "what is shown differs")
	assert.Equal(t, 1, map[client.Token]int{a: 1}[b])

	var zero client.Token
	assert.True(t, zero.IsZero())
	assert.True(t, zero == client.Token{})
	assert.Equal(t, "(no token)", zero.String())
	assert.Empty(t, zero.Reveal())
	assert.Empty(t, zero.RevealSecret())
	assert.Empty(t, zero.ClientID())
}

func FuzzParseToken(f *testing.F) {
	for _, s := range []string{
		"", "scope3_", "scope3_a_b", "scope3_ak_a_b", "scope3_ak__b", "scope3__", "scope3_a_b\r\n", "scope3_ü_b", "x", "\x00",
		cannedTokenText(), strings.Repeat("scope3_", 2000),
	} {
		f.Add(s, "ak_a")
		f.Add("scope3_"+s+"_secret", s)
	}
	f.Fuzz(func(t *testing.T, full, clientID string) {
		parsed := func(token client.Token, err error) {
			if err != nil {
				if !errors.Is(err, client.ErrInvalidToken) || !token.IsZero() {
					t.Fatalf("%q: %v", full, err)
				}
				// Shorter input may be in the text by chance.
				if len(full) > 12 && strings.Contains(err.Error(), full) {
					t.Fatalf("%q is repeated: %v", full, err)
				}
				return
			}
			if token.Reveal() != full {
				t.Fatalf("%q became %q", full, token.Reveal())
			}
			if id := token.ClientID(); id == "" {
				if token.RevealSecret() != full {
					t.Fatalf("%q: the secret of an opaque token is %q", full, token.RevealSecret())
				}
			} else if tokenOf("scope3", id, token.RevealSecret()) != full {
				t.Fatalf("%q: is not made of %q and %q", full, id, token.RevealSecret())
			}
			// An id may happen to hold what the secret is.
			secret, public := token.RevealSecret(), tokenOf("scope3", token.ClientID(), "")
			if secret == "" ||
				(len(secret) > 16 && strings.Contains(token.String(), secret) && !strings.Contains(public, secret)) {
				t.Fatalf("%q: shown as %q", full, token)
			}
		}
		parsed(client.ParseToken(full))
		parsed(client.ParseOpaqueToken(full))
		parsed(client.ParseTokenWithClientID(full, clientID))
	})
}

func TestParseTokenNamesTheParserOfOtherCredentials(t *testing.T) {
	t.Parallel()
	for _, other := range []string{tokenOf("pk", "live", strings.Repeat("k", 32)), "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"} {
		_, err := client.ParseToken(other)
		assert.EqualError(t, err,
			"interchange: invalid token: it does not begin with scope3_; for OAuth access tokens and keys "+
				"of the Partner API use ParseOpaqueToken")
	}
}
