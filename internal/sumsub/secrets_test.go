package sumsub_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"portal/internal/onboarding"
	"portal/internal/sumsub"
)

func TestRedirectsAreNotFollowedAndCookiesNotKept(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(thief.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		api := &keeping{Handler: always(status, "", "Location", thief.URL, "Set-Cookie", "a=b")}
		c := client(t, api)
		for name, call := range calls {
			want := onboarding.Busy
			if changes[name] {
				want = onboarding.Unanswered // whoever sent us elsewhere may have done it first
			}
			wantKind(t, call(t.Context(), c), want)
		}
		for _, r := range api.all() {
			if r.Header.Get("Cookie") != "" {
				t.Error("a cookie was kept")
			}
		}
	}
	if elsewhere.Load() > 0 {
		t.Error("a redirect was followed")
	}
}

// TestErrorsHoldNoSecrets plays a server that repeats in its errors what it was sent.
func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	repeats := func(status int, form string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var sent bytes.Buffer
			_, _ = sent.ReadFrom(r.Body)
			all := fmt.Sprint(appToken, " ", secretKey, " ", sent.String(), r.Header, strings.Repeat("é", 300), "\n")
			text, _ := json.Marshal(all)
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, form, text)
		})
	}
	for _, status := range []int{200, 302, 400, 401, 404, 409, 429, 500} {
		for _, form := range []string{
			`{"description":%s,"errorCode":1004}`, `{"description":%[1]s,"errorName":%[1]s,"correlationId":%[1]s,"errorCode":%[1]s}`,
			`{"id":%[1]s,"token":%[1]s,"url":%[1]s,"reviewStatus":{"a":%[1]s}}`, `%s`,
		} {
			for name, call := range calls {
				if err := call(t.Context(), client(t, repeats(status, form))); err != nil {
					wantNoSecrets(t, fmt.Sprint(name, " ", status), err)
				}
			}
		}
	}
}

func wantNoSecrets(t *testing.T, of string, err error) {
	t.Helper()
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", slog.Any("error", err))
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), log.String()} {
		for _, secret := range []string{
			appToken, secretKey, "Zoë", "Zimmer", "zimmer.example", "+49301234", "the bytes of a face", picture.ID.String(),
			string(person), strings.Repeat("é", 200),
		} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: %s contains %q", of, text, secret)
			}
		}
		if strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("%s: %q has several lines", of, err)
		}
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	t.Parallel()
	const secret = "hush-hush"
	options := sumsub.Options{AppToken: secret, SecretKey: secret}
	asJSON, err := json.Marshal(options.AppToken)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("options", "key", options.SecretKey, "all", options)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x", options, options, options, options.AppToken, options.SecretKey, options.SecretKey), string(asJSON), log.String(),
	} {
		if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
			t.Error("printed:", text)
		}
	}
}
