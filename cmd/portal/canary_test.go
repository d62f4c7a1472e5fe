package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/passfort"
	"portal/internal/telemetry"
)

func TestCanaryWritesDownOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	var refuses atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/embed.js" || len(r.Header["Authorization"])+len(r.Header["Apikey"]) > 0 {
			t.Errorf("asked for %s with %v", r.URL, r.Header)
		}
		if refuses.Load() {
			w.Header().Set("X-Frame-Options", "DENY")
		}
		w.Header().Set("Content-Type", "text/javascript")
	}))
	t.Cleanup(site.Close)
	at, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	var book bytes.Buffer
	shown := telemetry.NewMetrics("v1").WatchCanary(time.Hour, time.Now)
	look := newCanary(passfort.NewFront(at, &url.URL{Scheme: "https", Host: "portal.example"}), shown, slog.New(slog.NewJSONHandler(&book, nil)))
	lines := func() int { return strings.Count(book.String(), "\n") }
	for _, step := range []struct {
		refuses bool
		lines   int
	}{{false, 1}, {false, 1}, {true, 2}, {true, 2}, {false, 3}} {
		refuses.Store(step.refuses)
		if err := look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if lines() != step.lines {
			t.Errorf("%d lines, want %d:\n%s", lines(), step.lines, book.String())
		}
	}
	if strings.Count(book.String(), `"level":"WARN"`) != 1 {
		t.Error(book.String())
	}
}
