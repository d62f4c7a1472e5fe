package main

import (
	"context"
	"encoding/json"
	"maps"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"portal/internal/doctor"
	"portal/internal/localpg"
	"portal/internal/sandbox"
	"portal/internal/sandbox/mailbox"
)

// diagnosed runs the doctor and returns the states by check, and all that it says.
func diagnosed(t *testing.T, environ map[string]string, args ...string) (code int, states map[string]doctor.State, said string) {
	t.Helper()
	code, out, stderr := command(t, environ, append([]string{"doctor", "--json"}, args...)...)
	var report struct{ Checks []doctor.Result }
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v: %q, %q", err, out, stderr)
	}
	states = map[string]doctor.State{}
	for _, c := range report.Checks {
		states[c.Name] = c.State
	}
	return code, states, out + stderr
}

// household is the environment of a portal whose providers and mail server are there.
func household(t *testing.T, database string) map[string]string {
	t.Helper()
	const key = "master-key-of-a-test"
	environ := environment(t, database)
	s := sandbox.New(sandbox.Options{MasterKey: key, AppToken: "sbx:of-a-test", SecretKey: "secret-of-a-test"})
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		_ = s.Close()
		srv.Close()
	})
	maps.Copy(environ, map[string]string{
		"PASSFORT_API_URL": srv.URL + "/4.0", "PASSFORT_API_KEY": key, "PASSFORT_COLLECTION_URL": srv.URL, "SUMSUB_API_URL": srv.URL,
		"PORTAL_NOTICES_URL":     srv.URL + "/company/notices",
		"PORTAL_NOTICES_SECRETS": "whsec_c2VjcmV0LW9mLWEtdGVzdC1zZWNyZXQtb2YtYS10ZXN0",
	})
	return environ
}

// newMailbox is a mail server, of which the environment knows.
func newMailbox(t *testing.T, environ map[string]string) *mailbox.Mailbox {
	t.Helper()
	box := mailbox.New(time.Now)
	at, err := box.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	environ["PORTAL_SMTP_URL"] = "smtp://" + at.String()
	return box
}

// asked are the checks that have somebody to ask in a test.
const asked = "settings,keys,database,sealed,clock,mail,passfort,collection,sumsub,receivers"

func TestDoctorFindsAWholeHouseholdWell(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	url, err := cluster.CreateLogin(t.Context(), "portal", "portal_application", "portal")
	if err != nil {
		t.Fatal(err)
	}
	environ := household(t, url)
	newMailbox(t, environ)
	code, states, said := diagnosed(t, environ, "--only", asked)
	if code != exitOK || !strings.Contains(said, "Northlight") {
		t.Errorf("exit %d: %s", code, said)
	}
	for name, state := range states {
		want := doctor.Fine
		if name == "database" || name == "mail" { // no disk is waited for, and the mail server has no certificate
			want = doctor.Doubt
		}
		if state != want {
			t.Errorf("%s: %s, want %s: %s", name, state, want, said)
		}
	}
}

func TestDoctorLooksAtTheRestWhereSomethingIsWrong(t *testing.T) {
	t.Parallel()
	environ := household(t, "postgres://me:hunter2-of-postgres@127.0.0.1:1/db")
	maps.Copy(environ, map[string]string{
		"PASSFORT_API_KEY": "hunter2-of-passfort", "SUMSUB_SECRET_KEY": "hunter2-of-sumsub", "PORTAL_STOP_DELAY": "-1s",
		"PORTAL_SMTP_URL": "smtp://me:hunter2-of-smtp@127.0.0.1:1",
	})
	code, states, said := diagnosed(t, environ, "--only", asked)
	if code != exitFailure || strings.Contains(said, "hunter2") {
		t.Errorf("exit %d: %s", code, said)
	}
	for name, want := range map[string]doctor.State{
		"settings": doctor.Trouble, "database": doctor.Trouble, "mail": doctor.Trouble, "passfort": doctor.Trouble, "sumsub": doctor.Trouble,
		"keys": doctor.Fine, "collection": doctor.Fine, "receivers": doctor.Fine,
	} {
		if states[name] != want {
			t.Errorf("%s: %s, want %s: %s", name, states[name], want, said)
		}
	}
}

func TestDoctorWorksWithoutAnySettings(t *testing.T) {
	t.Parallel()
	code, states, said := diagnosed(t, map[string]string{"PORTAL_CONFIG": t.TempDir() + "/portal.toml"}, "--only", "settings,keys,database,sealed,public-url,proxies,mail,files")
	if code != exitFailure || states["database"] != doctor.Trouble || states["mail"] != doctor.Trouble || states["keys"] != doctor.Trouble || !strings.Contains(said, "PORTAL_CONFIG") || !strings.Contains(said, "set PORTAL_BASE_URL") {
		t.Errorf("exit %d: %s", code, said)
	}
}

func TestDoctorTellsOfAnOldSchema(t *testing.T) {
	t.Parallel()
	url := localpg.NewURL(t)
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	if _, err := db.Exec(t.Context(), "delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)"); err != nil {
		t.Fatal(err)
	}
	if code, states, said := diagnosed(t, household(t, url), "--only", "database"); code != exitFailure || states["database"] != doctor.Trouble || !strings.Contains(said, "portal migrate up") {
		t.Errorf("exit %d: %s", code, said)
	}
}

func TestDoctorTellsWhatTheKeysLack(t *testing.T) {
	t.Parallel()
	environ := household(t, "")
	rotated := printed(t, printed(t, nil, "keys", "new"), "keys", "rotate")
	for name, value := range rotated {
		delete(environ, name+"_FILE")
		environ[name] = value
	}
	if _, states, said := diagnosed(t, environ, "--only", "keys"); states["keys"] != doctor.Doubt || !strings.Contains(said, "rotate --promote") {
		t.Errorf("a key that waits: %s", said)
	}
	maps.Copy(environ, printed(t, rotated, "keys", "rotate", "--promote"))
	if _, states, said := diagnosed(t, environ, "--only", "keys"); states["keys"] != doctor.Doubt || !strings.Contains(said, "keys retire") {
		t.Errorf("former keys: %s", said)
	}
}

func TestDoctorSendsAnEmailOnlyWhereItIsTold(t *testing.T) {
	t.Parallel()
	environ := household(t, "")
	box := newMailbox(t, environ)
	if code, _, said := diagnosed(t, environ, "--only", "mail"); code != exitOK || len(box.Messages("")) != 0 {
		t.Errorf("exit %d, and %d e-mails: %s", code, len(box.Messages("")), said)
	}
	if code, _, said := diagnosed(t, environ, "--only", "mail", "--mail-to", "operator@example.com"); code != exitOK || len(box.Messages("operator@example.com")) != 1 {
		t.Errorf("exit %d, and %d e-mails: %s", code, len(box.Messages("")), said)
	}
}

func TestDoctorHangsWithNobody(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // connections are made and nobody takes them
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	at := silent.Addr().String()
	environ := household(t, "postgres://me@"+at+"/db")
	maps.Copy(environ, map[string]string{
		"PASSFORT_API_URL": "http://" + at + "/4.0", "PASSFORT_COLLECTION_URL": "http://" + at, "SUMSUB_API_URL": "http://" + at,
		"PORTAL_SMTP_URL": "smtp://" + at, "PORTAL_NOTICES_URL": "http://" + at, "PORTAL_BASE_URL": "http://" + at,
	})
	began := time.Now()
	code, states, said := diagnosed(t, environ, "--only", asked+",public-url", "--timeout", "300ms")
	if took := time.Since(began); took > 10*time.Second || code != exitFailure {
		t.Errorf("exit %d after %s: %s", code, took, said)
	}
	for _, name := range []string{"database", "mail", "passfort", "collection", "sumsub", "receivers", "public-url"} {
		if states[name] != doctor.Trouble {
			t.Errorf("%s: %s: %s", name, states[name], said)
		}
	}
}

func TestDoctorKnowsItsChecks(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"doctor", "--only", "nonsense"}, {"doctor", "--timeout", "0s"}, {"doctor", "--mail-to", "operator"}, {"doctor", "now"}} {
		if code, _, _ := command(t, nil, args...); code != exitWrongUse {
			t.Errorf("portal %v: exit %d", args, code)
		}
	}
}
