package oidc_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/oidc"
	"portal/internal/oidctest"
)

func TestTroubleOfTheProviderIsNobodysFault(t *testing.T) {
	t.Parallel()
	answers := map[string]struct {
		status int
		body   string
	}{
		"500":        {http.StatusInternalServerError, `{"error":"invalid_grant"}`},
		"503":        {http.StatusServiceUnavailable, "later"},
		"429":        {http.StatusTooManyRequests, "{}"},
		"a redirect": {http.StatusFound, ""},
		"a page":     {http.StatusOK, "<html>"},
		"nothing":    {http.StatusOK, ""},
		"a refusal":  {http.StatusBadRequest, `{"keys":[]}`},
		"too much":   {http.StatusOK, `{"a":"` + string(make([]byte, 1<<20)) + `"}`},
	}
	for path, step := range map[string]string{
		oidctest.Discovery: "discovery", oidctest.Token: "redeeming a code", oidctest.Keys: "keys", oidctest.UserInfo: "userinfo",
	} {
		for name, answer := range answers {
			t.Run(step+" "+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				back := w.returned("ada") // while all is well
				w.become(func(*oidc.Options) {})
				w.provider.TamperStatus(path, answer.status, answer.body)
				_, err := w.oidc.Exchange(t.Context(), challenge, back.Get("code"), back.Get("iss"))
				w.wantAway(err, step)
			})
		}
	}
}

func TestTokenEndpointThatIsSetUpOtherwiseIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.become(func(o *oidc.Options) { o.ClientSecret = "another" })
	_, err := w.signIn("ada")
	w.wantAway(err, "redeeming a code")
	if want := "redeeming a code: " + identity.ErrProviderAway.Error() + ": it answers invalid_client"; err.Error() != want {
		t.Errorf("got %q", err)
	}
}

func TestDiscoveryIsNotBelievedBlindly(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(m map[string]any){
		"another issuer":       func(m map[string]any) { m["issuer"] = "https://evil.example" },
		"no keys":              func(m map[string]any) { delete(m, "jwks_uri") },
		"no token endpoint":    func(m map[string]any) { delete(m, "token_endpoint") },
		"no place to sign in":  func(m map[string]any) { delete(m, "authorization_endpoint") },
		"a place without host": func(m map[string]any) { m["end_session_endpoint"] = "/logout" },
		"a script":             func(m map[string]any) { m["authorization_endpoint"] = "javascript://a/" },
		"too much to read":     func(m map[string]any) { m["padding"] = strings.Repeat("a", 1<<20) },
		"wrong types":          func(m map[string]any) { m["jwks_uri"] = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.provider.TamperJSON(oidctest.Discovery, change)
			_, err := w.oidc.AuthorizationURL(t.Context(), challenge)
			w.wantAway(err, "discovery")
		})
	}
}

func TestCrowdAsksAnAbsentProviderOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Away(true)
	var crowd sync.WaitGroup
	for range 20 {
		crowd.Go(func() {
			_, err := w.oidc.AuthorizationURL(t.Context(), challenge)
			w.wantAway(err, "discovery")
		})
	}
	crowd.Wait()
	asked := w.provider.Calls(oidctest.Discovery) // a connection that breaks off may be tried twice by net/http
	if asked > 2 {
		t.Errorf("asked %d times", asked)
	}
	w.provider.Away(false)
	w.clock.advance(4 * time.Second)
	_, err := w.oidc.AuthorizationURL(t.Context(), challenge)
	w.wantAway(err, "discovery")
	w.clock.advance(2 * time.Second)
	if _, err := w.signIn("ada"); err != nil {
		t.Error(err)
	}
}

func TestWhoeverLeavesDoesNotSpoilDiscoveryForOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived, proceed := make(chan struct{}), make(chan struct{})
	w.provider.Tamper(oidctest.Discovery, func(*http.Response) error {
		close(arrived)
		<-proceed
		return nil
	})
	leaving, leave := context.WithCancel(t.Context())
	var both sync.WaitGroup
	both.Go(func() { _, _ = w.oidc.AuthorizationURL(leaving, challenge) })
	<-arrived
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.oidc.AuthorizationURL(impatient, challenge)
	w.wantAway(err, "waiting for discovery")
	both.Go(func() {
		if _, err := w.oidc.AuthorizationURL(t.Context(), challenge); err != nil {
			t.Error(err)
		}
	})
	leave()
	close(proceed)
	both.Wait()
	if n := w.provider.Calls(oidctest.Discovery); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestMetadataIsRefreshedAndOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	steps := []struct {
		advance time.Duration
		trouble bool
		calls   int
	}{
		{0, false, 1},
		{59 * time.Minute, false, 1},
		{2 * time.Minute, false, 2},
		{61 * time.Minute, true, 3},
		{59 * time.Second, true, 3},
		{2 * time.Second, false, 4},
		{59 * time.Minute, false, 4},
	}
	for i, s := range steps {
		w.clock.advance(s.advance)
		w.provider.Tamper(oidctest.Discovery, nil)
		if s.trouble {
			w.provider.TamperStatus(oidctest.Discovery, http.StatusServiceUnavailable, "")
		}
		if _, err := w.oidc.AuthorizationURL(t.Context(), challenge); err != nil {
			t.Errorf("step %d: %v", i, err)
		}
		if n := w.provider.Calls(oidctest.Discovery); n != s.calls {
			t.Errorf("step %d: asked %d times, want %d", i, n, s.calls)
		}
	}
}

func TestNewKeysAreFetchedAndOldOnesForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.signIn("ada"); err != nil {
		t.Fatal(err)
	}
	old := w.provider.Key()
	w.provider.Rotate(t)
	w.clock.advance(6 * time.Second)
	if _, err := w.signIn("ada"); err != nil {
		t.Error("signed with the new key:", err)
	}
	_, err := w.oidc.Logout(t.Context(), w.logoutToken(old, nil, nil))
	w.wantRefused(err, "a token's signature is not the provider's")
}

// A key that is only withdrawn, with no token that asks for another, is believed until the metadata is fetched anew.
func TestWithdrawnKeysAreForgottenWithinTheHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.provider.Key()
	if _, err := w.oidc.Logout(t.Context(), w.logoutToken(old, nil, nil)); err != nil {
		t.Fatal(err)
	}
	w.provider.Rotate(t)
	w.clock.advance(61 * time.Minute)
	_, err := w.oidc.Logout(t.Context(), w.logoutToken(old, nil, nil))
	w.wantRefused(err, "a token's signature is not the provider's")
}

func TestStrangersCannotMakeThePortalHammerTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	forger := oidctest.NewKey(t)
	for range 20 {
		_, err := w.oidc.Logout(t.Context(), w.logoutToken(forger, nil, nil))
		w.wantRefused(err, "a token's signature is not the provider's")
	}
	if d, k := w.provider.Calls(oidctest.Discovery), w.provider.Calls(oidctest.Keys); d != 1 || k != 1 {
		t.Errorf("%d calls for discovery, %d for keys", d, k)
	}
	w.clock.advance(6 * time.Second)
	for w.provider.Calls(oidctest.Keys) == 1 { // the library may hand out its last answer for another moment
		_, _ = w.oidc.Logout(t.Context(), w.logoutToken(forger, nil, nil))
	}
}
