package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"portal/internal/localpg"
)

// kept is an office with registrations, one of which has something sealed.
func kept(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	o.registration(t, lost)
	o.registration(t, withStub)
	return o
}

// dump is a file with a dump of an office's database.
func (o *office) dump(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "dump")
	if out, err := exec.Command("pg_dump", "--format=custom", "--file="+file, o.environ["PORTAL_DATABASE_URL"]).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

// own gives the office a login of its own with some of the rights of Postgres's, and tells which databases are the login's.
func (o *office) own(t *testing.T, rights ...string) (left func() []string) {
	t.Helper()
	login := "drill_" + strings.ToLower(rand.Text())
	o.exec(t, "create role "+login+" login createdb")
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		for _, sql := range []string{"drop owned by " + login, "drop role " + login} {
			if _, err := o.pool.Exec(ctx, sql); err != nil {
				t.Error(err)
			}
		}
	})
	for _, sql := range rights {
		o.exec(t, sql+" to "+login)
	}
	o.environ["PORTAL_DATABASE_URL"] = strings.Replace(o.environ["PORTAL_DATABASE_URL"], "postgres://postgres@", "postgres://"+login+"@", 1)
	return func() []string {
		rows, _ := o.pool.Query(t.Context(), "select datname from pg_database where pg_get_userbyid(datdba) = $1", login)
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
}

func (o *office) exec(t *testing.T, sql string) {
	t.Helper()
	if _, err := o.pool.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

var reading = []string{"grant usage on schema public", "grant select on all tables in schema public", "grant select on all sequences in schema public"}

// line is what a drill says of a step.
func line(t *testing.T, out, step string) string {
	t.Helper()
	for one := range strings.Lines(out) {
		if strings.HasPrefix(one, step+" ") {
			return one
		}
	}
	t.Fatalf("nothing is said of %s:\n%s", step, out)
	return ""
}

func TestADrillRestoresWhatItMayOnlyRead(t *testing.T) {
	t.Parallel()
	o := kept(t)
	left := o.own(t, reading...)
	out := o.portal(t, exitOK, "backup", "drill")
	for step, says := range map[string]string{
		"dump": "kB, of a database of", "restore": "a database of", "schema": "as this portal needs it", "rows": "tables", "constraints": "triggers",
		"audit trail": "4 entries of 2 registrations", "sealed": "1 values, 1 of them opened",
	} {
		if got := line(t, out, step); !strings.Contains(got, " ok ") || !strings.Contains(got, says) {
			t.Errorf("%s: %s", step, got)
		}
	}
	if names := left(); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}

// interrupter breaks a command off when it has said something.
type interrupter struct {
	bytes.Buffer
	at        string
	interrupt func()
}

func (i *interrupter) Write(text []byte) (int, error) {
	if strings.HasPrefix(string(text), i.at) {
		i.interrupt()
	}
	return i.Buffer.Write(text)
}

func TestAnInterruptedDrillLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"STEP", "dump", "rows"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			o := kept(t)
			left := o.own(t, reading...)
			ctx, interrupt := context.WithCancel(t.Context())
			out := &interrupter{at: at, interrupt: interrupt}
			code := run(ctx, []string{"backup", "drill"}, func(name string) string { return o.environ[name] }, out, io.Discard)
			if code != exitFailure || ctx.Err() == nil {
				t.Errorf("exit %d after\n%s", code, out)
			}
			if names := left(); len(names) > 0 {
				t.Errorf("left behind: %v", names)
			}
		})
	}
}

func TestADumpThatIsCutOffFails(t *testing.T) {
	t.Parallel()
	o := kept(t)
	file, left := o.dump(t), o.own(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out := o.portal(t, exitOK, "backup", "drill", "--dump", file); strings.Contains(out, "dump  ") || !strings.Contains(line(t, out, "rows"), "compared with nothing") {
		t.Errorf("of the whole one it says\n%s", out)
	}
	for _, length := range []int{len(whole) / 2, len(whole) - len(whole)/20, 100, 0} {
		if err := os.WriteFile(file, whole[:length], 0o600); err != nil {
			t.Fatal(err)
		}
		if out := o.portal(t, exitFailure, "backup", "drill", "--dump", file); !strings.Contains(line(t, out, "restore"), "PROBLEM") || !strings.Contains(out, "pg_restore: error") {
			t.Errorf("of %d bytes of %d it says\n%s", length, len(whole), out)
		}
	}
	if names := left(); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestADumpWithoutARowOfATrailFails(t *testing.T) {
	t.Parallel()
	o := kept(t)
	o.exec(t, "alter table audit_entries disable trigger all")
	o.exec(t, "delete from audit_entries where seq = 2")
	o.exec(t, "alter table audit_entries enable trigger all")
	out := o.portal(t, exitFailure, "backup", "drill", "--dump", o.dump(t))
	if !strings.Contains(line(t, out, "audit trail"), "PROBLEM") || strings.Count(out, ", entry 2: the registration says that its trail ends") != 2 || !strings.HasSuffix(out, "does not restore the portal: audit trail\n") {
		t.Errorf("said\n%s", out)
	}
}

func TestADumpWithoutTheRowThatOthersNeedFails(t *testing.T) {
	t.Parallel()
	o := kept(t)
	o.exec(t, "alter table applicants disable trigger all")
	o.exec(t, "delete from applicants where id = (select applicant_id from registrations limit 1)")
	out := o.portal(t, exitFailure, "backup", "drill", "--dump", o.dump(t))
	if !strings.Contains(line(t, out, "restore"), "PROBLEM") || !strings.Contains(out, "foreign key constraint") {
		t.Errorf("said\n%s", out)
	}
}

func TestAWrongKeysetIsFound(t *testing.T) {
	t.Parallel()
	o := kept(t)
	o.own(t, "grant portal_application") // whose rights are enough
	dir := t.TempDir()
	o.portal(t, exitOK, "keys", "new", "--dir", dir)
	o.environ["PORTAL_SEAL_KEYSET_FILE"] = filepath.Join(dir, "seal_keyset")
	out := o.portal(t, exitFailure, "backup", "drill")
	if !strings.Contains(line(t, out, "sealed"), "PROBLEM") || !strings.Contains(out, "customer_requests.sealed_key: 1 of 1 values were sealed by keys that PORTAL_SEAL_KEYSET lacks") {
		t.Errorf("said\n%s", out)
	}
}

func TestWhatIsSealedForAnotherRowIsFound(t *testing.T) {
	t.Parallel()
	o := kept(t)
	o.registration(t, withStub)
	o.exec(t, "update customer_requests set sealed_key = (select sealed_key from customer_requests limit 1)")
	out := o.portal(t, exitFailure, "backup", "drill")
	if !strings.Contains(line(t, out, "sealed"), "PROBLEM") || !strings.Contains(out, "customer_requests.sealed_key: 1 of 2 values do not open") {
		t.Errorf("said\n%s", out)
	}
}

func TestAnOldDumpIsNamed(t *testing.T) {
	t.Parallel()
	o := kept(t)
	o.exec(t, "delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)")
	out := o.portal(t, exitFailure, "backup", "drill")
	if !strings.Contains(line(t, out, "schema"), "PROBLEM") || !strings.Contains(out, "portal migrate up") {
		t.Errorf("said\n%s", out)
	}
}

func TestADatabaseForScratchIsFilledAndStays(t *testing.T) {
	t.Parallel()
	o := kept(t)
	left := o.own(t, reading...)
	if out := o.portal(t, exitFailure, "backup", "drill", "--scratch", o.environ["PORTAL_DATABASE_URL"]); !strings.Contains(out, "has tables already") {
		t.Errorf("of the portal's own database it says\n%s", out)
	}
	name := "scratch_" + strings.ToLower(rand.Text())
	o.exec(t, "create database "+name)
	t.Cleanup(func() {
		if _, err := o.pool.Exec(context.WithoutCancel(t.Context()), "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(localpg.NewURL(t))
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	file := o.dump(t)
	o.environ["PORTAL_DATABASE_URL"] = "" // with a dump and a database nothing else is needed
	o.portal(t, exitOK, "backup", "drill", "--dump", file, "--scratch", u.String())
	if names := left(); len(names) > 0 {
		t.Errorf("others were made: %v", names)
	}
	if out := o.portal(t, exitFailure, "backup", "drill", "--dump", file, "--scratch", u.String()); !strings.Contains(out, "has tables already") {
		t.Errorf("once it is filled it says\n%s", out)
	}
	o.environ["PORTAL_DATABASE_URL"] = u.String()
	o.portal(t, exitOK, "migrate", "up") // which gives the rights that a restore leaves out
	db, err := pgx.Connect(t.Context(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	var may bool
	if err := db.QueryRow(t.Context(), "select has_table_privilege('portal_application', 'registrations', 'insert')").Scan(&may); err != nil || !may {
		t.Errorf("what was restored cannot be used by the portal: %v", err)
	}
}

func TestADrillNamesTheSettingThatItLacks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.environ["PORTAL_SEAL_KEYSET_FILE"] = ""
	if out := o.portal(t, exitFailure, "backup", "drill"); !strings.Contains(out, "PORTAL_SEAL_KEYSET") {
		t.Errorf("without a keyset it says %s", out)
	}
	o.environ["PORTAL_DATABASE_URL"] = ""
	if out := o.portal(t, exitFailure, "backup", "drill"); !strings.Contains(out, "PORTAL_DATABASE_URL") {
		t.Errorf("without a database it says %s", out)
	}
}
