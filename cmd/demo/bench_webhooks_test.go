package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"portal/internal/localpg"
)

// What the portal is to bear at once.
const (
	webhooksPerSecond = 500
	pagesPerSecond    = 20
	openRegistrations = 300 // whose profiles some of the webhooks are about
)

// BenchmarkWebhooks measures how long the provider waits until a webhook is acknowledged, which it is after its commit,
// while pages are served. Every webhook that was answered 200 must be in the database afterwards: in one run Postgres is
// restarted in the middle.
func BenchmarkWebhooks(b *testing.B) {
	b.Run("undisturbed", func(b *testing.B) { measureWebhooks(b, func(*localpg.Cluster) error { return nil }) })
	b.Run("postgres-restarted", func(b *testing.B) {
		measureWebhooks(b, func(c *localpg.Cluster) error { return errors.Join(c.Halt(), c.Resume()) })
	})
}

// measureWebhooks has something happen to Postgres in the middle of the load.
func measureWebhooks(b *testing.B, happen func(*localpg.Cluster) error) {
	b.Helper()
	h := newHouse(b)
	v := &reader{house: h, signedIn: h.openForms(b)}
	s := &sender{house: h, ours: h.registered(b)}
	t := traffic{webhooks: load{webhooksPerSecond, 32, s.send}, pages: load{pagesPerSecond, 8, v.visit}}
	var rest time.Duration
	cpu := h.cpuSeconds(b)
	for b.Loop() {
		t.run(b, runLength(b), func() error { return happen(h.cluster) })
		rest += h.awaitHandedOn(b)
	}
	cpu = h.cpuSeconds(b) - cpu
	s.mustAllBeKept(b)
	t.answered.report(b, "")
	b.ReportMetric(milliseconds(t.seen.quantile(0.99)), "page-p99-ms")
	b.ReportMetric(float64(s.refusals()), "refused")
	b.ReportMetric(cpu, "portal-CPU-s")
	summarise(b, []string{t.answered.row("webhooks"), t.seen.row("pages")},
		fmt.Sprintf("webhooks refused: %s; pages refused: %d", s, v.refused.Load()),
		fmt.Sprintf("CPU of the portal: %.1f s; the last webhook was handed on %.1f s after the end", cpu, rest.Seconds()))
}

// traffic is what the portal bears at once.
type traffic struct {
	webhooks, pages load
	answered, seen  times
}

// run has both loads go on for so long, and something happen in the middle.
func (t *traffic) run(b *testing.B, length time.Duration, happen func() error) {
	b.Helper()
	var answered, seen times
	ctx, cancel := context.WithTimeout(b.Context(), length+answerWithin)
	defer cancel()
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() (err error) { answered, err = t.webhooks.run(ctx, length); return err })
	all.Go(func() (err error) { seen, err = t.pages.run(ctx, length); return err })
	all.Go(func() error {
		select {
		case <-time.After(length / 2):
			return happen()
		case <-ctx.Done():
			return nil
		}
	})
	if err := all.Wait(); err != nil {
		b.Fatal(err)
	}
	t.answered, t.seen = append(t.answered, answered...), append(t.seen, seen...)
}

// openForms has applicants start registrations, and returns their cookies.
func (h *house) openForms(b *testing.B) []*http.Cookie {
	b.Helper()
	cookies := h.applicants(b, openRegistrations)
	const atOnce = 4
	for i := 0; i < len(cookies); i += atOnce {
		together(b, atOnce, func(k int) (time.Duration, error) { return h.startToForm(b.Context(), cookies[i+k]) })
	}
	return cookies
}

// ours is what a webhook says of one of our registrations.
type ours struct{ Profile, Request string }

func (h *house) registered(b *testing.B) []ours {
	b.Helper()
	rows, err := h.pool.Query(b.Context(), "select profile_id, request_id from registrations where status = 'open'")
	if err != nil {
		b.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ours])
	if err != nil {
		b.Fatal(err)
	}
	return list
}

// handedOnWithin is longer than a webhook is left alone that was being handed on when Postgres went away.
const handedOnWithin = time.Minute

// awaitHandedOn waits until no webhook does any more, and returns how long that took.
func (h *house) awaitHandedOn(b *testing.B) time.Duration {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), handedOnWithin)
	defer cancel()
	began, tick := time.Now(), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for ; ; <-tick.C {
		var waiting bool
		if err := h.pool.QueryRow(ctx, "select exists (select 1 from webhook_lines)").Scan(&waiting); err != nil {
			b.Fatal(err)
		}
		if !waiting {
			return time.Since(began)
		}
	}
}
