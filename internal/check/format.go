package check

import "time"

// zeroTime is the JSON of the zero time.Time.
const zeroTime = "0001-01-01T00:00:00Z"

// problem returns a message if a text does not have the format.
func (f Format) problem(value string) string {
	if f == FormatNone {
		return ""
	}
	_, date := time.Parse(time.DateOnly, value)
	_, at := time.Parse(time.RFC3339, value)
	switch {
	case f == FormatDate && date != nil:
		return "must be a day, as YYYY-MM-DD"
	case f == FormatTime && at != nil:
		return "must be a time, as RFC 3339"
	case f == FormatDateOrTime && date != nil && at != nil:
		return "must be a day, as YYYY-MM-DD, or a time, as RFC 3339"
	default:
		return ""
	}
}
