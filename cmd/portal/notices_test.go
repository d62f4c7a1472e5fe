package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/localpg"
	"portal/internal/outbox"
	"portal/internal/postgres"
)

func TestNoticesAreListedShownAndReplayed(t *testing.T) {
	t.Parallel()
	environ := map[string]string{"PORTAL_DATABASE_URL": localpg.NewURL(t)}
	id := giveOneUp(t, environ["PORTAL_DATABASE_URL"])
	code, out, stderr := command(t, environ, "notices", "list")
	if code != exitOK || strings.Count(out, "\n") != 3 || !strings.Contains(out, "registration.started") || strings.Contains(out, "customer-4711") {
		t.Errorf("list: exit %d, %q, %q", code, out, stderr)
	}
	if _, out, _ := command(t, environ, "notices", "list", "--status", "given_up"); strings.Count(out, "\n") != 2 || !strings.Contains(out, id) {
		t.Errorf("those that were given up:\n%s", out)
	}
	if _, out, _ := command(t, environ, "notices", "list", "--limit", "1"); strings.Count(out, "\n") != 2 || strings.Contains(out, id) {
		t.Errorf("the newest:\n%s", out)
	}
	code, out, _ = command(t, environ, "notices", "show", id)
	if code != exitOK || !strings.Contains(out, "the receiver answered with status 410") || !strings.Contains(out, "ATTEMPT") || strings.Contains(out, "customer-4711") {
		t.Errorf("show: exit %d\n%s", code, out)
	}
	if code, _, stderr := command(t, environ, "notices", "show", "msg_none"); code != exitFailure || !strings.Contains(stderr, "notices list") ||
		strings.Contains(stderr, "PORTAL_DATABASE_URL") {
		t.Errorf("show of nothing: exit %d, %q", code, stderr)
	}
	if code, out, _ := command(t, environ, "notices", "replay", "--given-up", "--since", "2100-01-01T00:00:00Z"); code != exitOK || !strings.Contains(out, ": 0\n") {
		t.Errorf("replay of none: exit %d, %q", code, out)
	}
	if code, out, _ := command(t, environ, "notices", "replay", "--given-up"); code != exitOK || !strings.Contains(out, ": 1\n") {
		t.Errorf("replay: exit %d, %q", code, out)
	}
	if _, out, _ := command(t, environ, "notices", "list", "--status", "pending"); strings.Count(out, "\n") != 3 {
		t.Errorf("after the replay:\n%s", out)
	}
	for _, more := range []string{"msg_none", "--given-up"} {
		code, out, stderr := command(t, environ, "notices", "replay", id, "msg_none", id, more)
		if code != exitFailure || !strings.Contains(out, ": 1\n") || !strings.Contains(stderr, "more): msg_none; ") {
			t.Errorf("replay of one that is not there: exit %d, %q, %q", code, out, stderr)
		}
	}
	if code, out, stderr := command(t, environ, "notices", "replay", id, id); code != exitOK || !strings.Contains(out, ": 1\n") {
		t.Errorf("replay of one, named twice: exit %d, %q, %q", code, out, stderr)
	}
}

// giveOneUp has two notices stored, of which the receiver did not want the first, and returns its id.
func giveOneUp(t *testing.T, url string) string {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	who, at := uuid.New(), time.Now().Add(time.Second)
	for _, sql := range []string{
		"insert into applicants (id, created_at) values ($1, now())",
		"insert into identities (issuer, subject, applicant_id, created_at) values ('link', 'customer-4711', $1, now())",
		`insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause, version, created_at, touched_at)
			select gen_random_uuid(), $1, 'company', n::text, 'starting', '', false, false, 0, '', 1, now(), now() from generate_series(1, 2) as n`,
	} {
		if _, err := pool.Exec(t.Context(), sql, who); err != nil {
			t.Fatal(err)
		}
	}
	store := postgres.NewNotices(pool)
	n, ok, err := store.Claim(t.Context(), at, at.Add(time.Minute))
	if err != nil || !ok {
		t.Fatalf("nothing to claim: %v", err)
	}
	refused := outbox.Attempt{At: at, Answer: outbox.Answer{Status: 410, Cause: "the receiver answered with status 410"}}
	if err := store.Settle(t.Context(), n, outbox.Outcome{Status: outbox.GivenUp, At: at, Cause: refused.Cause, Attempt: &refused}); err != nil {
		t.Fatal(err)
	}
	return n.ID
}

func TestWrongUseOfNoticesIsToldFromFailure(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"--status":        {"list", "--status", "lost"},
		"--limit":         {"list", "--limit", "0"},
		"which notices":   {"replay"},
		"is no id":        {"replay", "4711"},
		"--since: ":       {"replay", "--given-up", "--since", "yesterday"},
		"goes with":       {"replay", "msg_1", "--since", "2026-01-01T00:00:00Z"},
		"notices --help":  {},
		"accepts 1 arg":   {"show"},
		"unknown command": {"new-secret", "now"},
	} {
		if code, _, stderr := command(t, nil, append([]string{"notices"}, args...)...); code != exitWrongUse || !strings.Contains(stderr, want) {
			t.Errorf("portal notices %v: exit %d, %q; want a word of %q", args, code, stderr, want)
		}
	}
}

func TestNewSecretsAreFreshAndFit(t *testing.T) {
	t.Parallel()
	code, first, _ := command(t, nil, "notices", "new-secret")
	_, second, _ := command(t, nil, "notices", "new-secret")
	if code != exitOK || first == second || !strings.HasPrefix(first, "whsec_") {
		t.Errorf("exit %d, and the same again: %t", code, first == second)
	}
	environ := environment(t, "postgres://localhost/unused")
	environ["PORTAL_NOTICES_URL"], environ["PORTAL_NOTICES_SECRETS"] = "https://hooks.example.com", strings.TrimSpace(first)+","+strings.TrimSpace(second)
	if _, m, err := settings(func(name string) string { return environ[name] }); err != nil || len(m.notices) != 2 {
		t.Errorf("%d secrets, %v", len(m.notices), err)
	}
	environ["PORTAL_NOTICES_SECRETS"] = "whsec_dDBwc2VjcmV0"
	if _, _, err := settings(func(name string) string { return environ[name] }); err == nil || !strings.Contains(err.Error(), "PORTAL_NOTICES_SECRETS: each must be") || strings.Contains(err.Error(), "dDBw") {
		t.Errorf("a short secret: %v", err)
	}
}
