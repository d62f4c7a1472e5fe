package faults_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/faults"
)

func TestTooManyRequestsSaysWhenToTryAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule faults.Rule
		want [3]string
	}{
		"by default": {faults.Rule{}, [3]string{"1", "1", "Fri, 02 Jan 2026 03:04:06 +0000"}},
		"as ordered": {faults.Rule{RetryAfterS: 3600}, [3]string{"3600", "3600", "Fri, 02 Jan 2026 04:04:05 +0000"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			s.Now = func() time.Time { return time.Date(2026, 1, 2, 4, 4, 5, 0, time.FixedZone("", 3600)) }
			c.rule.Kind, c.rule.Status = faults.Status, http.StatusTooManyRequests
			s.order(t, c.rule)

			resp, body, err := s.send(t.Context())
			if err != nil || resp.StatusCode != http.StatusTooManyRequests || !strings.Contains(body, `"code":201`) {
				t.Fatalf("%+v: %s, %v", resp, body, err)
			}

			h := resp.Header
			got := [3]string{h.Get("X-RateLimit-Retry-Secs"), h.Get("X-RateLimit-Reset-Secs"), h.Get("X-RateLimit-Reset")}
			if diff := cmp.Diff(c.want, got); diff != "" || h.Get("X-RateLimit-Remaining") != "0" {
				t.Errorf("%s, remaining %q", diff, h.Get("X-RateLimit-Remaining"))
			}
		})
	}
}

func TestOtherStatusesSpeakOfNoLimit(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.order(t, faults.Rule{Kind: faults.Status, Status: http.StatusServiceUnavailable})

	resp, _, err := s.send(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	for name := range resp.Header {
		if strings.HasPrefix(name, "X-Ratelimit") {
			t.Errorf("header %s was sent", name)
		}
	}
}

func TestErrorBodiesHaveTheCodeOfTheirStatus(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]string{400: "201", 401: "204", 403: "204", 404: "201", 429: "201", 500: "401", 504: "401"} {
		s := newService()
		s.order(t, faults.Rule{Kind: faults.Status, Status: status})

		got, body := s.post("/")

		want := `{"errors":[{"code":` + code + `,"message":"A fault was ordered.","source":"API"}]}`
		if got != status || body != want {
			t.Errorf("status %d: %s, want %d: %s", got, body, status, want)
		}
	}
}

func TestRefusalsAtSumsubAreInItsWords(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.order(t, faults.Rule{Kind: faults.Status, Status: http.StatusServiceUnavailable})

	status, body := s.post("/resources/applicants")

	if status != http.StatusServiceUnavailable || !strings.Contains(body, `"code":503`) || strings.Contains(body, "errors") {
		t.Errorf("%d %s", status, body)
	}
}
