package wire

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// maxDelay keeps arithmetic with the numbers of a server from overflowing.
const maxDelay = 100 * 365 * 24 * time.Hour

// ParseDecimal parses a decimal number: digits, with an optional sign, fraction and exponent. It rejects the spellings
// that only Go reads as numbers: 1_000, 0x1p4, Inf and NaN. A number beyond the range of float64 is an infinity.
func ParseDecimal(s string) (float64, bool) {
	if !isDecimal(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil || math.IsInf(f, 0)
}

func isDecimal(s string) bool {
	s = trimSign(s)
	mantissa, exponent, hasExponent := cutExponent(s)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || !isDigits(whole) || !isDigits(fraction) {
		return false
	}
	exponent = trimSign(exponent)
	return !hasExponent || (exponent != "" && isDigits(exponent))
}

func trimSign(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

func cutExponent(s string) (mantissa, exponent string, found bool) {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// isDigits reports whether s holds only ASCII digits. The empty string does.
func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// number parses a duration in units. It rounds up: a wait must not end before the server allows it.
func number(s string, unit time.Duration) (time.Duration, bool) {
	f, ok := ParseDecimal(strings.TrimSpace(s))
	switch {
	case !ok || f < 0:
		return 0, false
	case f >= float64(maxDelay/unit):
		return maxDelay, true
	}
	return time.Duration(math.Ceil(f * float64(unit))), true
}

// wholeNumber parses a count, such as the size of a limit.
func wholeNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return n, err == nil && n >= 0
}
