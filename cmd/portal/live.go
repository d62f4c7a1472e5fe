package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"

	"portal/internal/config"
	"portal/internal/postgres"
	"portal/internal/telemetry"
	"portal/web"
	"portal/web/live"
)

// newLive is what telling applicants at once takes, and what hears of changes for that. Where there is no way to a session
// of the portal's own at Postgres there is neither: pages ask.
func newLive(c config.Config, metrics *telemetry.Metrics, log *slog.Logger) (*web.Live, *postgres.Listener, error) {
	url := c.SessionURL().Reveal()
	if url == "" {
		log.Info("changes of registrations are not listened for: pages ask for them", slog.String("setting", "PORTAL_DATABASE_DIRECT_URL"))
		return nil, nil, nil
	}
	listener, err := postgres.NewListener(url, rand.Float64, log)
	if err != nil {
		return nil, nil, fmt.Errorf("where to listen for changes: %w", err)
	}
	hub := &live.Hub{}
	metrics.WatchStreams(hub.Streams)
	return &web.Live{Hub: hub, Jitter: rand.Float64}, listener, nil
}
