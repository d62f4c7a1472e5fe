package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/telemetry"
)

// watching returns a debug listener that shows what read says stands still.
func watching(log *slog.Logger, read func(ctx context.Context) (telemetry.Standing, error)) *telemetry.Debug {
	m := telemetry.NewMetrics("v1.2.3")
	m.WatchStanding(read)
	return telemetry.NewDebug(log, m, nil)
}

func TestMetricsShowWhatStandsStill(t *testing.T) {
	t.Parallel()
	d := watching(slog.New(slog.DiscardHandler), func(context.Context) (telemetry.Standing, error) {
		return telemetry.Standing{
			Registrations: map[string]int{"needs_attention": 1, "unclear": 2}, Waiting: 3, StubMayExist: 4, Orphans: 5,
			OldestDue: 6 * time.Second, WebhooksPending: 7, WebhooksQuarantined: 8, WebhooksForwarding: 9,
			OldestPendingWebhook: 10 * time.Second, OldestForwardingWebhook: 11 * time.Second,
			NoticesPending: 12, NoticesGivenUp: 13, OldestPendingNotice: 14 * time.Second,
			MailsFailed: 15, Structures: 16,
		}, nil
	})
	_, body := get(d, "/metrics")
	for _, want := range []string{
		`portal_registrations{status="needs_attention"} 1`, `portal_registrations{status="unclear"} 2`,
		`portal_registrations{status="starting"} 0`, "portal_registrations_waiting 3",
		"portal_registrations_stub_may_exist 4", "portal_profiles_orphaned 5", "portal_registrations_oldest_due_seconds 6",
		`portal_webhooks{state="pending"} 7`, `portal_webhooks{state="quarantined"} 8`, `portal_webhooks{state="forwarding"} 9`,
		"portal_webhooks_oldest_pending_seconds 10", "portal_webhooks_oldest_forwarding_seconds 11",
		`portal_notices{state="pending"} 12`, `portal_notices{state="given_up"} 13`, "portal_notices_oldest_pending_seconds 14",
		"portal_mails_failed 15", "portal_structures_attention 16",
	} {
		if !strings.Contains(body, "\n"+want+"\n") {
			t.Errorf("no %s", want)
		}
	}
}

func TestFailedReadCostsOnlyItsOwnMetrics(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	d := watching(telemetry.Logger(&buf, slog.LevelInfo), func(context.Context) (telemetry.Standing, error) {
		return telemetry.Standing{Waiting: 3}, errors.New("the database is away")
	})
	status, body := get(d, "/metrics")
	if status != http.StatusOK || !strings.Contains(body, "portal_build_info") {
		t.Errorf("%d, and the other metrics are gone", status)
	}
	if strings.Contains(body, "portal_registrations") || strings.Contains(body, "portal_webhooks") {
		t.Error("shows what was not read")
	}
	if log := buf.String(); !strings.Contains(log, `"level":"WARN"`) || !strings.Contains(log, "the database is away") {
		t.Error("the log does not say why:", log)
	}
}

func TestStandingIsReadAtMostEveryFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		d := watching(slog.New(slog.DiscardHandler), func(context.Context) (telemetry.Standing, error) {
			reads++
			return telemetry.Standing{Waiting: reads}, nil
		})
		for range 8 { // from 0 s to 7 s
			var scrapes sync.WaitGroup
			for range 3 {
				scrapes.Go(func() { get(d, "/metrics") })
			}
			scrapes.Wait()
			time.Sleep(time.Second) // of the bubble's time
		}
		if reads != 2 {
			t.Errorf("%d reads in 7 s, want 2", reads)
		}
	})
}

func TestScrapeWaitsForNoReadLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := watching(slog.New(slog.DiscardHandler), func(ctx context.Context) (telemetry.Standing, error) {
			<-ctx.Done()
			return telemetry.Standing{}, ctx.Err()
		})
		began := time.Now()
		if status, _ := get(d, "/metrics"); status != http.StatusOK {
			t.Error("status", status)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("took %s", took)
		}
	})
}
