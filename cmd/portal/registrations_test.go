package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/seal"
)

const (
	secretKey = "the key of the request"
	address   = "ann@example.com"
)

// office is a database with registrations, and what an operator's shell sets.
type office struct {
	environ map[string]string
	pool    *pgxpool.Pool
	store   *postgres.Store
}

func newOffice(t *testing.T) *office {
	t.Helper()
	environ := environment(t, localpg.NewURL(t))
	environ["USER"] = "olga"
	keyset, err := os.ReadFile(environ["PORTAL_SEAL_KEYSET_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(string(keyset))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), environ["PORTAL_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &office{environ: environ, pool: pool, store: postgres.New(pool, keys, postgres.NoJobs)}
}

// portal runs a command of the operator's, which must end so, and returns what it said.
func (o *office) portal(t *testing.T, want int, args ...string) string {
	t.Helper()
	code, stdout, stderr := command(t, o.environ, args...)
	if code != want {
		t.Fatalf("portal %v: exit %d, want %d\n%s%s", args, code, want, stdout, stderr)
	}
	return stdout + stderr
}

// registration stores a new applicant's registration after some changes.
func (o *office) registration(t *testing.T, change func(r onboarding.Registration) onboarding.Registration) onboarding.Registration {
	t.Helper()
	return o.registrationAt(t, onboarding.PassFort, change)
}

// registrationAt is the same at a provider.
func (o *office) registrationAt(t *testing.T, at onboarding.ProviderName, change func(r onboarding.Registration) onboarding.Registration) onboarding.Registration {
	t.Helper()
	a := uuid.Must(uuid.NewV7())
	for _, sql := range []string{
		"insert into applicants (id, created_at) values ($1, now())",
		"insert into identities (issuer, subject, applicant_id, created_at) values ('email', $1::uuid || '" + address + "', $1, now())",
	} {
		if _, err := o.pool.Exec(t.Context(), sql, a); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now().Truncate(time.Microsecond)
	r := onboarding.Registration{
		ID: onboarding.RegistrationID(uuid.Must(uuid.NewV7())), Applicant: onboarding.ApplicantID(a), Provider: at, Flow: "individual",
		Status: onboarding.Starting, DueAt: now, CreatedAt: now, TouchedAt: now,
	}
	r, err := o.store.Begin(t.Context(), withEntry(r, onboarding.ActorApplicant, "", now))
	if err != nil {
		t.Fatal(err)
	}
	from := r.Status
	if r, err = o.store.Save(t.Context(), withEntry(change(r), onboarding.ActorPortal, from, now), time.Time{}); err != nil {
		t.Fatal(err)
	}
	return r
}

func withEntry(r onboarding.Registration, actor string, from onboarding.Status, at time.Time) onboarding.Registration {
	r.Trail.Add = []onboarding.Entry{{
		Seq: r.Trail.Seq + 1, At: at, Actor: actor, From: from, To: r.Status, What: "wanted", Profile: r.Profile,
	}}
	return r
}

// lost is a registration that waits for a person to say whether its profile was created.
func lost(r onboarding.Registration) onboarding.Registration {
	r.Status, r.Ask, r.Cause, r.UnclearSince, r.DueAt = onboarding.NeedsAttention, onboarding.AskProfile, "nobody\nknows", time.Now(), time.Time{}
	return r
}

// withStub is a registration whose form is open, and that may have left a stub behind.
func withStub(r onboarding.Registration) onboarding.Registration {
	r.Status, r.Profile, r.StubMayExist, r.DueAt = onboarding.Open, onboarding.ProfileID("profile-of-"+r.ID.String()), true, time.Time{}
	r.Request = &onboarding.CustomerRequest{ID: onboarding.RequestID(uuid.NewString()), Key: secretKey, CreatedAt: time.Now()}
	return r
}

func TestRegistrationsListSaysWhatToLookAt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if out := o.portal(t, exitOK, "registrations", "list"); out != "No registration waits for a person.\n" {
		t.Errorf("of none: %q", out)
	}
	if out := o.portal(t, exitOK, "registrations", "list", "--status", "open"); out != "No registration is open.\n" {
		t.Errorf("of none open: %q", out)
	}
	attention, stub := o.registration(t, lost), o.registration(t, withStub)
	if _, err := o.store.NoteProfile(t.Context(), stub.ID, "orphan", "webhook", time.Now()); err != nil {
		t.Fatal(err)
	}
	delete(o.environ, "PORTAL_SEAL_KEYSET_FILE")
	lines := strings.Split(strings.TrimSpace(o.portal(t, exitOK, "registrations", "list")), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], attention.ID.String()) || !strings.HasSuffix(lines[1], "nobody knows") ||
		!strings.HasSuffix(lines[2], "a stub profile may exist; an orphaned profile") {
		t.Errorf("listed:\n%s", strings.Join(lines, "\n"))
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(o.portal(t, exitOK, "registrations", "list", "--json", "--limit", "1")), &rows); err != nil {
		t.Fatal(err)
	}
	if out := o.portal(t, exitOK, "registrations", "list", "--limit", "1"); !strings.Contains(out, "the first 1;") {
		t.Errorf("one of two: %q", out)
	}
	if len(rows) != 1 || rows[0]["id"] != attention.ID.String() || rows[0]["cause"] != "nobody\nknows" {
		t.Errorf("as JSON: %v", rows)
	}
	if out := o.portal(t, exitOK, "registrations", "list", "--status", "starting", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("none as JSON: %q", out)
	}
}

func TestRegistrationsShowEverythingButSecrets(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.registration(t, withStub)
	for _, format := range [][]string{{}, {"--json"}} {
		show := append([]string{"registrations", "show", r.ID.String()}, format...)
		out := o.portal(t, exitOK, show...)
		for _, want := range []string{r.ID.String(), string(r.Profile), string(r.Request.ID), "stored", "wanted", "applicant", "resolve " + r.ID.String() + " --acknowledge"} {
			if !strings.Contains(out, want) {
				t.Errorf("%v says nothing of %q:\n%s", format, want, out)
			}
		}
		for _, secret := range []string{secretKey, address} {
			if strings.Contains(out, secret) {
				t.Errorf("%v shows %q", format, secret)
			}
		}
		if out := o.portal(t, exitOK, append(show, "--identity")...); !strings.Contains(out, address) || strings.Contains(out, secretKey) {
			t.Errorf("%v with --identity:\n%s", format, out)
		}
	}
	if out := o.portal(t, exitFailure, "registrations", "show", uuid.NewString()); !strings.Contains(out, "no such registration") {
		t.Errorf("of none: %q", out)
	}
}

func TestShownCommandsFitTheRegistration(t *testing.T) {
	t.Parallel()
	withProfile := func(r onboarding.Registration) onboarding.Registration {
		r = lost(r)
		r.Ask, r.Profile = onboarding.AskRequest, "gone"
		return r
	}
	o := newOffice(t)
	for name, c := range map[string]struct {
		change func(onboarding.Registration) onboarding.Registration
		want   []string
	}{
		"without a profile": {lost, []string{"--adopt", "--again"}},
		"with a profile":    {withProfile, []string{"--adopt", "--again", "--new-profile"}},
		"flagged":           {withStub, []string{"--acknowledge"}},
	} {
		out := o.portal(t, exitOK, "registrations", "show", o.registration(t, c.change).ID.String())
		for _, flag := range []string{"--adopt", "--again", "--new-profile", "--acknowledge"} {
			if got, want := strings.Contains(out, flag+" "), strings.Contains(fmt.Sprint(c.want), flag); got != want {
				t.Errorf("%s: offers %s: %t, want %t", name, flag, got, want)
			}
		}
	}
}

func TestOperatorsWrongUseIsTold(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"registrations"},
		{"registrations", "list", "--status", "happy"},
		{"registrations", "list", "--limit", "0"},
		{"registrations", "list", "all"},
		{"registrations", "show"},
		{"registrations", "show", "7"},
		{"audit"},
		{"audit", "verify", "--until", "yesterday"},
		{"audit", "verify", "now"},
	} {
		if code, _, stderr := command(t, nil, args...); code != exitWrongUse || stderr == "" {
			t.Errorf("portal %v: exit %d, %q", args, code, stderr)
		}
	}
	for _, args := range [][]string{{"registrations", "list"}, {"audit", "verify"}} {
		if code, _, stderr := command(t, nil, args...); code != exitFailure || !strings.Contains(stderr, "PORTAL_DATABASE_URL") {
			t.Errorf("portal %v: exit %d, %q", args, code, stderr)
		}
	}
}
