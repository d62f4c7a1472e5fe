package sumsub_test

import (
	"net/http"
	"testing"
	"time"

	"portal/internal/sandbox/sumsub"
)

// count makes calls of one kind and says how many were let through.
func (a *account) count(t *testing.T, calls int, method, target string) (passed int, last reply) {
	t.Helper()
	for range calls {
		last = a.api(t, method, target, "")
		if last.status != http.StatusTooManyRequests {
			passed++
		}
	}
	return passed, last
}

func TestLimitsAreThoseOfTheDocumentation(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(*sumsub.Config) {})

	if passed, last := a.count(t, 60, "POST", "/resources/applicants/none/reset"); passed != 50 || last.header.Get("Retry-After") != "5" || last.at("code") != 429.0 {
		t.Errorf("%d writes, then %s", passed, last.raw)
	}
	if passed, _ := a.count(t, 310, "GET", "/resources/status/api"); passed != 300 {
		t.Errorf("%d reads", passed)
	}
	a.pass(t, 5*time.Second)
	if passed, _ := a.count(t, 60, "POST", "/resources/applicants/none/reset"); passed != 50 {
		t.Errorf("%d writes five seconds later", passed)
	}
}

func TestLimitsCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	if passed, _ := a.count(t, 60, "POST", "/resources/applicants/none/reset"); passed != 60 {
		t.Errorf("%d writes", passed)
	}
}
