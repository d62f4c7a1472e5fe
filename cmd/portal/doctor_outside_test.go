package main

import (
	"crypto/tls"
	"maps"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"portal/internal/doctor"
	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/oidctest"
	"portal/internal/postgres"
)

func TestDoctorAsksIdentityProvidersWhoTheyAre(t *testing.T) {
	t.Parallel()
	const discovery = "/.well-known/openid-configuration"
	provider := oidctest.New(t, oidctest.Options{})
	environ := household(t, "")
	file, err := os.ReadFile(environ["PORTAL_CONFIG"])
	if err != nil {
		t.Fatal(err)
	}
	environ["PORTAL_CONFIG"] = filepath.Join(t.TempDir(), "portal.toml")
	file = append(file, "\n[[oidc]]\nname = \"corp\"\ntitle = \"Northlight ID\"\nclient_id = \"portal\"\nclient_secret_env = \"CORP_CLIENT_SECRET\"\nissuer = \""+provider.Issuer+"\"\n"...)
	if err := os.WriteFile(environ["PORTAL_CONFIG"], file, 0o600); err != nil {
		t.Fatal(err)
	}
	environ["CORP_CLIENT_SECRET"] = "hunter2-of-corp"
	for _, test := range []struct {
		name    string
		arrange func()
		want    doctor.State
		says    string
	}{
		{"is there", func() {}, doctor.Fine, "its discovery document can be used"},
		{"calls itself otherwise", func() {
			provider.TamperJSON(discovery, func(members map[string]any) { members["issuer"] = "https://id.example" })
		}, doctor.Trouble, "correct the issuer"},
		{"has lost its document", func() { provider.TamperStatus(discovery, 404, "hunter2-of-corp") }, doctor.Trouble, "correct the issuer"},
		{"is away", func() { provider.Away(true) }, doctor.Trouble, "this machine may reach it"},
	} {
		test.arrange()
		_, states, said := diagnosed(t, environ, "--only", "oidc")
		if states["oidc"] != test.want || !strings.Contains(said, test.says) || strings.Contains(said, "hunter2") {
			t.Errorf("one that %s: %s: %s", test.name, states["oidc"], said)
		}
	}
}

// A password goes over TLS or not at all, and only to a server that is who it says.
func TestDoctorTrustsNoMailServerThatCouldBeAnother(t *testing.T) {
	t.Parallel()
	site := httptest.NewTLSServer(nil) // for its certificate, which nobody has reason to trust
	t.Cleanup(site.Close)
	plain, offering := mailServer(t, nil, false), mailServer(t, site.TLS, false)
	wrapped := mailServer(t, site.TLS, true)
	for name, test := range map[string]struct{ url, says string }{
		"a user, and no TLS":                      {"smtp://me:hunter2@" + plain, "STARTTLS"},
		"a user, and a certificate nobody knows":  {"smtp://me:hunter2@" + offering, "certificate"},
		"TLS from the start, by one nobody knows": {"smtps://me:hunter2@" + wrapped, "certificate"},
		"TLS from the start, where there is none": {"smtps://me:hunter2@" + plain, "tls"},
		"STARTTLS where TLS is from the start":    {"smtp://me:hunter2@" + wrapped, wrapped},
		"no user, and a certificate nobody knows": {"smtp://" + offering, "certificate"},
	} {
		environ := household(t, "")
		environ["PORTAL_SMTP_URL"] = test.url
		code, states, said := diagnosed(t, environ, "--only", "mail", "--timeout", "3s")
		if code != exitFailure || states["mail"] != doctor.Trouble || !strings.Contains(said, test.says) ||
			!strings.Contains(said, "correct PORTAL_SMTP_URL") || strings.Contains(said, "hunter2") {
			t.Errorf("%s: exit %d, %s", name, code, said)
		}
	}
}

// mailServer is one that speaks TLS from the start, or offers it where there is a configuration of it.
func mailServer(t *testing.T, config *tls.Config, fromTheStart bool) (at string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at = l.Addr().String()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return greeted{}, nil }))
	server.AllowInsecureAuth, server.ErrorLog, server.TLSConfig = true, nobody{}, config
	if fromTheStart {
		l = tls.NewListener(l, config)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		_, _ = server.Close(), l.Close()
		<-served
	})
	return at
}

// greeted is somebody who gets no further than that.
type greeted struct{ smtp.Session }

func (greeted) Reset()        {}
func (greeted) Logout() error { return nil }

// nobody hears of conversations that break off.
type nobody struct{}

func (nobody) Printf(string, ...any) {}
func (nobody) Println(...any)        {}

func TestDoctorTellsOfAKeysetThatDoesNotOpenTheDatabase(t *testing.T) {
	t.Parallel()
	environ := household(t, localpg.NewURL(t))
	theirs := printed(t, nil, "keys", "new")
	pool, err := postgres.Connect(t.Context(), environ["PORTAL_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	sealed := postgres.New(pool, keysOf(t, theirs).seal, postgres.NoJobs)
	link := identity.Link{Subject: "7", Facts: `{"name":"Ada"}`, ExpiresAt: time.Now().Add(time.Hour)}
	if err := sealed.PutLink(t.Context(), identity.NewToken(), link, time.Now()); err != nil {
		t.Fatal(err)
	}
	if code, states, said := diagnosed(t, environ, "--only", "sealed"); code != exitFailure || states["sealed"] != doctor.Trouble || !strings.Contains(said, "PORTAL_SEAL_KEYSET lacks") {
		t.Errorf("another's keyset: exit %d, %s", code, said)
	}
	delete(environ, "PORTAL_SEAL_KEYSET_FILE")
	maps.Copy(environ, map[string]string{"PORTAL_SEAL_KEYSET": theirs["PORTAL_SEAL_KEYSET"]})
	if code, states, said := diagnosed(t, environ, "--only", "sealed"); code != exitOK || states["sealed"] != doctor.Fine || !strings.Contains(said, "tried on 1") {
		t.Errorf("the keyset: exit %d, %s", code, said)
	}
}
