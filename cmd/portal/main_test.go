package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portal/internal/localpg"
	"portal/internal/seal"
)

// command runs the program with an environment and returns its exit status and what it wrote.
func command(t *testing.T, environ map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, func(name string) string { return environ[name] }, &out, &errs)
	return code, out.String(), errs.String()
}

func TestExitStatusTellsWrongUseFromFailure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want int
		says string
	}{
		{[]string{"version"}, exitOK, ""},
		{[]string{"--help"}, exitOK, ""},
		{[]string{"serve", "--help"}, exitOK, ""},
		{[]string{"serve", "--nonsense"}, exitWrongUse, "portal serve --help"},
		{[]string{"nonsense"}, exitWrongUse, "portal --help"},
		{[]string{"keys"}, exitWrongUse, "portal keys --help"},
		{[]string{}, exitWrongUse, "portal --help"},
		{[]string{"migrate", "up", "now"}, exitWrongUse, "now"},
		{[]string{"migrate", "up"}, exitFailure, "PORTAL_DATABASE_URL"},
		{[]string{"serve"}, exitFailure, "PORTAL_CONFIG"},
		{[]string{"serve", "--no-jobs"}, exitFailure, "PORTAL_CONFIG"},
		{[]string{"worker", "--help"}, exitOK, ""},
		{[]string{"worker", "--no-jobs"}, exitWrongUse, "--no-jobs"},
		{[]string{"worker"}, exitFailure, "PORTAL_CONFIG"},
	} {
		code, _, stderr := command(t, nil, c.args...)
		if code != c.want || !strings.Contains(stderr, c.says) {
			t.Errorf("portal %v: exit %d, says %q; want %d and a word of %q", c.args, code, stderr, c.want, c.says)
		}
	}
}

func TestNewKeysAreOfUse(t *testing.T) {
	t.Parallel()
	code, out, _ := command(t, nil, "keys", "new")
	if code != exitOK {
		t.Fatalf("exit %d", code)
	}
	_, keyset, ok := strings.Cut(out, "PORTAL_SEAL_KEYSET='")
	if !ok || !strings.HasPrefix(out, "PORTAL_COOKIE_KEYS='") {
		t.Fatalf("printed %d bytes of another form", len(out))
	}
	if _, err := seal.Parse(strings.TrimSuffix(keyset, "'\n")); err != nil {
		t.Error(err)
	}
}

func TestKeysInAFolderAreKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "secrets") // which is made
	path := filepath.Join(dir, "cookie_keys")
	if code, _, stderr := command(t, nil, "keys", "new", "--dir", dir); code != exitOK || !strings.HasPrefix(stderr, "made: "+path+"\n") {
		t.Fatal(stderr)
	}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := command(t, nil, "keys", "new", "--dir", dir); code != exitOK || !strings.HasPrefix(stderr, "kept: "+path+"\n") {
		t.Fatal(stderr)
	}
	second, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("a key that is in use was replaced (%v)", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: others can read the key", info.Mode(), err)
	}
}

func TestMigrateBringsTheSchemaUpOnce(t *testing.T) {
	t.Parallel()
	environ := map[string]string{"PORTAL_DATABASE_URL": localpg.NewURL(t)}
	if code, out, stderr := command(t, environ, "migrate", "up"); code != exitOK || !strings.Contains(out, "nothing to do") {
		t.Errorf("on a database that is up: exit %d, %q, %q", code, out, stderr)
	}
	code, out, stderr := command(t, environ, "migrate", "status")
	if code != exitOK || !strings.Contains(out, "00001_applicants.sql") || !strings.Contains(out, "river_001") || strings.Contains(out, "  pending  ") {
		t.Errorf("status: exit %d, %q, %q", code, out, stderr)
	}
}

func TestErrorsDoNotRepeatTheDatabaseURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://me:hunter2@127.0.0.1:1/db", "postgres://me:hunter2@[/db"} {
		code, _, stderr := command(t, map[string]string{"PORTAL_DATABASE_URL": url}, "migrate", "up", "--wait", "0s")
		if code != exitFailure || strings.Contains(stderr, "hunter2") {
			t.Errorf("exit %d, %q", code, stderr)
		}
	}
}
