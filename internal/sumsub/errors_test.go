package sumsub_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"portal/internal/onboarding"
)

func TestErrorCodesAreKinds(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]struct {
		status int
		kind   onboarding.Kind
		key    string
		what   error
	}{
		1000: {409, onboarding.Conflict, "", onboarding.ErrTwice},
		1001: {400, onboarding.Invalid, "error.document_too_many", nil},
		1002: {400, onboarding.Invalid, "error.document_too_big", nil},
		1003: {400, onboarding.Invalid, "error.document_empty", nil},
		1004: {400, onboarding.Invalid, "error.document_corrupted", nil},
		1005: {400, onboarding.Invalid, "error.document_format", nil},
		1006: {409, onboarding.Conflict, "error.document_closed", onboarding.ErrClosed},
		1007: {409, onboarding.Invalid, "error.document_size", nil},
		1008: {409, onboarding.Conflict, "error.document_closed", onboarding.ErrClosed},
		1009: {409, onboarding.Conflict, "error.document_closed", onboarding.ErrClosed},
		1010: {409, onboarding.Invalid, "error.document_unwanted", nil},
		1011: {400, onboarding.Invalid, "error.document_encrypted", nil},
		3000: {409, onboarding.Conflict, "", onboarding.ErrAsked},
		4000: {401, onboarding.Denied, "", nil},
		4003: {401, onboarding.Denied, "", nil},
		4004: {400, onboarding.Denied, "", nil},
		9100: {400, onboarding.Invalid, "", nil},
		7777: {409, onboarding.Conflict, "", nil},
	} {
		for _, body := range []string{`{"errorCode":%d,"description":"d"}`, `{"errorCode":"%d","errorName":"n","code":"x"}`} {
			c := client(t, always(want.status, fmt.Sprintf(body, code)))
			for name, err := range map[string]error{"upload": calls["AddDocument"](t.Context(), c), "check": calls["RequestCheck"](t.Context(), c)} {
				wantKind(t, err, want.kind)
				e, ok := errors.AsType[*onboarding.Error](err)
				if !ok || e.Key != want.key || want.what != nil && !errors.Is(err, want.what) || errors.Is(err, onboarding.ErrMissing) {
					t.Errorf("%s, %d: %+v, want %+v", name, code, err, want)
				}
			}
		}
	}
}

func TestStatusesWithoutACodeAreKinds(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]onboarding.Kind{
		400: onboarding.Invalid, 401: onboarding.Denied, 403: onboarding.Denied, 409: onboarding.Conflict,
		415: onboarding.Invalid, 422: onboarding.Invalid, 429: onboarding.Busy,
	} {
		for _, body := range []string{"", "<html>", `{"description":"no","errorCode":null}`} {
			for _, name := range []string{"AddDocument", "Status"} {
				wantKind(t, calls[name](t.Context(), client(t, always(status, body))), want)
			}
		}
	}
}

func TestNobodyKnowsWhatABrokenServerHasDone(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 304, 408, 418, 500, 502, 503} {
		for _, body := range []string{"", `{"errorCode":1004}`, `{"errorCode":4003}`} {
			wantKind(t, calls["AddDocument"](t.Context(), client(t, always(status, body))), onboarding.Unanswered)
		}
	}
	wantKind(t, calls["Status"](t.Context(), client(t, always(http.StatusBadGateway, ""))), onboarding.Busy)
}

func TestStatusesMeanWhatTheyMeanThere(t *testing.T) {
	t.Parallel()
	missing := client(t, always(http.StatusConflict, `{"description":"Not all required documents or data are submitted.","code":409}`))
	err := calls["RequestCheck"](t.Context(), missing)
	wantKind(t, err, onboarding.Conflict)
	if !errors.Is(err, onboarding.ErrMissing) {
		t.Error("got", err)
	}
	err = calls["RemoveImage"](t.Context(), client(t, always(http.StatusNotModified, "")))
	wantKind(t, err, onboarding.Conflict)
	if !errors.Is(err, onboarding.ErrClosed) {
		t.Error("got", err)
	}
	if err := calls["RemoveImage"](t.Context(), client(t, always(http.StatusNotFound, ""))); err != nil {
		t.Error("what is not there does not count:", err)
	}
	for _, name := range []string{"FindApplicant", "Reference", "Verification", "Status", "AddDocument", "RequestCheck"} {
		wantKind(t, calls[name](t.Context(), client(t, always(http.StatusNotFound, ""))), onboarding.NotFound)
	}
	wantKind(t, calls["CreateApplicant"](t.Context(), client(t, always(http.StatusNotFound, ""))), onboarding.Invalid)
}

func TestWhoIsTooFastIsToldHowLongToWait(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"": 5 * time.Second, "7": 7 * time.Second, "0.5": 500 * time.Millisecond, "-1": 5 * time.Second, "NaN": 5 * time.Second,
		"1e99": time.Hour, noon.Add(time.Minute).Format(http.TimeFormat): time.Minute, noon.Add(-time.Minute).Format(http.TimeFormat): 5 * time.Second,
	} {
		err := calls["Status"](t.Context(), client(t, always(http.StatusTooManyRequests, "", "Retry-After", header)))
		e, ok := errors.AsType[*onboarding.Error](err)
		if !ok || e.Kind != onboarding.Busy || e.RetryAfter != want {
			t.Errorf("%q: %+v", header, err)
		}
	}
	err := calls["RequestCheck"](t.Context(), client(t, always(http.StatusConflict, `{"errorCode":3000}`, "Retry-After", "10")))
	if e, ok := errors.AsType[*onboarding.Error](err); !ok || e.RetryAfter != 10*time.Second {
		t.Errorf("got %+v", err)
	}
}
