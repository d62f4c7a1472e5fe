package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"
)

// BenchmarkGuesses tries codes of one address from one network at 200 a second, asking for another code whenever one is
// dead. It fails when a guess signs in; its figures are what was looked at, and how long the owner then has to wait.
func BenchmarkGuesses(b *testing.B) {
	const perSecond, owner = 200, "owner@example.com"
	h := newHouse(b)
	g := &guesser{house: h, owner: owner}
	for b.Loop() {
		if err := g.ask(b.Context()); err != nil {
			b.Fatal(err)
		}
		took, err := load{perSecond: perSecond, senders: 16, send: g.guess}.run(b.Context(), runLength(b))
		if err != nil {
			b.Fatal(err)
		}
		waited := h.letIn(b, owner)
		codes, looked := h.number(b, "select count(*) from mails"), h.lookedAt(b)
		b.ReportMetric(float64(len(took)), "guesses")
		b.ReportMetric(float64(looked), "looked-at")
		b.ReportMetric(float64(codes), "codes")
		b.ReportMetric(waited.Seconds(), "owner-waits-s")
		took.report(b, "")
		summarise(b, []string{took.row("a guess")},
			fmt.Sprintf("%d guesses, %d of them looked at, %d codes sent, %d signed in", len(took), looked, codes, g.in),
			fmt.Sprintf("the owner signed in %s after the last of them, from the same network", waited.Round(time.Millisecond)))
	}
}

// guesser has a browser's cookie of a sign-in at somebody else's address.
type guesser struct {
	*house
	owner string

	mu     sync.Mutex
	cookie *http.Cookie
	in     int // guesses that signed in
}

// dead is what a page says when no code is good any longer.
var dead = regexp.MustCompile(`You need a new code`)

// ask asks for a code, as far as that is allowed.
func (g *guesser) ask(ctx context.Context) error {
	answer, err := g.form(ctx, "/sign-in", nil, url.Values{"email": {g.owner}})
	if err != nil {
		return err
	}
	for _, c := range answer.cookies {
		g.mu.Lock()
		g.cookie = c
		g.mu.Unlock()
	}
	return nil
}

// guess enters a code.
func (g *guesser) guess(ctx context.Context, _ int) error {
	g.mu.Lock()
	cookie := g.cookie
	g.mu.Unlock()
	answer, err := g.form(ctx, "/sign-in/code", cookie, url.Values{"code": {fmt.Sprintf("%06d", rand.IntN(1_000_000))}})
	if err != nil {
		return err
	}
	switch {
	case answer.status == http.StatusSeeOther:
		g.in++
		return errors.New("a guess has signed in")
	case dead.MatchString(answer.body):
		return g.ask(ctx)
	}
	return nil
}

// formAnswer is what came of a form.
type formAnswer struct {
	status  int
	body    string
	header  http.Header
	cookies []*http.Cookie
}

// form sends a form as a browser does.
func (h *house) form(ctx context.Context, path string, cookie *http.Cookie, fields url.Values) (a formAnswer, err error) {
	status, body, header, err := h.answer(ctx, http.MethodPost, h.origin()+"/onboarding"+path, fields.Encode(), cookieAnd(cookie, "application/x-www-form-urlencoded"))
	return formAnswer{status, body, header, (&http.Response{Header: header}).Cookies()}, err
}

// letIn signs the owner in, who waits for as long as the page says, and returns how long that took.
func (h *house) letIn(b *testing.B, owner string) time.Duration {
	b.Helper()
	began := time.Now()
	asked := h.patiently(b, "/sign-in", nil, url.Values{"email": {owner}})
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(h.sandbox.Mailbox().Messages(owner)[0].Text)
	h.patiently(b, "/sign-in/code", asked.cookies[0], url.Values{"code": {code}})
	return time.Since(began)
}

// patiently sends a form until it is not too early for it.
func (h *house) patiently(b *testing.B, path string, cookie *http.Cookie, fields url.Values) formAnswer {
	b.Helper()
	for {
		answer, err := h.form(b.Context(), path, cookie, fields)
		if err != nil {
			b.Fatal(err)
		}
		if answer.status == http.StatusSeeOther {
			return answer
		}
		wait, err := strconv.Atoi(answer.header.Get("Retry-After"))
		if err != nil || answer.status != http.StatusTooManyRequests {
			b.Fatalf("the owner gets status %d from %s:\n%s", answer.status, path, answer.body)
		}
		select {
		case <-time.After(time.Duration(wait) * time.Second):
		case <-b.Context().Done():
			b.Fatal(b.Context().Err())
		}
	}
}

// lookedAt is how many guesses were compared with a code.
func (h *house) lookedAt(b *testing.B) int {
	b.Helper()
	return h.number(b, "select sum(tries)::int from sign_ins")
}

func (h *house) number(b *testing.B, sql string) (n int) {
	b.Helper()
	if err := h.pool.QueryRow(b.Context(), sql).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}
