package main

import (
	"context"
	"log/slog"
	"time"

	"portal/internal/passfort"
	"portal/internal/telemetry"
)

// canaryEvery is how often the provider's front is looked at.
const canaryEvery = 10 * time.Minute

// canaryFresh is how long what was seen is shown. It ends soon after the next look, which another process may take, so that
// one bad look is not shown for long enough to wake anybody.
const canaryFresh = canaryEvery * 6 / 5

// newCanary looks at the provider's front as browsers see it: a refusal to be framed cannot be told from within a page. What
// it sees is shown in the metrics, and written down when it changes.
func newCanary(front *passfort.Front, shown *telemetry.Canary, log *slog.Logger) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		sight, err := front.Look(ctx)
		if ctx.Err() != nil {
			return ctx.Err() // the portal stops: that says nothing about the provider
		}
		seen := map[string]bool{"script": sight.Served}
		if err == nil {
			seen["frame"] = sight.Framed
		}
		if !shown.Note(seen) {
			return nil
		}
		level := slog.LevelInfo
		if !sight.Served || !sight.Framed {
			level = slog.LevelWarn
		}
		log.Log(ctx, level, "the provider's front has been looked at", slog.Bool("script_served", sight.Served),
			slog.Bool("may_be_framed", sight.Framed), slog.Int("status", sight.Status), slog.String("type", sight.Type), slog.Any("error", err))
		return nil
	}
}
