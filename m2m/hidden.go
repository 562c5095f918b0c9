package m2m

import "net/http"

// hiddenTransport is a transport behind a func, where dumpers that use reflection do not look.
type hiddenTransport func() http.RoundTripper

// RoundTrip sends the request.
func (h hiddenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	return h().RoundTrip(req)
}

// revealed returns the transport that rt hides, or rt itself.
func revealed(rt http.RoundTripper) http.RoundTripper {
	if hidden, ok := rt.(hiddenTransport); ok {
		return hidden()
	}
	return rt
}
