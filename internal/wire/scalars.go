package wire

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// strictOptions decode the usual response: unknown members pass, lone surrogates (a name that JavaScript cut in the
// middle of an emoji) become U+FFFD, and names are compared exactly.
var strictOptions = jsontext.AllowInvalidUTF8(true)

// liberalOptions also accept scalars in other spellings, such as a time without a zone or a quoted number. Calling a
// function for every value costs a third of the speed, so this is the second try, after strictOptions failed.
var liberalOptions = json.JoinOptions(strictOptions, json.WithUnmarshalers(json.UnmarshalFromFunc(readScalar)))

// unmarshal decodes strictly, and if that fails again with liberal scalars. It resets v in between.
func unmarshal(data []byte, v any) error {
	if json.Unmarshal(data, v, strictOptions) == nil {
		return nil
	}
	reflect.ValueOf(v).Elem().SetZero()
	return json.Unmarshal(data, v, liberalOptions)
}

// unmarshalSalvaging decodes like unmarshal, but a value that cannot be read stays zero. It returns the paths of
// those values.
func unmarshalSalvaging(data []byte, v any) (unread []string, err error) {
	if unmarshal(data, v) == nil {
		return nil, nil
	}
	reflect.ValueOf(v).Elem().SetZero()
	salvage := func(dec *jsontext.Decoder, target any) error {
		t := reflect.TypeOf(target).Elem()
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() && dec.PeekKind() == '{' {
			return errors.ErrUnsupported // its members are read one by one
		}
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if json.Unmarshal(value, target, liberalOptions, jsontext.AllowDuplicateNames(true)) != nil {
			reflect.ValueOf(target).Elem().SetZero()
			unread = append(unread, fieldPath(dec.StackPointer()))
		}
		return nil
	}
	err = json.Unmarshal(data, v, strictOptions, jsontext.AllowDuplicateNames(true),
		json.WithUnmarshalers(json.UnmarshalFromFunc(salvage)))
	return unread, err
}

var errScalar = errors.New("value cannot be parsed")

// readScalar reads a scalar in any spelling that has one meaning. Other values keep their own decoding.
func readScalar(dec *jsontext.Decoder, target any) error {
	if t, ok := target.(*time.Time); ok {
		return readInto(dec, func(s string, quoted bool) bool {
			at, ok := parseTime(s, quoted)
			*t = at
			return ok
		})
	}
	if _, ok := target.(json.UnmarshalerFrom); ok {
		return errors.ErrUnsupported
	}
	if _, ok := target.(json.Unmarshaler); ok {
		return errors.ErrUnsupported
	}
	v := reflect.ValueOf(target).Elem()
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInto(dec, func(s string, _ bool) bool {
			n, ok := parseInteger(s)
			if !ok || v.OverflowInt(n) {
				return false
			}
			v.SetInt(n)
			return true
		})
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return readInto(dec, func(s string, _ bool) bool {
			n, ok := parseInteger(s)
			if !ok || n < 0 || v.OverflowUint(uint64(n)) {
				return false
			}
			v.SetUint(uint64(n))
			return true
		})
	case reflect.Float32, reflect.Float64:
		return readInto(dec, func(s string, _ bool) bool {
			f, ok := parseFloat(s)
			if !ok || v.OverflowFloat(f) {
				return false
			}
			v.SetFloat(f)
			return true
		})
	case reflect.String:
		return readInto(dec, func(s string, _ bool) bool {
			v.SetString(s)
			return true
		})
	case reflect.Bool:
		return readInto(dec, func(s string, _ bool) bool {
			b, ok := parseBool(s)
			v.SetBool(b)
			return ok
		})
	}
	return errors.ErrUnsupported
}

// readInto passes the text of a scalar to set: of a string its content, of a number or boolean its digits or word.
// null leaves the zero value.
func readInto(dec *jsontext.Decoder, set func(s string, quoted bool) bool) error {
	switch kind := dec.PeekKind(); kind {
	case '"', '0', 't', 'f':
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if !set(token.String(), kind == '"') {
			return errScalar
		}
		return nil
	case 'n':
		return dec.SkipValue()
	default:
		return errScalar
	}
}

// longestScalar is the length up to which text may be a number, a time or a boolean. The errors of package strconv and
// time hold a copy of the text each.
const longestScalar = 1 << 10

// parseInteger accepts what has a whole value: 12, 12.0, 1.2e1 and, as text, the empty string for 0.
func parseInteger(s string) (int64, bool) {
	if len(s) > longestScalar {
		return 0, false
	}
	if s = strings.TrimSpace(s); s == "" {
		return 0, true
	}
	if !isDecimal(s) {
		return 0, false
	}
	mantissa, exponent, _ := cutExponent(s)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	shift, err := strconv.Atoi(exponent)
	if err != nil && exponent != "" {
		return 0, false
	}
	digits, point := whole+fraction, len(whole)+shift
	const zeros = "0000000000000000000000000000000000000000" // more than an int64 can have
	switch {
	case strings.Trim(digits, "+-0") == "":
		return 0, true
	case point > len(zeros) || point < 1:
		return 0, false
	case point > len(digits):
		digits += zeros[:point-len(digits)]
	case strings.Trim(digits[point:], "0") != "":
		return 0, false // not whole
	default:
		digits = digits[:point]
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}

// WholeNumber writes a number without a fraction or exponent where its value has none: 7.0 as 7.
func WholeNumber(digits string) string {
	if !strings.ContainsAny(digits, ".eE") {
		return digits
	}
	if n, ok := parseInteger(digits); ok {
		return strconv.FormatInt(n, 10)
	}
	return digits
}

func parseFloat(s string) (float64, bool) {
	if len(s) > longestScalar {
		return 0, false
	}
	if s = strings.TrimSpace(s); s == "" {
		return 0, true
	}
	f, ok := ParseDecimal(s)
	return f, ok && !math.IsInf(f, 0)
}

func parseBool(s string) (value, ok bool) {
	if len(s) > longestScalar {
		return false, false
	}
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1":
		return true, true
	case "false", "0", "":
		return false, true
	}
	return false, false
}

// timeLayouts are the spellings of times beyond RFC 3339, after spaces and letters were normalised. Times without a
// zone are UTC. Go accepts fractions of a second after each of them.
var timeLayouts = [...]string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04:05",
	"2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02T15:04Z07", "2006-01-02T15:04", "2006-01-02",
	"20060102T150405Z07:00", "20060102T150405Z0700", "20060102T150405",
	"Mon, 02 Jan 2006 15:04:05", "Mon, 02 Jan 2006 15:04:05 Z0700",
}

// ParseTime reads the text of a time, see [Decode].
func ParseTime(s string) (time.Time, bool) { return parseTime(s, true) }

// parseTime reads a time in the spellings of common frameworks and databases, and Unix time in seconds or
// milliseconds.
func parseTime(s string, quoted bool) (time.Time, bool) {
	if len(s) > longestScalar {
		return time.Time{}, false
	}
	s = strings.TrimSpace(s)
	if s == "" || strings.HasPrefix(s, "0000-00-00") {
		return time.Time{}, true
	}
	if f, ok := parseFloat(s); ok {
		return parseUnix(f)
	}
	if !quoted {
		return time.Time{}, false
	}
	s = normalTime(strings.ToUpper(s))
	s, leap := withoutLeapSecond(s)
	for _, layout := range timeLayouts {
		if at, err := time.Parse(layout, s); err == nil {
			return at.Add(leap).UTC(), true
		}
	}
	return time.Time{}, false
}

// normalTime rewrites a date and a time of day in upper case to have T between them, no space and no name for UTC.
func normalTime(s string) string {
	if zoned, name, ok := strings.Cut(s, "["); ok && strings.HasSuffix(name, "]") && hasZone(zoned) {
		s = zoned // RFC 9557 adds the name of the zone to its offset
	}
	date, clock, ok := s, "", false
	if i := strings.IndexAny(s, " T"); i >= 0 && strings.Count(s[:i], "-") == 2 {
		date, clock, ok = s[:i], strings.ReplaceAll(s[i+1:], " ", ""), true
	}
	if !ok {
		return strings.TrimSuffix(strings.TrimSuffix(s, " UTC"), " GMT")
	}
	if clock = strings.TrimSuffix(strings.TrimSuffix(clock, "UTC"), "GMT"); clock == "" {
		return date
	}
	return date + "T" + clock
}

// hasZone reports whether a time ends with Z or an offset.
func hasZone(s string) bool {
	_, clock, ok := strings.Cut(s, "T")
	return ok && (strings.HasSuffix(clock, "Z") || strings.ContainsAny(clock, "+-"))
}

// withoutLeapSecond turns 23:59:60 into 23:59:59 and a second to add.
func withoutLeapSecond(s string) (string, time.Duration) {
	_, clock, ok := strings.Cut(s, "T")
	if !ok || len(clock) < 8 || clock[5:8] != ":60" {
		return s, 0
	}
	at := len(s) - len(clock) + 6
	return s[:at] + "59" + s[at+2:], time.Second
}

// parseUnix separates seconds from milliseconds by size: as seconds 1e11 would be the year 5138.
func parseUnix(f float64) (time.Time, bool) {
	switch {
	case f == 0:
		return time.Time{}, true
	case math.Abs(f) >= 1e14:
		return time.Time{}, false
	case math.Abs(f) < 1e11:
		f *= 1000
	}
	return time.UnixMilli(int64(math.Round(f))).UTC(), true
}
