package archtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// On a machine without a thing, the script must ask for its package: a needed program is looked for by name, and
// nothing in the script may pass for it.
func TestWhatIsMissingIsInstalled(t *testing.T) {
	t.Parallel()
	for need, packages := range map[string]string{"browser": "chromium", "node": "nodejs npm"} {
		t.Run(need, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			out, err := m.install(need)
			if err == nil || !strings.Contains(out, "Still missing") {
				t.Errorf("what was not installed is not missed: %v\n%s", err, out)
			}
			if calls := m.asked(); !strings.Contains(calls, "install --no-install-recommends "+packages) {
				t.Errorf("apt was asked for:\n%s\n%s", calls, out)
			}
		})
	}
}

func TestNodeMustBeNewEnoughAndHaveNpm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		programs map[string]string
		enough   bool
	}{
		"as Debian 12 has it": {map[string]string{"node": "echo v18.20.4", "npm": ""}, true},
		"newer":               {map[string]string{"node": "echo v24.1.0", "npm": ""}, true},
		"too old":             {map[string]string{"node": "echo v16.20.2", "npm": ""}, false},
		"without npm":         {map[string]string{"node": "echo v18.20.4"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			for program, does := range c.programs {
				m.program(program, does)
			}
			out, err := m.install("node")
			if c.enough != (err == nil) || c.enough != (m.asked() == "") {
				t.Errorf("%v, apt was asked for: %s\n%s", err, m.asked(), out)
			}
		})
	}
}

// machine is one that has next to nothing, and an apt-get that installs nothing.
type machine struct {
	t   *testing.T
	bin string
}

func newMachine(t *testing.T) machine {
	t.Helper()
	if _, err := exec.LookPath("apt-get"); err != nil {
		t.Skip("installs with apt, which this machine does not have")
	}
	m := machine{t, t.TempDir()}
	for _, name := range []string{"sh", "id", "env", "grep", "sed", "tee", "mkdir", "cat"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(m.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"apt-get", "sudo"} {
		m.program(name, `echo "$@" >>`+filepath.Join(m.bin, "asked"))
	}
	return m
}

// program puts a program there that does what the shell is told.
func (m machine) program(name, does string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.bin, name), []byte("#!/bin/sh\n"+does+"\n"), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

func (m machine) install(need string) (out string, err error) {
	cmd := exec.Command(filepath.Join(m.bin, "sh"), "scripts/install-deps", need)
	cmd.Dir, cmd.Env = root, []string{"PATH=" + m.bin}
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// asked is what apt-get was called with.
func (m machine) asked() string {
	calls, _ := os.ReadFile(filepath.Join(m.bin, "asked"))
	return string(calls)
}

// The lock file names no registry, so that any mirror serves, and pins what it names.
func TestNpmPackagesArePinnedToNoRegistry(t *testing.T) {
	t.Parallel()
	lock := string(text(t, "tools/npm/package-lock.json"))
	if strings.Contains(lock, `"resolved"`) || strings.Contains(lock, "registry") {
		t.Error("the lock file names a registry: npm install --omit-lockfile-registry-resolved")
	}
	if packages, sums := strings.Count(lock, `"version"`), strings.Count(lock, `"integrity"`); sums == 0 || sums != packages {
		t.Errorf("%d packages, %d checksums", packages, sums)
	}
	if loose := regexp.MustCompile(`"dependencies": \{[^}]*"[\^~*]`); loose.Match(text(t, "tools/npm/package.json")) {
		t.Error("package.json names a range of versions")
	}
}
