package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"portal/internal/inbox"
)

// sender is a provider that sends webhooks, with the bounds of its deliveries.
type sender struct {
	provider  string
	proves    string        // by what it proves itself, for those who do not
	read      int64         // bytes of a body that are read
	kept      int64         // bytes of a longer one that a person gets to see
	discarded int64         // bytes of it that are let pass, so that the sender gets our answer
	once      int           // bodies in memory at once
	within    time.Duration // how soon it must have its answer, for which its body must be there; 0 is as soon as any request
}

// PassFort's secret is in the header, so only PassFort gets to send us a body: a hundred messages with a large profile
// each stay far below these bounds, and what is longer is quarantined.
var fromPassFort = sender{provider: "passfort", proves: "Bearer", read: 8 << 20, kept: 1 << 20, discarded: 64 << 20, once: 32}

// What Sumsub sends is proved by the body itself, so anybody may have us read one. A message is one of a few kilobytes;
// what is longer is proved by nothing. Sumsub waits for five seconds, with the way here and back.
var fromSumsub = sender{provider: "sumsub", proves: "X-Payload-Digest", read: 256 << 10, once: 64, within: 4500 * time.Millisecond}

// deadline is a delivery's context with the time by which it must have its answer.
func (f sender) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if f.within == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, f.within)
}

// proofOf is what a delivery shows to prove where it comes from.
func proofOf(r *http.Request) inbox.Proof {
	return inbox.Proof{
		Authorization: r.Header.Get("Authorization"), Digest: r.Header.Get("X-Payload-Digest"), Algorithm: r.Header.Get("X-Payload-Digest-Alg"),
	}
}

// delivery reads a body, or the beginning of one that is too long.
func (f sender) delivery(w http.ResponseWriter, r *http.Request) (body []byte, cut bool, err error) {
	if until, ok := r.Context().Deadline(); ok {
		_ = http.NewResponseController(w).SetReadDeadline(until) // a writer without a connection has none, and waits for nothing
	}
	var b bytes.Buffer
	b.Grow(int(min(max(r.ContentLength, 0), f.read)) + bytes.MinRead) // no second copy while it grows
	n, err := b.ReadFrom(io.LimitReader(r.Body, f.read+1))
	if err != nil || n <= f.read {
		return b.Bytes(), false, err
	}
	_, _ = io.CopyN(io.Discard, r.Body, f.discarded) // an end that breaks off was not to be read anyway
	return slices.Clone(b.Bytes()[:f.kept]), true, nil
}
