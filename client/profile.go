package client

import (
	"slices"
	"strings"
)

// Profile names the API that a Client speaks: where it is, how its credential travels, and what it does not have. All
// else is the same for every API: retries, limits, errors, redirects, paging. What answers differ in, they say
// themselves: a quota may end in seconds or at a Unix time, and an error may stand inside an envelope or be the body.
type Profile uint8

const (
	// ProfileInterchange is the Interchange platform (docs/platform.md#hosts, #authentication): [Production] unless
	// [WithEnvironment] says otherwise, and the token as an Authorization bearer. It is the zero value.
	ProfileInterchange Profile = iota
	// ProfilePartner is the Bullseye Partner API (docs/platform.md#partner-api): [Bullseye] unless [WithEnvironment]
	// says otherwise, and the key in the X-Partner-API-Key header. It has no seats and no unversioned paths.
	ProfilePartner
)

// apiSpec describes an API to the connection.
type apiSpec struct {
	name        string
	option      string // makes a Client for it
	environment Environment
	hosts       []Environment
	mounts      []Mount
	keyHeader   string   // empty: an Authorization bearer
	seats       bool     // it has seats and unversioned paths
	foreign     []string // prefixes of credentials for another API
}

// apis has a row for each [Profile], in their order. A mount in no row may belong to any API. The prefixes are of the
// keys that Bullseye gives to partners and to organizations (docs/platform.md#authentication).
var apis = [...]apiSpec{{
	name:        "the Interchange platform",
	option:      "client.New without WithProfile",
	environment: Production,
	hosts:       []Environment{Production, ProductionLegacy, Staging, StagingLegacy},
	mounts:      []Mount{MountShared, MountBuyer, MountStorefront, MountMCPBuyer, MountMCPStorefront},
	seats:       true,
	foreign:     []string{"pk_live_", "bsk_live_"},
}, {
	name:        "the Partner API",
	option:      "client.New(client.WithProfile(client.ProfilePartner))",
	environment: Bullseye,
	hosts:       []Environment{Bullseye},
	mounts:      []Mount{MountPartner},
	keyHeader:   "X-Partner-Api-Key",
	foreign:     []string{tokenPrefix, "bsk_live_"},
}}

func (p Profile) spec() *apiSpec { return &apis[min(int(p), len(apis)-1)] }

// checkProfile rejects options that the API does not have. A credential of one API must not reach the other.
func (c *config) checkProfile(before Profile, derived bool) {
	api := c.profile.spec()
	if int(c.profile) >= len(apis) {
		c.failf("unknown profile")
	}
	if derived && c.profile != before {
		c.failf("WithProfile is for New: another API has other credentials")
	}
	if api.seats {
		return
	}
	if c.unversioned {
		c.failf("%s has no unversioned paths", api.name)
	}
	if c.fromEnv || c.source == TokenSource(envToken(EnvAPIKey)) {
		c.failf("FromEnv is for %s: use EnvToken for %s", apis[0].name, api.name)
	}
	if c.call.seat != "" {
		c.failf("%s has no seats", api.name)
	}
}

// checkHost rejects the host of another API.
func (c *config) checkHost(host string) {
	for p := range apis {
		if Profile(p) != c.profile && slices.Contains(apis[p].hosts, Environment("https://"+host)) {
			c.failf("%s is not a host of %s", host, c.profile.spec().name)
		}
	}
}

// check rejects a call that is for another API.
func (p Profile) check(e *ParamError, mount Mount, seat string) {
	for of := range apis {
		if Profile(of) != p && slices.Contains(apis[of].mounts, mount) {
			e.Add("Operation.Mount", "is one of "+apis[of].name+": make the Client with "+apis[of].option)
		}
	}
	if api := p.spec(); seat != "" && !api.seats {
		e.Add("seat", "cannot be chosen: "+api.name+" has none")
	}
}

// checkCredential rejects a token whose form is another API's.
func (a *apiSpec) checkCredential(token Token) error {
	for _, prefix := range a.foreign {
		if strings.HasPrefix(token.Reveal(), prefix) {
			return &TokenError{"a token with the prefix " + prefix + " is not for " + a.name}
		}
	}
	return nil
}
