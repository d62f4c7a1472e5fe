package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/web/middleware"
)

// Inbox takes webhooks.
type Inbox interface {
	// Admit returns nil when a delivery that shows this proof may be read at all, and otherwise why it may not.
	Admit(provider string, p inbox.Proof) error
	// Receive returns nil only when the delivery is stored; inbox.ErrForged when it is not the provider's.
	Receive(ctx context.Context, provider string, p inbox.Proof, body []byte, cut bool) error
}

// Webhooks is what receiving webhooks takes.
type Webhooks struct {
	Inbox Inbox
	// Senders are the providers whose webhooks are expected, each with where they may come from; anywhere where there is
	// none.
	Senders map[string][]netip.Prefix
}

// receiveFor is how long a delivery waits for its place, and then for being stored.
const receiveFor = 5 * time.Second

// notice is the whole answer to a delivery: a status and a few words.
type notice struct {
	status int
	text   string
}

var (
	received    = notice{http.StatusOK, "ok"}
	incomplete  = notice{http.StatusBadRequest, "the body ended early"}
	forged      = notice{http.StatusUnauthorized, "wrong or no proof of the sender"}
	fromAnother = notice{http.StatusForbidden, "not from here"}
	later       = notice{http.StatusServiceUnavailable, "not now; send it again"}
	broken      = notice{http.StatusInternalServerError, "internal error; send it again"}
)

// receiveWebhooks answers a provider's deliveries. Nothing of them is logged.
func (s *Server) receiveWebhooks(from sender) http.HandlerFunc {
	places := make(chan struct{}, from.once)
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := from.deadline(r.Context())
		defer cancel()
		n := s.receive(w, r.WithContext(ctx), from, places)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		switch n.status {
		case http.StatusServiceUnavailable:
			w.Header().Set("Retry-After", "1")
		case http.StatusUnauthorized:
			w.Header().Set("WWW-Authenticate", from.proves)
		}
		w.WriteHeader(n.status)
		_, _ = io.WriteString(w, n.text+"\n") // the sender may have gone
	}
}

// receive reads a body only when its sender may send one and there is a place for it.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, from sender, places chan struct{}) notice {
	proof := proofOf(r)
	if !s.Webhooks.mayCome(from.provider, middleware.ClientIP(r.Context())) {
		s.warn(r, from, "webhook from an address that is not among the provider's sources refused", nil)
		return fromAnother
	}
	if err := s.Webhooks.Inbox.Admit(from.provider, proof); err != nil {
		return s.outcome(r, from, err)
	}
	if !placed(r.Context(), places) {
		return later
	}
	defer func() { <-places }()
	body, cut, err := from.delivery(w, r)
	if err != nil {
		return incomplete
	}
	middleware.Note(r.Context(), slog.Int("body_bytes", len(body)))
	ctx, cancel := context.WithTimeout(r.Context(), receiveFor)
	defer cancel()
	return s.outcome(r, from, s.Webhooks.Inbox.Receive(ctx, from.provider, proof, body, cut))
}

// placed waits for a place, and says whether there is one.
func placed(ctx context.Context, places chan struct{}) bool {
	ctx, cancel := context.WithTimeout(ctx, receiveFor)
	defer cancel()
	select {
	case places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// mayCome says whether a provider's webhooks are taken from an address.
func (h *Webhooks) mayCome(provider string, from netip.Addr) bool {
	sources := h.Senders[provider]
	return len(sources) == 0 ||
		slices.ContainsFunc(sources, func(network netip.Prefix) bool { return network.Contains(from) })
}

// expects says whether a provider's webhooks are taken at all.
func (h *Webhooks) expects(provider string) bool {
	_, ok := h.Senders[provider]
	return ok
}

// outcome is what the sender is told. Only what is stored is received; the sender tries everything else again.
func (s *Server) outcome(r *http.Request, from sender, err error) notice {
	switch {
	case err == nil:
		return received
	case errors.Is(err, inbox.ErrForged):
		s.warn(r, from, "webhook with a wrong secret refused", err)
		return forged
	case onboarding.KindOf(err) == onboarding.Busy, errors.Is(err, context.DeadlineExceeded):
		s.warn(r, from, "webhook not stored", err)
		return later
	case r.Context().Err() != nil:
		return later // the sender has gone
	}
	s.Log.ErrorContext(r.Context(), "webhook not stored", slog.String("provider", from.provider), slog.Any("error", err))
	return broken
}

// warn tells operators of a delivery that was not taken.
func (s *Server) warn(r *http.Request, from sender, what string, why error) {
	facts := []any{slog.String("provider", from.provider), slog.String("request_id", middleware.RequestID(r.Context()))}
	if why != nil {
		facts = append(facts, slog.Any("error", why))
	}
	s.Log.WarnContext(r.Context(), what, facts...)
}
