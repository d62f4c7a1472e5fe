package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/telemetry"
)

// get asks the debug listener.
func get(h http.Handler, path string) (status int, body string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func debug(checks telemetry.Checks) *telemetry.Debug {
	return telemetry.NewDebug(slog.New(slog.DiscardHandler), telemetry.NewMetrics("v1.2.3"), checks)
}

func TestLogsAreObjectsALine(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	log := telemetry.Logger(&buf, slog.LevelInfo)
	log.Debug("too quiet")
	log.Info("hello", slog.String("request_id", "r1"), slog.Any("error", errors.New("two\nlines")))
	var line map[string]any
	if err := json.Unmarshal(buf.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if _, err := time.Parse(time.RFC3339Nano, line["time"].(string)); err != nil {
		t.Error(err)
	}
	for key, want := range map[string]string{"level": "INFO", "msg": "hello", "request_id": "r1", "error": "two\nlines"} {
		if line[key] != want {
			t.Errorf("%s is %v, want %s", key, line[key], want)
		}
	}
	if strings.Count(buf.String(), "\n") != 1 {
		t.Error("not one line:", &buf)
	}
}

func TestMetricsCountRequestsAndCalls(t *testing.T) {
	t.Parallel()
	m := telemetry.NewMetrics("v1.2.3")
	m.Request(http.MethodGet, "/onboarding", http.StatusOK, 30*time.Millisecond)
	m.Request(http.MethodGet, "/onboarding", http.StatusOK, 3*time.Second)
	m.Provider("passfort")("create_profile", "unanswered", 20*time.Second)
	m.Breaker("passfort")("create_profile", true)
	m.Breaker("passfort")("read_request", true)
	m.Breaker("passfort")("read_request", false)
	m.Mail("refused")
	m.WatchStreams(func() int { return 3 })
	status, body := get(telemetry.NewDebug(slog.New(slog.DiscardHandler), m, nil), "/metrics")
	if status != http.StatusOK {
		t.Fatal("status", status)
	}
	for _, want := range []string{
		`portal_http_requests_total{method="GET",route="/onboarding",status="200"} 2`,
		`portal_http_request_duration_seconds_bucket{route="/onboarding",le="0.05"} 1`,
		`portal_http_request_duration_seconds_count{route="/onboarding"} 2`,
		`portal_provider_requests_total{call="create_profile",outcome="unanswered",provider="passfort"} 1`,
		`portal_provider_request_duration_seconds_bucket{call="create_profile",provider="passfort",le="30"} 1`,
		`portal_provider_breaker_open{call="create_profile",provider="passfort"} 1`,
		`portal_provider_breaker_open{call="read_request",provider="passfort"} 0`,
		`portal_mails_total{outcome="refused"} 1`, `portal_mails_total{outcome="bounced"} 0`,
		"portal_streams 3", `portal_build_info{goversion="go`, `version="v1.2.3"} 1`, "go_goroutines ", "process_start_time_seconds ",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestFaultsOfTheAuditTrailAreShownOnceItWasVerified(t *testing.T) {
	t.Parallel()
	m := telemetry.NewMetrics("v1.2.3")
	d := telemetry.NewDebug(slog.New(slog.DiscardHandler), m, nil)
	if _, body := get(d, "/metrics"); strings.Contains(body, "portal_audit_faults") {
		t.Error("a trail that nobody has verified is said to hold")
	}
	for faults, want := range map[int]string{0: "\nportal_audit_faults 0\n", 3: "\nportal_audit_faults 3\n"} {
		m.AuditVerified(faults)
		if _, body := get(d, "/metrics"); !strings.Contains(body, want) {
			t.Errorf("%q is not shown in\n%s", want, body)
		}
	}
}

func TestHealthAndProfilesAreServed(t *testing.T) {
	t.Parallel()
	d := debug(telemetry.Checks{"database": func(context.Context) error { return errors.New("away") }})
	for path, want := range map[string]int{"/healthz": 200, "/debug/pprof/": 200, "/debug/pprof/goroutine": 200, "/": 404, "/readyz": 503} {
		if status, _ := get(d, path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}

func TestReadinessNamesFailedChecksWithoutTheirCauses(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	var away atomic.Bool
	d := telemetry.NewDebug(telemetry.Logger(&buf, slog.LevelInfo), telemetry.NewMetrics(""), telemetry.Checks{
		"schema": func(context.Context) error { return nil },
		"database": func(context.Context) error {
			if away.Load() {
				return errors.New("SECRET cause")
			}
			return nil
		},
	})
	if status, body := get(d, "/readyz"); status != http.StatusOK || body != "ready\n" {
		t.Errorf("%d %q", status, body)
	}
	away.Store(true)
	if status, body := get(d, "/readyz"); status != http.StatusServiceUnavailable || body != "database: failed\n" {
		t.Errorf("%d %q", status, body)
	}
	for _, gone := range []bool{true, false, true, true} {
		away.Store(gone)
		get(d, "/readyz")
	}
	if n := strings.Count(buf.String(), "SECRET cause"); n != 2 {
		t.Errorf("the log names the cause %d times, want once for each time that it is gone:\n%s", n, &buf)
	}
}

func TestReadinessWaitsForNoCheckLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		d := debug(telemetry.Checks{
			"obedient": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			"deaf":     func(context.Context) error { <-stop; return nil },
			"quick":    func(context.Context) error { return nil },
			"refused":  func(context.Context) error { return errors.New("no") },
		})
		began := time.Now()
		status, body := get(d, "/readyz")
		want := "deaf: no answer in time\nobedient: no answer in time\nrefused: failed\n"
		if status != http.StatusServiceUnavailable || body != want {
			t.Errorf("%d %q", status, body)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("took %v", took)
		}
		close(stop)
	})
}

func TestNotReadyComesFirstInAStop(t *testing.T) {
	t.Parallel()
	d := debug(nil)
	if status, _ := get(d, "/readyz"); status != http.StatusOK {
		t.Error("not ready without checks:", status)
	}
	d.NotReady()
	if status, body := get(d, "/readyz"); status != http.StatusServiceUnavailable || body != "stopping\n" {
		t.Errorf("%d %q", status, body)
	}
	if status, _ := get(d, "/healthz"); status != http.StatusOK {
		t.Error("not alive while stopping:", status)
	}
}
