package passfort_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"portal/internal/onboarding"
)

func TestStatusesBecomeKinds(t *testing.T) {
	t.Parallel()
	const open = "" // unanswered of creating calls, busy of reads
	for status, want := range map[int]onboarding.Kind{
		400: onboarding.Invalid, 422: onboarding.Invalid, 401: onboarding.Denied, 403: onboarding.Denied,
		404: onboarding.NotFound, 409: onboarding.Conflict, 429: onboarding.Busy,
		202: open, 204: open, 206: open, 302: open, 307: open, 402: open, 405: open, 412: open, 418: open,
		500: open, 502: open, 503: open, 504: open,
	} {
		for name, call := range calls {
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				t.Parallel()
				err := call(t.Context(), client(t, always(status, "", "Location", "/elsewhere")))
				switch {
				case name == "ReplaceCompanyFile" && status == http.StatusConflict:
					wantKind(t, err, onboarding.Invalid)
				case name == "ReplaceCompanyFile" && status == http.StatusPreconditionFailed:
					wantKind(t, err, onboarding.Conflict)
				case want == open && creates(name):
					wantKind(t, err, onboarding.Unanswered)
				case want == open, name == "FindProfile" && want == onboarding.NotFound:
					wantKind(t, err, onboarding.Busy)
				default:
					wantKind(t, err, want)
				}
			})
		}
	}
}

func TestGoodStatusesWithoutAGoodBodyLeaveTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "{", "<html>", "[]", `"id"`, "7", "{}", `{"id":null}`, `{"id":""}`, `{"id":7,"apikey":"k"}`, `{"id":"a b","apikey":"k"}`,
		`{"id":"r"}x`, `{"apikey":"k","is_completed":false}`, `{"id":"\u0000","apikey":"k","is_completed":true}`,
		`{"errors":[{"code":302,"message":"later"}]}`, `{"errors":{"code":401}}`, `{"errors":[{"code":501}]}`, `{"errors":["?"]}`,
		`{"id":"r","apikey":"k","is_completed":false,"errors":[{"code":101}]}`,
	} {
		for name, call := range calls {
			t.Run(name+" "+body, func(t *testing.T) {
				t.Parallel()
				want := onboarding.Busy
				if creates(name) {
					want = onboarding.Unanswered
				}
				wantKind(t, call(t.Context(), client(t, always(http.StatusOK, body))), want)
			})
		}
	}
}

// A product that has nothing set up for such a profile ends in an error, nobody says with which status.
func TestProfilesForWhichNothingIsSetUpAreRefused(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		for _, status := range []int{http.StatusOK, http.StatusBadRequest, http.StatusInternalServerError} {
			err := call(t.Context(), client(t, always(status, `{"errors":[{"code":502}]}`)))
			if refused := onboarding.KindOf(err) == onboarding.Invalid; (name == "CreateProfile" || name == "CreateAssociate") && !refused {
				t.Errorf("%s, status %d: %v", name, status, err)
			}
		}
		if name != "CreateProfile" && name != "CreateAssociate" || !creates(name) {
			continue
		}
		wantKind(t, call(t.Context(), client(t, always(http.StatusOK, `{"id":"p-1","errors":[{"code":502}]}`))), onboarding.Unanswered)
	}
}

func TestCreateRequestNeedsBothHalves(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"id":"r"}`, `{"id":"r","apikey":""}`, `{"apikey":"k"}`, `{"id":"r","apikey":"k\n"}`, "null"} {
		_, err := client(t, always(http.StatusOK, body)).CreateRequest(t.Context(), profile, forms)
		wantKind(t, err, onboarding.Unanswered)
	}
}

func TestRefusalsWithGoodStatusAreUnderstood(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]onboarding.Kind{
		`{"errors":[{"code":101,"message":"role is missing"}]}`:         onboarding.Invalid,
		`{"errors":{"code":201,"message":"alone","source":"API"}}`:      onboarding.Invalid,
		`{"errors":[{"code":203}]}`:                                     onboarding.Denied,
		`{"errors":[{"code":204,"message":"bad key"},{"code":101}]}`:    onboarding.Denied,
		`{"id":null,"errors":[{"code":104,"message":"limit reached"}]}`: onboarding.Invalid,
	} {
		for name, call := range calls {
			t.Run(name+" "+body, func(t *testing.T) {
				t.Parallel()
				wantKind(t, call(t.Context(), client(t, always(http.StatusOK, body))), want)
			})
		}
	}
}

func TestTooManyRequestsSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header []string
		want   time.Duration
	}{
		"retry wins":      {[]string{"X-RateLimit-Retry-Secs", "3", "X-RateLimit-Reset-Secs", "9", "Retry-After", "8"}, 3 * time.Second},
		"reset next":      {[]string{"X-RateLimit-Reset-Secs", "9.5", "Retry-After", "8"}, 9500 * time.Millisecond},
		"standard last":   {[]string{"Retry-After", "8"}, 8 * time.Second},
		"past date":       {[]string{"Retry-After", "Mon, 01 Jan 2024 00:00:00 GMT"}, 0},
		"far date":        {[]string{"Retry-After", "Mon, 01 Jan 2624 00:00:00 GMT"}, time.Hour},
		"nonsense passed": {[]string{"X-RateLimit-Retry-Secs", "NaN", "X-RateLimit-Reset-Secs", "-1", "Retry-After", "2"}, 2 * time.Second},
		"bounded":         {[]string{"X-RateLimit-Retry-Secs", "Inf"}, time.Hour},
		"silent":          {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client(t, always(http.StatusTooManyRequests, "", test.header...)).CreateProfile(t.Context(), stub)
			wantKind(t, err, onboarding.Busy)
			if e, ok := errors.AsType[*onboarding.Error](err); !ok || e.RetryAfter != test.want {
				t.Errorf("wait %v, want %v", e.RetryAfter, test.want)
			}
		})
	}
}

func TestErrorsNameCallStatusAndCode(t *testing.T) {
	t.Parallel()
	api := always(http.StatusBadRequest, `{"errors":[{"code":201,"message":"theme is\nunknown","source":"API"}]}`)
	_, err := client(t, api).CreateRequest(t.Context(), profile, forms)
	want := "invalid: POST /forms/profile/{id}/customer_request: HTTP 400, code 201: theme is unknown"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
