package main

import (
	"context"
	"log/slog"
	"time"

	"portal/internal/identity"
	"portal/internal/inbox"
	"portal/internal/jobs"
	"portal/internal/onboarding"
	"portal/internal/outbox"
	"portal/internal/postgres"
)

// forgetting is who forgets what has had its time, beside the webhooks and the notices.
type forgetting struct {
	signIns       *identity.Forgetter
	registrations *onboarding.Forgetter
}

// forgetWithin is how long a round of forgetting takes at most. A process that dies in it keeps the next round waiting until then.
const forgetWithin = 30 * time.Minute

// periodicJobs is what the portal does again and again, whichever of its processes happens to do it.
func periodicJobs(e *onboarding.Engine, i *inbox.Inbox, o *outbox.Courier, r *onboarding.Reporter, f forgetting, canary, reseal func(context.Context) error) []jobs.Periodic {
	return []jobs.Periodic{
		{Name: "read silent requests", Every: time.Minute, Run: e.ReadSilent},
		{Name: "daily summary", Every: 24 * time.Hour, Within: onboarding.SummaryWithin, Run: r.Summarize, AtStart: true},
		{Name: "forget webhooks", Every: time.Hour, Run: i.Forget, AtStart: true},
		{Name: "forget notices", Every: time.Hour, Run: o.Forget, AtStart: true},
		{Name: "forget sign-ins and sessions", Every: time.Hour, Run: f.signIns.Forget, AtStart: true},
		{Name: "forget registrations", Every: time.Hour, Within: forgetWithin, Run: f.registrations.Forget, AtStart: true},
		{Name: "forget applicants", Every: 24 * time.Hour, Within: forgetWithin, Run: f.registrations.ForgetApplicants, AtStart: true},
		{Name: "seal anew", Every: 24 * time.Hour, Within: forgetWithin, Run: reseal, AtStart: true},
		{Name: "look at the provider's front", Every: canaryEvery, Run: canary, AtStart: true},
	}
}

// resealing seals anew, after a rotation of keys, what former ones have sealed.
func resealing(s *postgres.Store, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		anew, lost, err := s.Reseal(ctx)
		if anew > 0 {
			log.InfoContext(ctx, "sealed anew", slog.Int("count", anew))
		}
		if lost > 0 {
			log.ErrorContext(ctx, "sealed values that no key opens: put the missing key back into PORTAL_SEAL_KEYSET", slog.Int("count", lost))
		}
		return err
	}
}
