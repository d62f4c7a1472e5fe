package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/seal"
	"portal/web"
)

// newInbox joins what webhooks take. It is there without a secret, too: what was received is still worked off, and
// forgotten in time.
func newInbox(c config.Config, m materials, pool *pgxpool.Pool, engine *onboarding.Engine, linker *onboarding.Linker, log *slog.Logger) *inbox.Inbox {
	i := webhookArchive(c.Environment, m.keys, pool, log)
	i.Hand = func(ctx context.Context, _, profile string, messages []inbox.Message) error {
		if profile == "" {
			return nil // it concerns no registration
		}
		notice := passfort.Notice(profile, messages)
		return errors.Join(engine.Hear(ctx, notice), linker.Hear(ctx, notice))
	}
	return i
}

// newWebhooksDoor is where webhooks come in; nil where none are expected.
func newWebhooksDoor(ctx context.Context, c config.Config, i *inbox.Inbox, log *slog.Logger) *web.Webhooks {
	if len(c.WebhookSecrets()) == 0 {
		log.InfoContext(ctx, "webhooks are off: PASSFORT_WEBHOOK_SECRET is not set, so the provider is only read")
		return nil
	}
	return &web.Webhooks{Inbox: i, Sources: c.WebhookSources}
}

// webhookArchive is an inbox that hands nothing on: for commands.
func webhookArchive(e config.Environment, keys *seal.Keyset, pool *pgxpool.Pool, log *slog.Logger) *inbox.Inbox {
	i := &inbox.Inbox{
		Messages: postgres.NewWebhooks(pool, keys), Decoders: map[string]inbox.Decoder{}, Forwarders: map[string]inbox.Forwarder{},
		Retention: e.WebhookRetention, Now: time.Now, Jitter: rand.Float64, Log: log,
	}
	secrets := e.WebhookSecrets()
	if len(secrets) == 0 {
		return i
	}
	i.Decoders["passfort"] = passfort.NewDecoder(secrets)
	if e.WebhookForwardURL != nil {
		i.Forwarders["passfort"] = passfort.NewForwarder(e.WebhookForwardURL, secrets)
	}
	return i
}
