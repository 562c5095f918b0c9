package wire

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// byteOrderMark may precede JSON from servers on Windows. RFC 8259 allows a reader to skip it.
const byteOrderMark = "\xef\xbb\xbf"

// TrimMark removes a byte order mark.
func TrimMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte(byteOrderMark)) }

// TrimJSON removes a byte order mark and surrounding white space.
func TrimJSON(body []byte) []byte {
	return bytes.Trim(TrimMark(bytes.TrimLeft(body, spaces)), spaces)
}

const spaces = " \t\r\n"

// The scanner splits JSON without decoding it. It checks the structure of the level it walks and leaves the values
// to the decoder, so a caller must decode or validate every value it uses.

// scanner steps through the members of an object or the elements of an array.
type scanner struct {
	name     []byte         // of the member, unquoted
	value    jsontext.Value // of the member or element, a part of the JSON
	index    int            // of the element
	complete bool           // after the last step: the JSON is well-formed to its end

	json  []byte
	at    int
	close byte
}

// Members iterates over the unquoted names and the values of an object. It ends where the JSON is malformed.
func Members(object []byte) iter.Seq2[[]byte, jsontext.Value] {
	return func(yield func([]byte, jsontext.Value) bool) {
		for s := scanObject(object); s.next(); {
			if !yield(s.name, s.value) {
				return
			}
		}
	}
}

// Elements iterates over the values of an array. It ends where the JSON is malformed.
func Elements(array []byte) iter.Seq[jsontext.Value] {
	return func(yield func(jsontext.Value) bool) {
		for s := scanArray(array); s.next(); {
			if !yield(s.value) {
				return
			}
		}
	}
}

func scanObject(object []byte) scanner { return newScanner(object, '{', '}') }
func scanArray(array []byte) scanner   { return newScanner(array, '[', ']') }

func newScanner(json []byte, open, closing byte) scanner {
	s := scanner{json: json, index: -1, close: closing}
	s.at = skipSpace(json, 0)
	if s.at >= len(json) || json[s.at] != open {
		s.at = len(json)
		return s
	}
	if s.at = skipSpace(json, s.at+1); s.at < len(json) && json[s.at] == closing {
		s.end()
	}
	return s
}

// end notes that the closing bracket is at the present place.
func (s *scanner) end() {
	s.complete = skipSpace(s.json, s.at+1) == len(s.json)
	s.at = len(s.json)
}

// next steps to the next member or element. It returns false at the end, and where the JSON is malformed.
func (s *scanner) next() bool {
	if s.at >= len(s.json) {
		return false
	}
	start := s.at
	if s.close == '}' {
		nameEnd := SkipString(s.json, start)
		colon := skipSpace(s.json, nameEnd)
		if s.json[start] != '"' || colon >= len(s.json) || s.json[colon] != ':' {
			s.at = len(s.json)
			return false
		}
		s.name = unquoteName(s.json[start:nameEnd])
		start = skipSpace(s.json, colon+1)
	}
	end := skipValue(s.json, start)
	s.at = skipSpace(s.json, end)
	if end <= start || s.at >= len(s.json) {
		s.at = len(s.json)
		return false
	}
	s.index++
	s.value = jsontext.Value(s.json[start:end:end])
	switch s.json[s.at] {
	case ',':
		if s.at = skipSpace(s.json, s.at+1); s.at < len(s.json) && s.json[s.at] == s.close {
			s.at = len(s.json) // a comma after the last value
		}
	case s.close:
		s.end()
	default:
		s.at = len(s.json)
	}
	return true
}

// unquoteName removes the quotes and resolves escapes; the usual name has none and stays a part of the body.
func unquoteName(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	name, err := jsontext.AppendUnquote(nil, quoted)
	if err != nil && name == nil {
		return quoted // with its quotes it equals no name
	}
	return name
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// SkipString returns the end of the string that starts at i, or len(b) if it is not closed.
func SkipString(b []byte, i int) int {
	for i++; i < len(b); {
		quote := bytes.IndexByte(b[i:], '"')
		if quote < 0 {
			return len(b)
		}
		end := i + quote
		backslashes := 0
		for end-backslashes > i && b[end-backslashes-1] == '\\' {
			backslashes++
		}
		if i = end + 1; backslashes%2 == 0 {
			return i
		}
	}
	return len(b)
}

// skipValue returns the end of the value that starts at i, or i if none does.
func skipValue(b []byte, i int) int {
	if i >= len(b) {
		return i
	}
	switch b[i] {
	case '"':
		return SkipString(b, i)
	case '{', '[':
		depth := 0
		for i < len(b) {
			switch b[i] {
			case '"':
				i = SkipString(b, i)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			i++
			if depth == 0 {
				return i
			}
		}
		return i
	}
	for i < len(b) && !bytes.ContainsRune([]byte(" \n\t\r,]}:"), rune(b[i])) {
		i++
	}
	return i
}
