package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"portal/internal/config"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/telemetry"
	"portal/web"
)

// newEngine joins the engine of registrations with the store and the provider.
func newEngine(c config.Config, flows []web.Flow, store *postgres.Store, turns *postgres.Turns, provider onboarding.Provider, verifier onboarding.Verifier, log *slog.Logger) *onboarding.Engine {
	byName := map[string]onboarding.Flow{}
	for _, f := range flows {
		byName[f.Name] = f.Flow
	}
	return &onboarding.Engine{
		Flows: byName, Registrations: store, Profiles: store, Documents: store, Turns: turns,
		Provider: provider, Verifier: verifier, RefPrefix: c.CustomerRefPrefix, Settle: c.PassFortSettle, CheckSettle: c.SumsubSettle,
		Now:    time.Now,
		NewID:  func() onboarding.RegistrationID { return onboarding.RegistrationID(uuid.Must(uuid.NewV7())) },
		Jitter: rand.Float64,
		Log:    log,
	}
}

// newPassFort joins the provider's client with what watches it.
func newPassFort(c config.Config, quotas map[string]*postgres.Turns, metrics *telemetry.Metrics, log *slog.Logger) *passfort.Client {
	return passfort.New(passfort.Options{
		BaseURL: c.PassFortAPIURL, APIKey: passfort.APIKey(c.PassFortAPIKey.Reveal()), Observe: metrics.Provider(fromPassFort),
		Breaker:        breaking(metrics, fromPassFort, log),
		Quota:          func(ctx context.Context, q passfort.Quota) { lower(ctx, quotas[q.Call], q, log) },
		ControllersKey: c.PassFortControllersKey, UltimatesKey: c.PassFortUltimatesKey,
	})
}

// breaking shows in metrics and in the log when a provider is given a pause.
func breaking(metrics *telemetry.Metrics, provider string, log *slog.Logger) func(call string, open bool) {
	gauge := metrics.Breaker(provider)
	return func(call string, open bool) {
		gauge(call, open)
		if open {
			log.Warn("provider is given a pause", slog.String("provider", provider), slog.String("call", call))
			return
		}
		log.Info("provider answers again", slog.String("provider", provider), slog.String("call", call))
	}
}

// lower takes the provider's word for one of its quotas where it leaves less than we would take.
func lower(ctx context.Context, turns *postgres.Turns, q passfort.Quota, log *slog.Logger) {
	if turns == nil || q.Wait == 0 && (q.Remaining < 0 || q.Remaining >= postgres.Burst) {
		return
	}
	now := time.Now()
	if err := turns.Lower(context.WithoutCancel(ctx), q.Remaining, now, now.Add(q.Wait)); err != nil {
		log.WarnContext(ctx, "provider's quota not noted", slog.Any("error", err))
	}
}
