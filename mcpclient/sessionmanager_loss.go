package mcpclient

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/interchange-sdk/interchange-go/internal/wire"
)

// loss classifies what a response reports about the session.
type loss int

const (
	sessionKept     loss = iota
	sessionDoubtful      // the status of a lost session without a reason
	sessionGone          // the server reports it lost
)

// sessionLoss reports whether a response means that the server has forgotten the session. Servers report that in many
// forms: with HTTP 404, as the protocol demands, with other statuses, and with JSON-RPC errors in a success. The same
// statuses and codes also report failures of a tool, so the text decides if there is one.
//
// sent is the message that was sent. If its tool or an argument is named "session", an error about sessions is the
// tool's own.
func sessionLoss(status int, body []byte, sent *message) loss {
	said := readComplaint(body)
	aboutArguments := said.code == "-32602" || status == http.StatusBadRequest || status == http.StatusUnprocessableEntity
	explicit := said.names(aboutArguments)
	if explicit && said.code != "-32001" && status != http.StatusNotFound && sent.namesSessions() {
		return sessionKept
	}
	switch status {
	case http.StatusNotFound, http.StatusGone:
		if explicit || said.uninitialized() {
			return sessionGone
		}
		if !said.structured || !said.namesOther() {
			return sessionDoubtful
		}
	case http.StatusConflict, http.StatusUnprocessableEntity:
		if explicit || said.uninitialized() {
			return sessionGone
		}
		if said.generic() {
			return sessionDoubtful
		}
	case http.StatusBadRequest:
		if explicit || said.uninitialized() || said.mentions() && !sent.namesSessions() {
			return sessionGone
		}
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError:
		if explicit && !said.has(loginWords) {
			return sessionGone
		}
	case http.StatusOK:
		if explicit && !said.has(loginWords) || said.uninitialized() {
			if said.rpc && said.code != "-32601" && said.code != "-32700" && strings.HasPrefix(said.code, "-32") {
				return sessionGone
			}
		}
	}
	return sessionKept
}

// namesSessions reports whether a call names a tool or an argument that has to do with sessions of another kind.
func (m *message) namesSessions() bool {
	if m.method != methodCallTool {
		return false
	}
	if strings.Contains(strings.ToLower(m.toolName()), "session") {
		return true
	}
	for name := range wire.Members(member(m.params, "arguments")) {
		if strings.Contains(strings.ToLower(string(name)), "session") {
			return true
		}
	}
	return false
}

// complaint holds the texts of an error response as lower-case words, with a full stop between texts.
type complaint struct {
	words      []string
	structured bool   // it is JSON
	rpc        bool   // it is a JSON-RPC error
	code       string // that of JSON-RPC
}

// Longer texts are no error messages.
const (
	maxComplaint      = 4 << 10
	maxComplaintWords = 200
)

func readComplaint(body []byte) complaint {
	body = wire.TrimJSON(body)
	var c complaint
	lenient := []jsontext.Options{jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)}
	if v := jsontext.Value(body); len(v) > 0 && v.IsValid(lenient...) {
		c.structured = true
		if v.Kind() == '[' {
			for one := range wire.Elements(v) {
				v = one
				break
			}
		}
		if failed := member(v, "error"); failed.Kind() == '{' && member(v, "jsonrpc") != nil {
			c.rpc = true
			c.code = strings.Trim(string(member(failed, "code")), `"`)
		}
		c.collect(v, 0)
		return c
	}
	if !strings.HasPrefix(string(body[:min(len(body), 1)]), "<") {
		c.add(string(body[:min(len(body), maxComplaint)]))
	}
	return c
}

func (c *complaint) collect(v jsontext.Value, depth int) {
	switch {
	case depth > 4:
	case v.Kind() == '"':
		c.add(textOf(v))
	case v.Kind() == '[':
		for one := range wire.Elements(v) {
			c.collect(one, depth+1)
		}
	case v.Kind() == '{':
		for name, value := range wire.Members(v) {
			switch string(name) {
			case "error", "message", "errors", "detail", "details", "title", "reason", "msg", "code", "data",
				"description", "error_description", "errorMessage", "error_message":
				c.collect(value, depth+1)
			}
		}
	}
}

// add splits a text into words. Names written in one word, such as SESSION_NOT_FOUND, are split if they are constants;
// others, such as session_date, are the names of arguments and stay whole.
func (c *complaint) add(s string) {
	s = s[:min(len(s), maxComplaint)]
	s = strings.NewReplacer("n't", " not", "n’t", " not", "cannot", "can not").Replace(s)
	for _, word := range strings.FieldsFunc(s, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		lower := strings.ToLower(word)
		switch strings.ReplaceAll(lower, "_", "") {
		case "sessionid", "mcpsessionid", "sessionidentifier", "mcpsession":
			c.words = append(c.words, "session")
			continue
		case "sessionnotfound", "sessionnotfounderror", "sessionnotfoundexception", "nosuchsession":
			lower = "session_not_found"
		case "sessionexpired", "sessionexpirederror", "expiredsession":
			lower = "session_expired"
		case "sessionterminated", "sessionclosed", "sessiongone", "sessionlost":
			lower = "session_terminated"
		case "invalidsession", "sessioninvalid", "unknownsession", "sessionunknown", "invalidsessionid", "unknownsessionid":
			lower = "unknown_session"
		case "notinitialized", "sessionnotinitialized", "servernotinitialized":
			lower = "not_initialized"
		default:
			if word != strings.ToUpper(word) {
				c.words = append(c.words, lower)
				continue
			}
		}
		c.words = append(c.words, strings.FieldsFunc(lower, func(r rune) bool { return r == '_' })...)
	}
	c.words = append(c.words[:min(len(c.words), maxComplaintWords)], ".")
}

const (
	// goneWords follow or precede the word session where it is lost.
	goneWords = " expired terminated closed ended deleted removed evicted gone lost unknown unrecognized unrecognised " +
		"stale dead nonexistent inactive destroyed disposed "
	// badWords do so, too, but also describe arguments and conflicts.
	badWords = " invalid missing required bad "
	// negatedWords count after a negation: not found, does not exist.
	negatedWords = " found exist exists valid active recognized recognised known initialized initialised available " +
		"alive present established connected "
	// fillWords may stand between such a word and the session that follows it.
	fillWords = " valid active such known existing matching or and mcp http the a an any for to of id unknown invalid " +
		"expired missing server client transport provided current open find with "
	// otherWords name things other than the session; words next to them are about those.
	otherWords = " argument arguments parameter parameters param field property schema tool campaign advertiser " +
		"creative account seat user customer resource prompt product report method page file . "
	// plainWords may stand before the session without meaning a loss.
	plainWords = " no without err error exception failed failure request params parameters header internal found " +
		"unauthorized forbidden conflict entity content gone your this that streamable stateful sse specified in mcperror " +
		"rpc locate . "
	// busyWords report a conflict within a session that is alive.
	busyWords = " already allowed limit too many maximum concurrent busy progress only per "
	// loginWords are about a person's session in a browser, or about credentials.
	loginWords = " login log sign signin logged token cookie password authenticate authentication authorization " +
		"unauthenticated credential credentials bearer oauth browser "
	// genericWords make a message that adds nothing to its status.
	genericWords = " not found conflict gone unprocessable entity content page error errors bad request http the " +
		"requested url was on this server invalid internal unknown no longer available status code . "
)

func isOneOf(list, word string) bool { return strings.Contains(list, " "+word+" ") }

func (c *complaint) has(list string) bool {
	return slices.ContainsFunc(c.words, func(word string) bool { return isOneOf(list, word) })
}

// mentions reports whether the session is mentioned, not beside an argument or a limit.
func (c *complaint) mentions() bool {
	if c.has(strings.Replace(otherWords, " . ", " ", 1)) || c.has(busyWords) {
		return false
	}
	for i, word := range c.words {
		if word == "session" && c.unqualified(i) {
			return true
		}
	}
	return false
}

// unqualified reports whether the session at a place is that of the protocol, and not one of another kind: a checkout
// session, for example.
func (c *complaint) unqualified(at int) bool {
	if at == 0 {
		return true
	}
	before := c.words[at-1]
	return strings.ContainsAny(before, ".0123456789") || isOneOf(plainWords, before) || isOneOf(fillWords, before) ||
		isOneOf(goneWords, before) || isOneOf(badWords, before)
}

// namesOther reports whether something other than the session is missing, such as a tool.
func (c *complaint) namesOther() bool {
	return c.code == "-32601" || c.code == "-32602" || c.has(strings.Replace(otherWords, " . ", " ", 1))
}

// generic reports whether the text only repeats the status.
func (c *complaint) generic() bool {
	return !slices.ContainsFunc(c.words, func(word string) bool {
		return !isOneOf(genericWords, word) && strings.Trim(word, "0123456789-_") != "" &&
			slices.ContainsFunc(strings.Split(word, "_"), func(part string) bool { return !isOneOf(genericWords, part) })
	})
}

// uninitialized reports whether the server expects an initialize first.
func (c *complaint) uninitialized() bool {
	all := " " + strings.Join(c.words, " ") + " "
	for _, phrase := range []string{
		" not initialized ", " not initialised ", " not yet initialized ", " not been initialized ",
		" not yet been initialized ", " uninitialized ", " before initialization ", " before initialize ",
		" expect initialize ", " expected initialize ", " expecting initialize ", " initialize first ", " initialized first ",
		" must initialize ", " initialization required ", " initialize required ", " requires initialization ",
		" not complete initialization ", " initialization not complete ", " initialization was not complete ",
		" not finished initialization ", " call initialize ", " send initialize ", " must be initialized ",
		" initialize the session ", " initialize a session ", " reinitialize ", " re initialize ", " start a new session ",
		" create a new session ", " open a new session ",
	} {
		if strings.Contains(all, phrase) {
			return !c.has(" argument arguments field property ")
		}
	}
	return false
}

// names reports whether the text describes the session as lost. Where it may be about arguments, words that
// complain about those count only directly before or behind the session.
func (c *complaint) names(aboutArguments bool) bool {
	if aboutArguments && c.has(" argument arguments parameter param field property schema ") {
		return false
	}
	for i, word := range c.words {
		if word == "session" && c.unqualified(i) && (c.before(i) || c.behind(i, aboutArguments)) {
			return true
		}
	}
	return false
}

// before looks for a loss in the words before the session: unknown session, no valid session, could not find session.
func (c *complaint) before(at int) bool {
	for i := at - 1; i >= max(at-5, 0); i-- {
		switch word := c.words[i]; {
		case isOneOf(goneWords, word), word == "no", word == "without":
			return true
		case c.code == "-32602" && (word == "missing" || word == "required"): // an argument: the header was sent
		case isOneOf(badWords, word) && !c.has(busyWords):
			return true
		case word == "find" || word == "found" || word == "locate":
			return i > 0 && isOneOf(" not no ", c.words[i-1])
		case !isOneOf(fillWords, word):
			return false
		}
	}
	return false
}

// behind looks for a loss in the words behind the session, past its id: session 12 not found, session has expired.
func (c *complaint) behind(at int, aboutArguments bool) bool {
	negated := false
	for i := at + 1; i < min(at+14, len(c.words)); i++ {
		switch word := c.words[i]; {
		case isOneOf(otherWords, word):
			return false
		case word == "not" || word == "no" || word == "never":
			negated = true
		case negated && (isOneOf(negatedWords, word) || word == "longer"):
			return true
		case isOneOf(goneWords, word):
			return true
		case isOneOf(badWords, word) && !c.has(busyWords) && (!aboutArguments || c.code != "-32602"):
			return true
		case word == "timed" && i+1 < len(c.words) && c.words[i+1] == "out":
			return true
		}
	}
	return false
}
