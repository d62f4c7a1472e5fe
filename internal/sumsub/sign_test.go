package sumsub_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
	"portal/internal/sumsub"
)

func TestEveryCallIsSignedAsItGoesOverTheWire(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &keeping{Handler: always(http.StatusOK, `{}`)}
			_ = call(t.Context(), client(t, api))
			if len(api.all()) == 0 {
				t.Error("nobody was asked")
			}
			for _, r := range api.all() {
				wantSigned(t, r)
			}
		})
	}
}

func TestStrangeNamesAreSignedAsTheyAreEscaped(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]string{
		"u-1":           "u-1",
		"a/b?c;d=e,f#g": "a%2Fb%3Fc%3Bd=e%2Cf%23g",
		"Zoë +%20":      "Zo%C3%AB%20+%2520",
		"..":            "..",
		"a//../b":       "a%2F%2F..%2Fb",
	} {
		api := &keeping{Handler: always(http.StatusOK, `{}`)}
		_, _ = client(t, api).FindApplicant(t.Context(), reference)
		for _, r := range api.all() {
			wantSigned(t, r)
			if r.Target != "/resources/applicants/-;externalUserId="+want+"/one" {
				t.Errorf("%q was asked for as %s", reference, r.Target)
			}
		}
	}
	for level, want := range map[string]string{"id and selfie": "id%20and%20selfie", "a+b&c=d": "a%2Bb%26c%3Dd"} {
		api := &keeping{Handler: always(http.StatusOK, `{"id":"1"}`)}
		_, _ = client(t, api).CreateApplicant(t.Context(), onboarding.NewApplicant{Reference: "r", Level: level})
		r := api.only(t)
		wantSigned(t, r)
		if r.Target != "/resources/applicants?levelName="+want {
			t.Errorf("%q was sent as %s", level, r.Target)
		}
	}
}

func TestIDsThatAreNoneAreAskedOfNobody(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, "{}")}
	c := client(t, api)
	for _, id := range []onboarding.ProfileID{"", "..", "a/b", "a?b", "a%2Fb", "é", "a;b"} {
		_, err := c.Verification(t.Context(), id)
		wantKind(t, err, onboarding.Invalid)
		wantKind(t, c.RequestCheck(t.Context(), id), onboarding.Invalid)
		wantKind(t, c.RemoveImage(t.Context(), string(id), "1"), onboarding.Invalid)
	}
	_, err := c.FindApplicant(t.Context(), "")
	wantKind(t, err, onboarding.Invalid)
	if len(api.all()) > 0 {
		t.Errorf("asked %d times", len(api.all()))
	}
}

func TestUploadsOverHTTP2AreSignedToo(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, "{}", "X-Image-Id", "7")}
	srv := httptest.NewUnstartedServer(api)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := sumsub.New(sumsub.Options{BaseURL: base, AppToken: appToken, SecretKey: secretKey, Now: func() time.Time { return noon }})
	sumsub.Trust(c, &tls.Config{RootCAs: srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs})
	if _, err := c.AddDocument(t.Context(), person, picture, content(strings.Repeat(fileBytes, 10_000))); err != nil {
		t.Fatal(err)
	}
	wantSigned(t, api.only(t))
}
