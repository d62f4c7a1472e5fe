package telemetry

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	readFor   = 2 * time.Second // how long a scrape waits for the database
	readEvery = 5 * time.Second // however many scrape
)

// Standing is what stands still in the database and should not for long.
type Standing struct {
	Registrations map[string]int // by status, only those that should not last: starting, unclear, needs_attention
	Waiting       int            // registrations waiting for their turn at the provider
	StubMayExist  int            // registrations that may have left a stub profile behind, and no person has said they know
	Orphans       int            // profiles of ours that no registration uses, and no person has said they know
	Structures    int            // companies of whose associates a person should know something, likewise
	OldestDue     time.Duration  // how overdue the most overdue registration is

	WebhooksPending, WebhooksQuarantined, WebhooksForwarding int

	OldestPendingWebhook, OldestForwardingWebhook time.Duration

	NoticesPending, NoticesGivenUp int           // of those to the company's own back end
	OldestPendingNotice            time.Duration // how long one has waited to be delivered

	MailsFailed int // e-mails of the last 24 hours that were refused or bounced, or that could not be sent
}

// passing are the statuses that are always shown, so that an alert sees a zero rather than nothing.
var passing = map[string]int{"starting": 0, "unclear": 0, "needs_attention": 0}

// WatchStanding shows what stands still, which read takes from the database. It is read when Prometheus asks. When
// reading fails, the scrape goes without these metrics and the log says why.
func (m *Metrics) WatchStanding(read func(ctx context.Context) (Standing, error)) {
	m.registry.MustRegister(&standing{read: read})
}

// standing is the collector of a Standing.
type standing struct {
	read func(ctx context.Context) (Standing, error)

	mu   sync.Mutex // held while reading: whoever asks meanwhile gets the same answer
	last Standing
	err  error
	at   time.Time
}

var (
	registrationsGauge = gauge("portal_registrations", "Registrations in a status that should not last.", "status")
	waitingGauge       = gauge("portal_registrations_waiting", "Registrations waiting for their turn at the provider.")
	stubGauge          = gauge("portal_registrations_stub_may_exist", "Registrations that may have left a stub profile behind, not acknowledged.")
	orphansGauge       = gauge("portal_profiles_orphaned", "Profiles of ours that no registration uses, not acknowledged.")
	structuresGauge    = gauge("portal_structures_attention", "Companies of whose associates a person should know something, not acknowledged.")
	oldestDueGauge     = gauge("portal_registrations_oldest_due_seconds", "How overdue the most overdue registration is.")
	webhooksGauge      = gauge("portal_webhooks", "Webhooks that are not done with.", "state")
	oldestPendingGauge = gauge("portal_webhooks_oldest_pending_seconds", "Age of the oldest webhook not processed yet.")
	oldestForwardGauge = gauge("portal_webhooks_oldest_forwarding_seconds", "Age of the oldest webhook not handed on yet.")
	noticesGauge       = gauge("portal_notices", "Notices to the company's own back end that are not delivered.", "state")
	oldestNoticeGauge  = gauge("portal_notices_oldest_pending_seconds", "How long the oldest notice has waited to be delivered.")
	mailsGauge         = gauge("portal_mails_failed", "E-mails of the last 24 hours that were refused or bounced, or that could not be sent.")
)

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// Describe is part of prometheus.Collector.
func (s *standing) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		registrationsGauge, waitingGauge, stubGauge, orphansGauge, structuresGauge, oldestDueGauge,
		webhooksGauge, oldestPendingGauge, oldestForwardGauge, noticesGauge, oldestNoticeGauge, mailsGauge,
	} {
		to <- d
	}
}

// Collect is part of prometheus.Collector.
func (s *standing) Collect(to chan<- prometheus.Metric) {
	now, err := s.current()
	if err != nil {
		to <- prometheus.NewInvalidMetric(registrationsGauge, fmt.Errorf("reading what stands still: %w", err))
		return
	}
	show := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	byStatus := maps.Clone(passing)
	maps.Copy(byStatus, now.Registrations)
	for status, n := range byStatus {
		show(registrationsGauge, float64(n), status)
	}
	show(waitingGauge, float64(now.Waiting))
	show(stubGauge, float64(now.StubMayExist))
	show(orphansGauge, float64(now.Orphans))
	show(structuresGauge, float64(now.Structures))
	show(oldestDueGauge, now.OldestDue.Seconds())
	show(webhooksGauge, float64(now.WebhooksPending), "pending")
	show(webhooksGauge, float64(now.WebhooksQuarantined), "quarantined")
	show(webhooksGauge, float64(now.WebhooksForwarding), "forwarding")
	show(oldestPendingGauge, now.OldestPendingWebhook.Seconds())
	show(oldestForwardGauge, now.OldestForwardingWebhook.Seconds())
	show(noticesGauge, float64(now.NoticesPending), "pending")
	show(noticesGauge, float64(now.NoticesGivenUp), "given_up")
	show(oldestNoticeGauge, now.OldestPendingNotice.Seconds())
	show(mailsGauge, float64(now.MailsFailed))
}

// current is what stands still now, or has a moment ago.
func (s *standing) current() (Standing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.at.IsZero() && time.Since(s.at) < readEvery {
		return s.last, s.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), readFor)
	defer cancel()
	s.last, s.err = s.read(ctx)
	s.at = time.Now()
	return s.last, s.err
}
