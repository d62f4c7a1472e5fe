package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/sandbox/faults"
	"portal/web"
)

// fromSumsub is where the real forms come from.
func fromSumsub(t *testing.T) *web.SDK {
	return &web.SDK{
		Script: parseURL(t, "https://static.sumsub.com/idensic/static/sns-websdk-builder.js"), Frame: parseURL(t, "https://in.sumsub.com"),
	}
}

// opens checks that the page is the one with the provider's forms for documents and camera, which alone may load them.
func (p page) opens(frame string) element {
	p.t.Helper()
	p.shows(http.StatusOK, "sdk.loading")
	places := p.elements("div").with("id", "websdk")
	if len(places) != 1 || places[0].attrs["data-base"] != frame {
		p.t.Fatalf("%s has no place for the forms of %s:\n%s", p.what, frame, p.body)
	}
	return places[0]
}

func TestPageOfTheProvidersFormsMayLoadThemAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{sdk: fromSumsub(t)})
	v := w.verify("ada@example.com", "websdk")
	p := v.get("")
	p.opens("https://in.sumsub.com")
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self' https://static.sumsub.com; frame-src https://in.sumsub.com; " +
			"connect-src 'self'; img-src 'self'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
			"report-uri /onboarding/reports/csp?page=sdk; report-to csp",
		"Referrer-Policy": "strict-origin-when-cross-origin",
		"Cache-Control":   "no-store",
	} {
		if got := p.header.Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if len(p.elements("script").with("src", "https://static.sumsub.com/idensic/static/sns-websdk-builder.js")) != 1 {
		t.Errorf("the provider's script is not on the page:\n%s", p.body)
	}
	features := strings.Split(p.header.Get("Permissions-Policy"), ", ")
	var on []string
	for _, f := range features {
		if !strings.HasSuffix(f, "=()") {
			on = append(on, f)
		}
	}
	if diff := cmp.Diff([]string{`camera=(self "https://in.sumsub.com")`, `microphone=(self "https://in.sumsub.com")`}, on); diff != "" {
		t.Errorf("what the page may use of the browser (-want +got):\n%s", diff)
	}
	for _, other := range []string{"?flow=individual", "/sessions", "/sign-out"} {
		if p := v.get(other); p.status == http.StatusOK {
			p.ordinary()
		}
	}
}

func TestPageOfTheProvidersFormsHoldsNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "websdk")
	p := v.get("")
	place := p.opens("http://websdk.localhost:" + w.checks.Port())
	token := v.token(place.attrs["data-token-url"], place.attrs["data-registration"])
	if token == "" || strings.Contains(p.body, "_act-") {
		t.Errorf("token %q, and the page:\n%s", token, p.body)
	}
	if _, err := w.sandbox.Sumsub().TokenApplicant(token); err != nil {
		t.Errorf("the token opens nothing: %v", err)
	}
	for _, secret := range []string{token, "_act-"} {
		if line := lineWith(w.log.String(), secret); line != "" {
			t.Errorf("the log holds a token: %s", line)
		}
	}
}

// token asks for what opens the forms, as the page's script does.
func (v *verification) token(address, registration string) string {
	v.w.t.Helper()
	p := v.post("https://www.example.com"+address, "registration", registration).shows(http.StatusOK)
	if p.header.Get("Cache-Control") != "no-store" || p.header.Get("Content-Type") != "application/json" {
		v.w.t.Errorf("headers %v", p.header)
	}
	return p.tokenAnswer().Token
}

func (p page) tokenAnswer() (got struct{ Token, Error string }) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(p.body), &got); err != nil {
		p.t.Fatalf("%s: %v\n%s", p.what, err, p.body)
	}
	return got
}

func TestTokensAreForTheVisitorsOwnRegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	ada := w.verify("ada@example.com", "websdk")
	eve := w.verify("eve@example.com", "websdk")
	eve.post("/documents/token", "registration", ada.id).shows(http.StatusNotFound)
	eve.post("/documents/token", "registration", "").shows(http.StatusOK) // her own
	w.browser().post("/documents/token", "registration", ada.id).shows(http.StatusUnauthorized)
	forged := ada.request(http.MethodPost, "/documents/token", map[string][]string{"registration": {ada.id}})
	forged.Header.Set("Sec-Fetch-Site", "cross-site")
	ada.do(forged).shows(http.StatusForbidden)
	holder, err := w.sandbox.Sumsub().TokenApplicant(ada.token("/onboarding/documents/token", ada.id))
	if err != nil || holder.ExternalUserID != ada.id {
		t.Errorf("the token is for %q: %v", holder.ExternalUserID, err)
	}
	if n := w.effects()["applicant.create"]; n != 2 {
		t.Errorf("%d applicants for two people", n)
	}
}

func TestScriptsAreToldInWordsWhyThereIsNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "websdk")
	w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/accessTokens", When: faults.Before, Kind: faults.Status, Status: 503, Count: 1000})
	p := v.post("/documents/token", "registration", v.id).shows(http.StatusServiceUnavailable)
	if got := p.tokenAnswer(); got.Token != "" || got.Error != say("en", "error.unavailable") {
		t.Errorf("%+v", got)
	}
	w.sandbox.Faults().Clear()
	v.decided(red(onboarding.Final, ""))
	v.shown().shows(http.StatusOK, "verification.rejected_title")
	p = v.post("/documents/token", "registration", v.id).shows(http.StatusConflict)
	if got := p.tokenAnswer(); got.Token != "" || got.Error != say("en", "error.stale") {
		t.Errorf("%+v", got)
	}
	ours := w.verify("eve@example.com", "documents")
	ours.post("/documents/token", "registration", ours.id).shows(http.StatusConflict) // whose documents pages of ours ask for
}

func TestLevelThatWantsALiveCaptureIsNoDeadEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents") // by the portal's own pages
	v.must(w.sandbox.Sumsub().SetLevel(v.id, "id-and-liveness"))
	v.shown().opens("http://websdk.localhost:" + w.checks.Port())
	v.get("/documents").opens("http://websdk.localhost:" + w.checks.Port())
}

func TestFormsSayWhyTheyAreShownAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "websdk")
	v.decided(red(onboarding.Retry, "Ask ${clientSupportEmail}.", "LOW_QUALITY"))
	p := v.shown().shows(http.StatusOK, "sdk.again", "sdk.loading", "sdk.again_title")
	if !strings.Contains(p.body, "Ask help@northlight.example.") {
		t.Errorf("the comment is not there:\n%s", p.body)
	}
	v.decided(red(onboarding.Retry, "", "LOW_QUALITY"))
	v.shown().shows(http.StatusOK, "sdk.again", "review.quality")
}
