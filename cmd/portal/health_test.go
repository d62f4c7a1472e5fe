package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"portal/internal/telemetry"
)

func TestHealthTellsWhatThePortalSaysOfItself(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	debug := telemetry.NewDebug(slog.New(slog.DiscardHandler), telemetry.NewMetrics(version), telemetry.Checks{
		"postgres": func(context.Context) error {
			if away.Load() {
				return errors.New("away")
			}
			return nil
		},
	})
	server := httptest.NewServer(debug)
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	everywhere := map[string]string{"PORTAL_DEBUG_LISTEN": ":" + port} // as in a container

	if code, _, stderr := command(t, everywhere, "health"); code != exitOK {
		t.Errorf("exit %d of a portal that is well: %s", code, stderr)
	}
	away.Store(true)
	if code, _, stderr := command(t, everywhere, "health"); code != exitFailure || !strings.Contains(stderr, "postgres") {
		t.Errorf("exit %d of a portal without Postgres: %s", code, stderr)
	}
	if code, _, stderr := command(t, everywhere, "health", "--alive"); code != exitOK {
		t.Errorf("exit %d of a portal that lives: %s", code, stderr)
	}
	server.Close()
	if code, _, _ := command(t, everywhere, "health", "--alive"); code != exitFailure {
		t.Errorf("exit %d of a portal that is gone", code)
	}
}
