package wire

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// byteOrderMark may precede JSON from servers on Windows. RFC 8259 allows a reader to skip it.
const byteOrderMark = "\xef\xbb\xbf"

// TrimJSON removes a byte order mark and surrounding white space.
func TrimJSON(body []byte) []byte {
	return bytes.Trim(bytes.TrimPrefix(bytes.TrimLeft(body, spaces), []byte(byteOrderMark)), spaces)
}

const spaces = " \t\r\n"

// The scanner splits JSON without decoding it. It checks the structure of the level it walks and leaves the values
// to the decoder, so a caller must decode or validate every value it uses.

// members walks an object. Names are unquoted; values are parts of object. A malformed object ends the walk. After the
// walk, complete reports whether the object is well-formed to its end.
func members(object []byte, complete *bool) iter.Seq2[[]byte, jsontext.Value] {
	return func(yield func([]byte, jsontext.Value) bool) {
		*complete = false
		i := skipSpace(object, 0)
		if i >= len(object) || object[i] != '{' {
			return
		}
		i = skipSpace(object, i+1)
		if i < len(object) && object[i] == '}' {
			*complete = skipSpace(object, i+1) == len(object)
			return
		}
		for i < len(object) && object[i] == '"' {
			nameEnd := skipString(object, i)
			colon := skipSpace(object, nameEnd)
			if colon >= len(object) || object[colon] != ':' {
				return
			}
			start := skipSpace(object, colon+1)
			end := skipValue(object, start)
			if end <= start {
				return
			}
			if !yield(unquoteName(object[i:nameEnd]), jsontext.Value(object[start:end:end])) {
				return
			}
			i = skipSpace(object, end)
			if i >= len(object) {
				return
			}
			switch object[i] {
			case ',':
				i = skipSpace(object, i+1)
			case '}':
				*complete = skipSpace(object, i+1) == len(object)
				return
			default:
				return
			}
		}
	}
}

// elements walks an array as members walks an object.
func elements(array []byte, complete *bool) iter.Seq2[int, jsontext.Value] {
	return func(yield func(int, jsontext.Value) bool) {
		*complete = false
		i := skipSpace(array, 0)
		if i >= len(array) || array[i] != '[' {
			return
		}
		i = skipSpace(array, i+1)
		if i < len(array) && array[i] == ']' {
			*complete = skipSpace(array, i+1) == len(array)
			return
		}
		for n := 0; i < len(array); n++ {
			end := skipValue(array, i)
			if end <= i {
				return
			}
			if !yield(n, jsontext.Value(array[i:end:end])) {
				return
			}
			i = skipSpace(array, end)
			if i >= len(array) {
				return
			}
			switch array[i] {
			case ',':
				i = skipSpace(array, i+1)
			case ']':
				*complete = skipSpace(array, i+1) == len(array)
				return
			default:
				return
			}
		}
	}
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

// skipString returns the end of the string that starts at i, or len(b) if it is not closed.
func skipString(b []byte, i int) int {
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
		return skipString(b, i)
	case '{', '[':
		depth := 0
		for i < len(b) {
			switch b[i] {
			case '"':
				i = skipString(b, i)
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
