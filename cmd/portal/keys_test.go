package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portal/internal/config"
	"portal/internal/seal"
)

func TestKeysAreRotatedInTwoSteps(t *testing.T) {
	t.Parallel()
	environ := printed(t, nil, "keys", "new")
	first := keysOf(t, environ)
	read := printed(t, environ, "keys", "rotate")
	second := keysOf(t, read)
	if len(second.cookie) != 2 || second.cookie[0] != first.cookie[0] {
		t.Error("the first step does not add a cookie key behind the one in use")
	}
	used := printed(t, read, "keys", "rotate", "--promote")
	third := keysOf(t, used)
	if len(third.cookie) != 2 || third.cookie[0] != second.cookie[1] || third.cookie[1] != first.cookie[0] {
		t.Error("the second step does not put the new cookie key in front of the former")
	}
	for _, pair := range [][2]*seal.Keyset{{first.seal, second.seal}, {second.seal, first.seal}, {second.seal, third.seal}, {third.seal, second.seal}, {first.seal, third.seal}} {
		sealed, err := pair[0].Seal("text", "place")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := pair[1].Open(sealed, "place"); err != nil || got != "text" {
			t.Errorf("a process with other settings does not open what is sealed: %v", err)
		}
	}
}

func TestKeysAreRotatedStepByStep(t *testing.T) {
	t.Parallel()
	environ := printed(t, nil, "keys", "new")
	if code, out, stderr := command(t, environ, "keys", "rotate", "--promote"); code != exitFailure || out != "" || !strings.Contains(stderr, "`portal keys rotate` first") {
		t.Errorf("promoting first: exit %d, %q, %q", code, out, stderr)
	}
	read := printed(t, environ, "keys", "rotate")
	if code, out, stderr := command(t, read, "keys", "rotate"); code != exitFailure || out != "" || !strings.Contains(stderr, "--promote") {
		t.Errorf("adding twice: exit %d, %q, %q", code, out, stderr)
	}
}

func TestRotationNamesTheSettingAndShowsNoKey(t *testing.T) {
	t.Parallel()
	good := printed(t, nil, "keys", "new")
	for setting, environ := range map[string]map[string]string{
		"PORTAL_COOKIE_KEYS": {"PORTAL_COOKIE_KEYS": "c2VjcmV0", "PORTAL_SEAL_KEYSET": good["PORTAL_SEAL_KEYSET"]},
		"PORTAL_SEAL_KEYSET": {"PORTAL_COOKIE_KEYS": good["PORTAL_COOKIE_KEYS"], "PORTAL_SEAL_KEYSET": `{"c2VjcmV0":1}`},
		"--dir":              {},
	} {
		code, out, stderr := command(t, environ, "keys", "rotate")
		if code != exitFailure || out != "" || !strings.Contains(stderr, setting) || strings.Contains(stderr, "c2VjcmV0") {
			t.Errorf("%s: exit %d, %q, %q", setting, code, out, stderr)
		}
	}
}

func TestKeysInAFolderAreRotatedInPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, args := range [][]string{{"keys", "new"}, {"keys", "rotate"}, {"keys", "rotate", "--promote"}} {
		before := files(t, dir)
		code, out, stderr := command(t, nil, append(args, "--dir", dir)...)
		if code != exitOK || out != "" {
			t.Fatalf("portal %v: exit %d, %q, %q", args, code, out, stderr)
		}
		after := files(t, dir)
		for _, name := range []string{cookieKeysFile, sealKeysetFile} {
			if before[name] == after[name] {
				t.Errorf("portal %v leaves %s as it was", args, name)
			}
		}
		if len(after) != 2 {
			t.Errorf("portal %v leaves files behind: %d", args, len(after))
		}
	}
	got := keysOf(t, map[string]string{"PORTAL_COOKIE_KEYS": files(t, dir)[cookieKeysFile], "PORTAL_SEAL_KEYSET": files(t, dir)[sealKeysetFile]})
	if len(got.cookie) != 2 {
		t.Errorf("%d cookie keys, want 2", len(got.cookie))
	}
}

// portalKeys are keys as a portal takes them.
type portalKeys struct {
	cookie []string
	seal   *seal.Keyset
}

func keysOf(t *testing.T, environ map[string]string) (k portalKeys) {
	t.Helper()
	e, err := config.Environ(func(name string) string { return strings.TrimSpace(environ[name]) })
	if err != nil {
		t.Fatal(err)
	}
	keys, err := e.CookieKeyBytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		k.cookie = append(k.cookie, string(key))
	}
	if k.seal, err = seal.Parse(e.SealKeyset.Reveal()); err != nil {
		t.Fatal(err)
	}
	return k
}

// printed runs a command and reads the settings that it prints, as a shell would.
func printed(t *testing.T, environ map[string]string, args ...string) map[string]string {
	t.Helper()
	code, out, stderr := command(t, environ, args...)
	if code != exitOK {
		t.Fatalf("portal %v: %s", args, stderr)
	}
	settings := map[string]string{}
	for setting := range strings.SplitSeq(strings.TrimSuffix(out, "'\n"), "'\n") {
		name, value, ok := strings.Cut(setting, "='")
		if !ok {
			t.Fatalf("portal %v prints something else than settings", args)
		}
		settings[name] = value
	}
	return settings
}

// files are the contents of a folder, all of which only their owner can read.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: others can read it (%v)", e.Name(), err)
		}
		contents[e.Name()] = string(text)
	}
	return contents
}
