package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/seal"
	"portal/internal/sumsub"
	"portal/web"
)

// The providers that send webhooks, as the inbox knows them.
const (
	fromPassFort = string(onboarding.PassFort)
	fromSumsub   = string(onboarding.Sumsub)
)

// newInbox joins what webhooks take. It is there without a secret, too: what was received is still worked off, and
// forgotten in time.
func newInbox(c config.Config, m materials, pool *pgxpool.Pool, engine *onboarding.Engine, linker *onboarding.Linker, log *slog.Logger) *inbox.Inbox {
	i := webhookArchive(c.Environment, m.keys, pool, log)
	i.Hand = func(ctx context.Context, provider, profile string, messages []inbox.Message) error {
		switch {
		case profile == "":
			return nil // it concerns no registration
		case provider == fromSumsub:
			return engine.Hear(ctx, sumsub.Notice(profile, messages)) // it has nobody behind companies
		}
		notice := passfort.Notice(profile, messages)
		return errors.Join(engine.Hear(ctx, notice), linker.Hear(ctx, notice))
	}
	return i
}

// newWebhooksDoor is where webhooks come in; nil where none are expected.
func newWebhooksDoor(ctx context.Context, c config.Config, i *inbox.Inbox, log *slog.Logger) *web.Webhooks {
	door := &web.Webhooks{Inbox: i, Senders: map[string][]netip.Prefix{}}
	for _, sender := range []struct {
		provider, secret string
		sources          []netip.Prefix
	}{
		{fromPassFort, "PASSFORT_WEBHOOK_SECRET", c.WebhookSources},
		{fromSumsub, "SUMSUB_WEBHOOK_SECRET", nil}, // from addresses that change, as its documentation says
	} {
		_, expected := i.Decoders[sender.provider]
		switch {
		case expected:
			door.Senders[sender.provider] = sender.sources
		case c.Uses(sender.provider):
			log.InfoContext(ctx, "webhooks are off: "+sender.secret+" is not set, so the provider is only read", slog.String("provider", sender.provider))
		}
	}
	if len(door.Senders) == 0 {
		return nil
	}
	return door
}

// webhookArchive is an inbox that hands nothing on: for commands.
func webhookArchive(e config.Environment, keys *seal.Keyset, pool *pgxpool.Pool, log *slog.Logger) *inbox.Inbox {
	i := &inbox.Inbox{
		Messages: postgres.NewWebhooks(pool, keys), Decoders: map[string]inbox.Decoder{}, Forwarders: map[string]inbox.Forwarder{},
		Retention: e.WebhookRetention, Now: time.Now, Jitter: rand.Float64, Log: log,
	}
	if secrets := e.SumsubWebhookSecrets(); len(secrets) > 0 {
		i.Decoders[fromSumsub] = sumsub.NewDecoder(secrets, e.SumsubWebhookSHA1)
	}
	secrets := e.WebhookSecrets()
	if len(secrets) == 0 {
		return i
	}
	i.Decoders[fromPassFort] = passfort.NewDecoder(secrets)
	if e.WebhookForwardURL != nil {
		i.Forwarders[fromPassFort] = passfort.NewForwarder(e.WebhookForwardURL, secrets)
	}
	return i
}
