package client

import "strings"

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

// traits are what the connection has to know about an API.
type traits struct {
	name        string
	environment Environment
	keyHeader   string // empty: an Authorization bearer
	interchange bool   // has seats, unversioned paths, and tokens of the form scope3_…
}

func (p Profile) traits() traits {
	if p == ProfilePartner {
		return traits{name: "the Partner API", environment: Bullseye, keyHeader: "X-Partner-Api-Key"}
	}
	return traits{name: "the Interchange platform", environment: Production, interchange: true}
}

// checkProfile tells which options do not go with the API. A credential of one must not reach the other.
func (c *config) checkProfile(before Profile, derived bool) {
	api := c.profile.traits()
	if c.profile > ProfilePartner {
		c.failf("the profile is not one of this package's")
	}
	if derived && c.profile != before {
		c.failf("WithProfile is for New: another API wants another credential")
	}
	if api.interchange {
		return
	}
	if c.unversioned {
		c.failf("%s has no unversioned paths", api.name)
	}
	if c.fromEnv || c.source == TokenSource(envToken(EnvAPIKey)) {
		c.failf("FromEnv reads the credential and the place of %s: give %s its own, see EnvToken", ProfileInterchange.traits().name, api.name)
	}
	if c.call.seat != "" {
		c.failf("%s has no seats", api.name)
	}
}

// checkPlace refuses a place where another API is known to be, for the same reason.
func (c *config) checkPlace(host string) {
	at := c.profile
	switch Environment("https://" + strings.ToLower(host)) {
	case Production, ProductionLegacy, Staging, StagingLegacy:
		at = ProfileInterchange
	case Bullseye:
		at = ProfilePartner
	}
	if at != c.profile {
		c.failf("%s is not where %s is", host, c.profile.traits().name)
	}
}

// check refuses a call that is for another API.
func (p Profile) check(e *ParamError, mount Mount, seat string) {
	if of, known := mount.profile(); known && of != p {
		e.Add("Operation.Mount", "is one of "+of.traits().name+": make the Client with "+of.option())
	}
	if api := p.traits(); seat != "" && !api.interchange {
		e.Add("seat", "cannot be chosen: "+api.name+" has none")
	}
}

// option is what makes a Client of the API.
func (p Profile) option() string {
	if p == ProfilePartner {
		return "client.New(client.WithProfile(client.ProfilePartner))"
	}
	return "client.New without WithProfile"
}

// profile is the API that a mount belongs to. One of the caller's own may belong to any.
func (m Mount) profile() (p Profile, known bool) {
	switch m {
	case MountPartner:
		return ProfilePartner, true
	case MountShared, MountBuyer, MountStorefront, MountMCPBuyer, MountMCPStorefront:
		return ProfileInterchange, true
	}
	return 0, false
}

// The keys that Bullseye gives: to partners, and to organizations for an API of their own
// (docs/platform.md#authentication).
const (
	partnerKeyPrefix      = "pk_live_"
	organizationKeyPrefix = "bsk_live_"
)

// admits refuses a token whose form is another API's.
func (t traits) admits(token Token) error {
	foreign := [...]string{organizationKeyPrefix, tokenPrefix}
	if t.interchange {
		foreign[1] = partnerKeyPrefix
	}
	for _, prefix := range foreign {
		if strings.HasPrefix(token.Reveal(), prefix) {
			return &TokenError{"what begins with " + prefix + " is no credential of " + t.name}
		}
	}
	return nil
}
