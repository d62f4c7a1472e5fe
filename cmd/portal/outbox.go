package main

import (
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/delivery"
	"portal/internal/outbox"
	"portal/internal/postgres"
)

// newCourier joins what telling the company's back end takes. It is there without a receiver, too: what nobody wants is
// forgotten in time.
func newCourier(c config.Config, m materials, pool *pgxpool.Pool, observe func(outcome string), log *slog.Logger) *outbox.Courier {
	courier := &outbox.Courier{
		Notices: postgres.NewNotices(pool), Now: time.Now, Jitter: rand.Float64, Observe: observe, Log: log,
	}
	if c.NoticesURL == nil {
		log.Info("notices are off: PORTAL_NOTICES_URL is not set, so the company's back end is not told")
		return courier
	}
	courier.Sender = delivery.NewSender(c.NoticesURL, m.notices)
	return courier
}
