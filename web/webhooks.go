package web

import (
	"bytes"
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
	// Admits says whether a delivery with this Authorization header may be read at all.
	Admits(provider, authorization string) bool
	// Receive returns nil only when the delivery is stored; inbox.ErrForged when it is not the provider's.
	Receive(ctx context.Context, provider, authorization string, body []byte, cut bool) error
}

// Webhooks is what receiving webhooks takes.
type Webhooks struct {
	Inbox   Inbox
	Sources []netip.Prefix // where they may come from; anywhere where there is none
}

// The bounds of deliveries. A hundred messages with a large profile each stay far below them.
const (
	maxDelivery    = 8 << 20  // bytes that are read; what is longer is quarantined
	keptOfTooLong  = 1 << 20  // bytes of it that a person gets to see
	maxDiscarded   = 64 << 20 // bytes of it that are let pass, so that the sender gets our answer
	deliveriesOnce = 32       // bodies in memory at once
	receiveFor     = 5 * time.Second
)

// notice is the whole answer to a delivery: a status and a few words.
type notice struct {
	status int
	text   string
}

var (
	received    = notice{http.StatusOK, "ok"}
	incomplete  = notice{http.StatusBadRequest, "the body ended early"}
	forged      = notice{http.StatusUnauthorized, "wrong secret"}
	fromAnother = notice{http.StatusForbidden, "not from here"}
	later       = notice{http.StatusServiceUnavailable, "not now; send it again"}
	broken      = notice{http.StatusInternalServerError, "internal error; send it again"}
)

// receiveWebhooks answers a provider's deliveries. Nothing of them is logged.
func (s *Server) receiveWebhooks(provider string) http.HandlerFunc {
	places := make(chan struct{}, deliveriesOnce)
	return func(w http.ResponseWriter, r *http.Request) {
		n := s.receive(r, provider, places)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		switch n.status {
		case http.StatusServiceUnavailable:
			w.Header().Set("Retry-After", "1")
		case http.StatusUnauthorized:
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.Log.WarnContext(r.Context(), "webhook with a wrong secret refused", slog.String("provider", provider),
				slog.String("request_id", middleware.RequestID(r.Context())))
		case http.StatusForbidden:
			s.Log.WarnContext(r.Context(), "webhook from an address that is not in PASSFORT_WEBHOOK_SOURCES refused",
				slog.String("provider", provider), slog.String("request_id", middleware.RequestID(r.Context())))
		}
		w.WriteHeader(n.status)
		_, _ = io.WriteString(w, n.text+"\n") // the sender may have gone
	}
}

// receive reads a body only when its sender may send one and there is a place for it.
func (s *Server) receive(r *http.Request, provider string, places chan struct{}) notice {
	authorization := r.Header.Get("Authorization")
	switch {
	case !s.Webhooks.mayCome(middleware.ClientIP(r.Context())):
		return fromAnother
	case !s.Webhooks.Inbox.Admits(provider, authorization):
		return forged
	}
	wait, cancel := context.WithTimeout(r.Context(), receiveFor)
	defer cancel()
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
	case <-wait.Done():
		return later
	}
	body, cut, err := readDelivery(r)
	if err != nil {
		return incomplete
	}
	middleware.Note(r.Context(), slog.Int("body_bytes", len(body)))
	ctx, cancel := context.WithTimeout(r.Context(), receiveFor)
	defer cancel()
	return s.outcome(r, s.Webhooks.Inbox.Receive(ctx, provider, authorization, body, cut))
}

// mayCome says whether webhooks are taken from an address.
func (h *Webhooks) mayCome(from netip.Addr) bool {
	return len(h.Sources) == 0 ||
		slices.ContainsFunc(h.Sources, func(network netip.Prefix) bool { return network.Contains(from) })
}

// readDelivery reads a body, or the beginning of one that is too long.
func readDelivery(r *http.Request) (body []byte, cut bool, err error) {
	var b bytes.Buffer
	b.Grow(int(min(max(r.ContentLength, 0), maxDelivery)) + bytes.MinRead) // no second copy while it grows
	n, err := b.ReadFrom(io.LimitReader(r.Body, maxDelivery+1))
	if err != nil || n <= maxDelivery {
		return b.Bytes(), false, err
	}
	_, _ = io.CopyN(io.Discard, r.Body, maxDiscarded) // an end that breaks off was not to be read anyway
	return slices.Clone(b.Bytes()[:keptOfTooLong]), true, nil
}

// outcome is what the sender is told. Only what is stored is received; the sender tries everything else again.
func (s *Server) outcome(r *http.Request, err error) notice {
	switch {
	case err == nil:
		return received
	case errors.Is(err, inbox.ErrForged):
		return forged
	case onboarding.KindOf(err) == onboarding.Busy, errors.Is(err, context.DeadlineExceeded):
		s.Log.WarnContext(r.Context(), "webhook not stored", slog.Any("error", err))
		return later
	case r.Context().Err() != nil:
		return later // the sender has gone
	}
	s.Log.ErrorContext(r.Context(), "webhook not stored", slog.Any("error", err))
	return broken
}
