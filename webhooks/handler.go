package webhooks

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"github.com/interchange-sdk/interchange-go/client"
)

// DefaultMaxBody is the limit of a delivery's body, in bytes.
const DefaultMaxBody = 1 << 20

// Handler is an [http.Handler] for one webhook. Set Header, Secrets and Handle. It is safe for concurrent use.
//
// It responds with 204 if Handle returns nil, 401 without a valid signature, 413 to a body over MaxBody, 400 to a body
// that is not an event, 405 to methods other than POST, and 500 if Handle or Secrets fails, so that the platform sends
// the event again. Responses have no body and reveal nothing.
type Handler struct {
	// Header is the header with the signature: [BullseyeSignature] or [InterchangeSignature].
	Header string
	// Secrets returns the valid secrets. It is called for every delivery; see [Secrets].
	Secrets func(ctx context.Context) ([]client.Token, error)
	// Handle processes an event. Its context ends with the request.
	Handle func(ctx context.Context, e Event) error
	// MaxBody is the limit of a body in bytes. Default DefaultMaxBody.
	MaxBody int64
	// Logger reports rejected deliveries at Warn and failures of Handle and Secrets at Error. Nil discards them.
	Logger *slog.Logger
}

// Secrets returns a function for [Handler.Secrets] that always returns the same secrets. Pass the old and the new one
// while you replace a secret.
func Secrets(secrets ...client.Token) func(context.Context) ([]client.Token, error) {
	return func(context.Context) ([]client.Token, error) { return secrets, nil }
}

// ServeHTTP receives one delivery.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, err := h.receive(w, r)
	if err != nil && h != nil && h.Logger != nil {
		level := slog.LevelWarn
		if status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		h.Logger.LogAttrs(r.Context(), level, "webhook delivery rejected",
			slog.Int("status", status), slog.String("error", err.Error()))
	}
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(status)
}

func (h *Handler) receive(w http.ResponseWriter, r *http.Request) (status int, err error) {
	if h == nil || h.Header == "" || h.Secrets == nil || h.Handle == nil {
		return http.StatusInternalServerError, errors.New("the handler requires Header, Secrets and Handle")
	}
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed, errors.New("the method must be POST")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, cmp.Or(max(h.MaxBody, 0), DefaultMaxBody)))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, errors.New("the body is larger than the limit")
	case err != nil:
		return http.StatusBadRequest, errors.New("the body cannot be read")
	}
	secrets, err := h.Secrets(r.Context())
	if err != nil {
		return http.StatusInternalServerError, err
	}
	signature := r.Header.Values(h.Header)
	if len(signature) != 1 || !Verify(body, signature[0], secrets...) {
		return http.StatusUnauthorized, errors.New("the signature is missing or invalid")
	}
	event, err := ParseEvent(body)
	if err != nil {
		return http.StatusBadRequest, err
	}
	if err := h.Handle(r.Context(), event); err != nil {
		return http.StatusInternalServerError, err
	}
	return http.StatusNoContent, nil
}
