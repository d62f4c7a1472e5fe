package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"portal/internal/config"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/sumsub"
	"portal/internal/telemetry"
)

// newSumsub joins the client of the provider that checks documents with what watches it, and with the pace that all replicas
// keep together.
func newSumsub(c config.Config, store *postgres.Store, metrics *telemetry.Metrics, log *slog.Logger) *sumsub.Client {
	reads, writes := store.SumsubPaces()
	return sumsub.New(sumsub.Options{
		BaseURL: c.SumsubAPIURL, AppToken: sumsub.Secret(c.SumsubAppToken.Reveal()), SecretKey: sumsub.Secret(c.SumsubSecretKey.Reveal()),
		Now: time.Now, Observe: metrics.Provider(fromSumsub), Breaker: breaking(metrics, fromSumsub, log),
		Turn: func(ctx context.Context, write bool) (wait time.Duration, err error) {
			if write {
				return writes.Take(ctx, time.Now())
			}
			return reads.Take(ctx, time.Now())
		},
	})
}

// newUploads joins what taking documents takes.
func newUploads(e *onboarding.Engine, store *postgres.Store) *onboarding.Uploads {
	return &onboarding.Uploads{
		Engine: e, Documents: store,
		NewID: func() onboarding.DocumentID { return onboarding.DocumentID(uuid.Must(uuid.NewV7())) },
	}
}

// levelsWithin is how long the look at the levels may take.
const levelsWithin = 30 * time.Second

// checkLevels looks once at the levels of the flows, so that operators learn at the start, and not from applicants, what is
// wrong with one. The portal works without the answer.
func checkLevels(ctx context.Context, flows []config.Flow, client *sumsub.Client, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, levelsWithin)
	defer cancel()
	for _, f := range flows {
		if f.Provider != fromSumsub {
			continue
		}
		flow := []any{slog.String("flow", f.Name), slog.String("level", f.Level)}
		steps, err := client.Level(ctx, f.Level)
		switch live := (onboarding.Verification{Steps: steps}).Live(); {
		case onboarding.KindOf(err) == onboarding.NotFound:
			log.ErrorContext(ctx, "there is no such level at the provider: its name counts in upper and lower case, and an app token knows those of its own environment only", flow...)
		case err != nil:
			log.WarnContext(ctx, "level not looked at", append(flow, slog.Any("error", err))...)
		case len(live) > 0 && f.Mode == string(onboarding.ModeAPI):
			log.WarnContext(ctx, "the level wants what only the provider's own forms can take: they are shown instead of the portal's pages", append(flow, slog.Any("steps", live))...)
		}
	}
}
