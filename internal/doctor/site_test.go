package doctor_test

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"portal/internal/doctor"
)

// asPortal answers with the headers of the portal, and those of a test in their place.
func asPortal(instead http.Header) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range map[string]string{
			"X-Request-Id": "x", "Content-Security-Policy": "default-src 'none'; script-src 'self'", "Permissions-Policy": "camera=()",
			"Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=1",
		} {
			w.Header().Set(name, value)
		}
		for name, values := range instead {
			w.Header()[name] = values
		}
	}
}

func TestThePublicURLIsSeenAsBrowsersSeeIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers http.Handler
		later   time.Duration
		strange bool // nobody knows who has signed the certificate
		state   doctor.State
		words   string
	}{
		"the portal":          {answers: asPortal(nil), state: doctor.Fine, words: "the portal answers"},
		"its certificate":     {answers: asPortal(nil), state: doctor.Fine, words: "the certificate is trusted"},
		"its transport":       {answers: asPortal(nil), state: doctor.Fine, words: "as PORTAL_HSTS says"},
		"another's answer":    {answers: http.NotFoundHandler(), state: doctor.Trouble, words: "not the portal"},
		"a lost header":       {answers: asPortal(http.Header{"Permissions-Policy": nil}), state: doctor.Trouble, words: "without Permissions-Policy"},
		"another policy":      {answers: asPortal(http.Header{"Content-Security-Policy": {"default-src *"}}), state: doctor.Doubt, words: "the portal's"},
		"another transport":   {answers: asPortal(http.Header{"Strict-Transport-Security": {"max-age=0"}}), state: doctor.Doubt, words: "max-age=0"},
		"no transport":        {answers: asPortal(http.Header{"Strict-Transport-Security": nil}), state: doctor.Trouble, words: "does not arrive"},
		"a strange signature": {answers: asPortal(nil), strange: true, state: doctor.Trouble, words: "not trusted"},
		"nearly over":         {answers: asPortal(nil), later: -10, state: doctor.Doubt, words: "ends in"},
		"over":                {answers: asPortal(nil), later: -1, state: doctor.Trouble, words: "ends in"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewTLSServer(c.answers)
			t.Cleanup(srv.Close)
			roots := x509.NewCertPool()
			if !c.strange {
				roots.AddCert(srv.Certificate())
			}
			now := time.Now()
			if c.later < 0 {
				now = srv.Certificate().NotAfter.Add(c.later*24*time.Hour - time.Hour)
			}
			site := doctor.Site{URL: parsed(t, srv.URL), HSTS: "max-age=1", Roots: roots, Now: func() time.Time { return now }}
			says(t, site.Look(t.Context()), c.state, c.words)
		})
	}
}

func TestWithoutTLSThereIsOnlyTheWayToIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers http.Handler
		state   doctor.State
		words   string
	}{
		"leads there":      {http.RedirectHandler("https://127.0.0.1/onboarding", http.StatusPermanentRedirect), doctor.Fine, "leads to https"},
		"leads elsewhere":  {http.RedirectHandler("https://other.example/", http.StatusFound), doctor.Trouble, "other.example"},
		"serves the page":  {asPortal(nil), doctor.Trouble, "HTTP 200"},
		"nothing is there": {nil, doctor.Fine, "nothing listens"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain, srv := httptest.NewServer(c.answers), httptest.NewTLSServer(asPortal(nil))
			t.Cleanup(srv.Close)
			t.Cleanup(plain.Close)
			if c.answers == nil {
				plain.Close()
			}
			roots := x509.NewCertPool()
			roots.AddCert(srv.Certificate())
			site := doctor.Site{URL: parsed(t, srv.URL), Plain: parsed(t, plain.URL), Roots: roots, Now: time.Now}
			says(t, site.Look(t.Context()), c.state, c.words)
		})
	}
}

func TestAReceiverIsOnlyAskedWhetherItIsThere(t *testing.T) {
	t.Parallel()
	status, method := http.StatusMethodNotAllowed, ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method = r.Method
		w.WriteHeader(status)
	}))
	t.Cleanup(srv.Close)
	look := func() []doctor.Finding {
		return []doctor.Finding{doctor.Receiver(t.Context(), "PORTAL_NOTICES_URL", parsed(t, srv.URL+"/secret-path"))}
	}
	says(t, look(), doctor.Fine, "answers")
	if method != http.MethodHead {
		t.Errorf("it was asked by %s", method)
	}
	status = http.StatusNotFound
	says(t, look(), doctor.Doubt, "PORTAL_NOTICES_URL")
	srv.Close()
	says(t, look(), doctor.Trouble, "PORTAL_NOTICES_URL")
}
