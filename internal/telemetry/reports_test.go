package telemetry_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"portal/internal/telemetry"
)

func TestReportsAreCounted(t *testing.T) {
	t.Parallel()
	m := telemetry.NewMetrics("v1")
	m.EmbedFailure("link", "network")
	m.CSPViolation("script-src-elem", "extension")
	page := scraped(m)
	for _, line := range []string{
		`portal_embed_failures_total{cause="network",page="link"} 1`,
		`portal_embed_failures_total{cause="frame_refused",page="sdk"} 0`,
		`portal_csp_violations_total{blocked="extension",directive="script-src-elem"} 1`,
	} {
		if !strings.Contains(page, line+"\n") {
			t.Errorf("no %s in\n%s", line, page)
		}
	}
}

func TestCanaryIsShownWhileItIsFresh(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	m := telemetry.NewMetrics("v1")
	c := m.WatchCanary(time.Hour, func() time.Time { return now })
	if strings.Contains(scraped(m), "portal_embed_available{") {
		t.Error("shown before anything was seen")
	}
	if !c.Note(map[string]bool{"script": true, "frame": false}) {
		t.Error("the first look is no news")
	}
	if page := scraped(m); !strings.Contains(page, `portal_embed_available{part="script"} 1`) || !strings.Contains(page, `portal_embed_available{part="frame"} 0`) {
		t.Error(page)
	}
	if c.Note(map[string]bool{"script": true, "frame": false}) {
		t.Error("the same again is news")
	}
	if !c.Note(map[string]bool{"script": true, "frame": true}) {
		t.Error("a change is no news")
	}
	now = now.Add(time.Hour + time.Second)
	if strings.Contains(scraped(m), "portal_embed_available{") {
		t.Error("shown although it is old")
	}
}

// scraped is what Prometheus gets.
func scraped(m *telemetry.Metrics) string {
	_, page := get(telemetry.NewDebug(slog.New(slog.DiscardHandler), m, nil), "/metrics")
	return page
}
