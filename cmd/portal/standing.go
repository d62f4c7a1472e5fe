package main

import (
	"context"
	"time"

	"portal/internal/inbox"
	"portal/internal/outbox"
	"portal/internal/postgres"
	"portal/internal/telemetry"
)

// standing reads what stands still, for the metrics.
func standing(store *postgres.Store, i *inbox.Inbox, o *outbox.Courier) func(ctx context.Context) (telemetry.Standing, error) {
	return func(ctx context.Context) (s telemetry.Standing, err error) {
		r, err := store.Standing(ctx)
		if err != nil {
			return s, err
		}
		w, err := i.Standing(ctx)
		if err != nil {
			return s, err
		}
		n, err := o.Standing(ctx)
		if err != nil {
			return s, err
		}
		failed, err := store.FailedMails(ctx, time.Now().Add(-24*time.Hour))
		if err != nil {
			return s, err
		}
		return telemetry.Standing{
			Registrations: map[string]int{
				"starting": r.Starting, "unclear": r.Unclear, "needs_attention": r.NeedsAttention,
			},
			Waiting: r.Waiting, StubMayExist: r.StubMayExist, Orphans: r.Orphans, Structures: r.Structures, OldestDue: since(r.OldestDue),
			WebhooksPending: w.Pending, WebhooksQuarantined: w.Quarantined, WebhooksForwarding: w.Forwarding,
			OldestPendingWebhook: w.OldestPending, OldestForwardingWebhook: w.OldestForwarding,
			NoticesPending: n.Pending, NoticesGivenUp: n.GivenUp, OldestPendingNotice: n.OldestPending,
			MailsFailed: failed,
		}, nil
	}
}

// since is how long ago something was; not at all where it never was, or is still to come.
func since(at time.Time) time.Duration {
	if at.IsZero() {
		return 0
	}
	return max(time.Since(at), 0)
}
