package passfort_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/sandbox"
	provider "portal/internal/sandbox/passfort"
)

// listening returns a client and what it has heard of quotas so far.
func listening(t *testing.T, api http.Handler) (*passfort.Client, *[]passfort.Quota) {
	t.Helper()
	srv := httptest.NewServer(api)
	t.Cleanup(srv.Close)
	base, err := url.Parse(srv.URL + "/4.0")
	if err != nil {
		t.Fatal(err)
	}
	var heard []passfort.Quota
	return passfort.New(passfort.Options{BaseURL: base, APIKey: masterKey, Quota: func(ctx context.Context, q passfort.Quota) {
		if ctx != t.Context() {
			t.Error("it is not the caller's context")
		}
		heard = append(heard, q)
	}}), &heard
}

func TestAnswersTellTheQuota(t *testing.T) {
	t.Parallel()
	left := func(n int) []passfort.Quota { return []passfort.Quota{{Call: "create_profile", Remaining: n}} }
	wait := func(n int, d time.Duration) []passfort.Quota {
		return []passfort.Quota{{Call: "create_profile", Remaining: n, Wait: d}}
	}
	for name, test := range map[string]struct {
		status int
		header []string
		want   []passfort.Quota
	}{
		"some are left":       {200, []string{"X-RateLimit-Remaining", "97", "X-RateLimit-Reset-Secs", "2"}, left(97)},
		"a refusal counts":    {400, []string{"X-RateLimit-Remaining", " 0 "}, left(0)},
		"so does garbage":     {502, []string{"X-RateLimit-Remaining", "5"}, left(5)},
		"a fraction":          {200, []string{"X-RateLimit-Remaining", "3.9"}, left(3)},
		"very many":           {200, []string{"X-RateLimit-Remaining", "99999999999999999999"}, left(1_000_000)},
		"over the limit":      {429, []string{"X-RateLimit-Remaining", "0", "X-RateLimit-Retry-Secs", "7"}, wait(0, 7*time.Second)},
		"only how long":       {429, []string{"X-RateLimit-Reset-Secs", "1.5"}, wait(-1, 1500*time.Millisecond)},
		"for ever":            {429, []string{"X-RateLimit-Retry-Secs", "1e300"}, wait(-1, time.Hour)},
		"no refusal, no wait": {200, []string{"X-RateLimit-Retry-Secs", "7"}, nil},
		"nothing":             {200, nil, nil},
		"words":               {429, []string{"X-RateLimit-Remaining", "few", "X-RateLimit-Retry-Secs", "soon"}, wait(-1, time.Second)},
		"no number":           {200, []string{"X-RateLimit-Remaining", "NaN"}, nil},
		"less than nothing":   {429, []string{"X-RateLimit-Remaining", "-4", "X-RateLimit-Retry-Secs", "5"}, wait(-1, 5*time.Second)},
		"a wait until before": {429, []string{"X-RateLimit-Retry-Secs", "-4"}, wait(-1, time.Second)},
		"a bare refusal":      {429, nil, wait(-1, time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, heard := listening(t, always(test.status, `{"id":"abc"}`, test.header...))
			_, _ = c.CreateProfile(t.Context(), stub)
			if diff := cmp.Diff(test.want, *heard); diff != "" {
				t.Error("heard (-want +got):", diff)
			}
		})
	}
}

func TestSandboxTellsTheQuota(t *testing.T) {
	t.Parallel()
	s := sandbox.New(sandbox.Options{MasterKey: masterKey, PassFort: provider.Options{RatePerHour: 60, RateBurst: 2}})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c, heard := listening(t, s.Handler())
	for _, want := range []onboarding.Kind{"", "", onboarding.Busy} {
		if _, err := c.CreateProfile(t.Context(), stub); onboarding.KindOf(err) != want {
			t.Errorf("got %v, want kind %q", err, want)
		}
	}
	if _, err := c.FindProfile(t.Context(), stub, time.Now(), nobodys); err != nil { // which is not limited
		t.Error(err)
	}
	if len(*heard) != 3 {
		t.Fatalf("heard %+v", *heard)
	}
	refused := &(*heard)[2]
	if refused.Wait <= 50*time.Second || refused.Wait > time.Minute {
		t.Errorf("wait %v, want the rest of a minute", refused.Wait)
	}
	refused.Wait = 0
	want := []passfort.Quota{{Call: "create_profile", Remaining: 1}, {Call: "create_profile"}, {Call: "create_profile"}}
	if diff := cmp.Diff(want, *heard); diff != "" {
		t.Error("heard (-want +got):", diff)
	}
}
