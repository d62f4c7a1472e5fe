package passfort_test

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
	"portal/internal/passfort"
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
			if creates(name) {
				want = onboarding.Unanswered // whoever sent us elsewhere may have done it first
			}
			wantKind(t, call(t.Context(), c), want)
		}
		for _, r := range api.kept {
			if r.Header.Get("Cookie") != "" {
				t.Error("a cookie was kept")
			}
		}
	}
	if elsewhere.Load() > 0 {
		t.Error("a redirect was followed")
	}
}

func TestTheKeyTravelsInItsHeaderAlone(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"id":"r","apikey":"k"}`)}
	if _, err := client(t, api).CreateRequest(t.Context(), profile, forms); err != nil {
		t.Fatal(err)
	}
	got := api.only(t)
	if key := got.Header.Get("Apikey"); key != masterKey {
		t.Errorf("apikey: %q", key)
	}
	got.Header.Del("Apikey")
	if rest := fmt.Sprint(got); strings.Contains(rest, masterKey) {
		t.Error("the key is elsewhere too:", rest)
	}
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	message := strings.Repeat("é", 300) + `","info":"body text`
	for _, status := range []int{200, 201, 204, 302, 400, 401, 404, 409, 429, 500} {
		for _, body := range []string{
			`{"errors":[{"code":201,"message":"key ` + masterKey + ` is\nwrong ` + message + `"}],"apikey":"` + requestKey + `"}`,
			`{"errors":[{"code":402,"message":"key ` + masterKey + `"}],"apikey":"` + requestKey + `"}`,
			`{"apikey":"` + requestKey + `","id":{"body text":1}}`,
			requestKey + " body text",
		} {
			for name, call := range calls {
				err := call(t.Context(), client(t, always(status, body)))
				if err == nil {
					t.Fatalf("%s: no error for %d %s", name, status, body)
				}
				var log bytes.Buffer
				slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", slog.Any("error", err))
				for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), log.String()} {
					for _, secret := range []string{masterKey, requestKey, "body text", string(profile), stub.CustomerRef, strings.Repeat("é", 200)} {
						if strings.Contains(text, secret) {
							t.Errorf("%s %d: %s contains %q", name, status, text, secret)
						}
					}
					if strings.ContainsAny(err.Error(), "\r\n") {
						t.Errorf("%s %d: %q has several lines", name, status, err)
					}
				}
			}
		}
	}
}

func TestAPIKeyNeverPrints(t *testing.T) {
	t.Parallel()
	options := passfort.Options{APIKey: masterKey}
	asJSON, err := json.Marshal(options.APIKey)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("options", "key", options.APIKey, "all", options)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q %x", options, options, options, options.APIKey, options.APIKey, options.APIKey), string(asJSON), log.String()} {
		if strings.Contains(text, masterKey) || strings.Contains(text, fmt.Sprintf("%x", masterKey)) {
			t.Error("printed:", text)
		}
	}
}
