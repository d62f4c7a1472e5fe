package migrations_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"portal/migrations"
)

// upTo are the migrations of an earlier release: those up to a file.
func upTo(t *testing.T, last string) fstest.MapFS {
	t.Helper()
	found, err := filepath.Glob("*.sql")
	if err != nil {
		t.Fatal(err)
	}
	former := fstest.MapFS{}
	for _, name := range found {
		if name > last {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		former[name] = &fstest.MapFile{Data: text}
	}
	return former
}

// inUse is what a database held that was in use before there were ways in but the e-mailed code.
const inUse = `
insert into applicants (id, created_at) values ('00000000-0000-7000-8000-000000000001', now());
insert into identities (issuer, subject, applicant_id, created_at)
values ('email', 'ada@example.com', '00000000-0000-7000-8000-000000000001', now());
insert into sessions (token_hash, issuer, subject, created_at, seen_at) values ('\x01', 'email', 'ada@example.com', now(), now());
insert into sign_ins (browser_hash, email, flow, finishing, code_hash, created_at, expires_at)
values ('\x02', 'ada@example.com', 'individual', false, '\x03', now(), now() + interval '10 minutes');
insert into registrations (id, applicant_id, flow, case_name, status, ask, stub_may_exist, reasked, tries, cause, version, created_at, touched_at, due_at)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'individual', '', 'starting', '', false, false, 0, '', 1, now(), now(), now());
`

// An upgrade keeps what there is, tells the company nothing of what happened before, and of what happens after all.
func TestUpgradeKeepsWhatThereIs(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), emptyDatabase(t)
	mustUp(t, pool, upTo(t, "00006_registrations_indexes.sql"))
	if _, err := pool.Exec(ctx, inUse); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(ctx, pool); err != nil {
		t.Fatal(err)
	}
	var sessions, signIns, notices int
	count := `
		select (select count(*) from sessions join identities using (issuer, subject) where ended_at is null and device = ''),
			(select count(*) from sign_ins where case_name = '' and previous_code_hash is null), (select count(*) from notices)`
	if err := pool.QueryRow(ctx, count).Scan(&sessions, &signIns, &notices); err != nil {
		t.Fatal(err)
	}
	if sessions != 1 || signIns != 1 || notices != 0 {
		t.Errorf("%d sessions, %d sign-ins, %d notices", sessions, signIns, notices)
	}
	if _, err := pool.Exec(ctx, "update registrations set status = 'needs_attention', due_at = null"); err != nil {
		t.Fatal(err)
	}
	if err := pool.QueryRow(ctx, count).Scan(&sessions, &signIns, &notices); err != nil || notices != 1 {
		t.Errorf("%d notices of a change after the upgrade: %v", notices, err)
	}
}
