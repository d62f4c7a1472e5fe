package archtest

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// There is no container engine where the tests run. What the images rest on can be tested all the same: binaries that
// need no system around them, and settings that the programs know.

// mostBytes is what a program may have so that its image, with the certificates of authorities, stays below 30 MB.
const mostBytes = 29_700_000

func TestBuildIsStaticAndSmall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the programs")
	}
	dir := t.TempDir()
	build := exec.Command("make", "build", "BIN="+dir, "VERSION=test")
	build.Dir, build.Env = root, append(os.Environ(), "MAKEFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("make build: %v\n%s", err, out)
	}
	if portal, err := os.Stat(filepath.Join(dir, "portal")); err != nil || portal.Size() > mostBytes {
		t.Errorf("the portal has %d bytes, more than %d: %v", portal.Size(), mostBytes, err)
	}
	for _, name := range []string{"portal", "sandbox", "demo"} {
		binary, err := elf.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer binary.Close()
		for _, part := range binary.Progs {
			if part.Type == elf.PT_INTERP {
				t.Errorf("%s asks for a dynamic loader", name)
			}
		}
	}
}

func TestTwoBuildsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the programs")
	}
	build := exec.Command("scripts/reproducible")
	build.Dir, build.Env = root, append(os.Environ(), "MAKEFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestDockerfileBuildsWithTheGoOfTheModule(t *testing.T) {
	t.Parallel()
	version := find(t, "go.mod", `(?m)^go (\S+)$`)
	image := find(t, "Dockerfile", `(?m)^ARG GO_IMAGE=golang:([^-\s]+)`)
	if version != image {
		t.Errorf("go.mod says Go %s, the Dockerfile %s", version, image)
	}
}

// Whoever gets into the portal of an image finds nothing there to go on with, and no rights.
func TestImagesHoldNothingButTheProgramsAndRunWithoutRights(t *testing.T) {
	t.Parallel()
	stages := regexp.MustCompile(`(?m)^FROM `).Split(string(text(t, "Dockerfile")), -1)[1:]
	for _, stage := range stages[1:] {
		from, _, _ := strings.Cut(stage, "\n")
		if !strings.HasPrefix(from, "scratch ") {
			t.Errorf("a stage is made from %s", from)
		}
		if !regexp.MustCompile(`(?m)^USER [1-9]\d*:[1-9]\d*$`).MatchString(stage) {
			t.Errorf("the stage from %s does not run as a numbered user, which Kubernetes can tell from root", from)
		}
		if strings.Contains(stage, "\nRUN ") {
			t.Errorf("the stage from %s runs a program, of which it has none", from)
		}
	}
	if last := stages[len(stages)-1]; !strings.Contains(last, "\nHEALTHCHECK ") || !strings.Contains(last, `CMD ["/portal", "health"]`) {
		t.Error("the default image does not say how it is")
	}
	for _, set := range regexp.MustCompile(`(?m)^(?:ARG|ENV) .*$`).FindAllString(string(text(t, "Dockerfile")), -1) {
		if secret := regexp.MustCompile(`(?i)key|secret|password|token|_url`).FindString(set); secret != "" {
			t.Errorf("%q: what stands in an image is no secret", set)
		}
	}
}

// sandboxNames lists the variables that the sandbox reads, as it says itself: a program cannot be imported.
func sandboxNames(t *testing.T) []string {
	t.Helper()
	help := exec.Command("go", "run", "./cmd/sandbox", "serve", "--help")
	help.Dir = root
	out, err := help.Output()
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`\bSANDBOX_[A-Z0-9_]+\b`).FindAllString(string(out), -1)
}

func find(t *testing.T, file, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindSubmatch(text(t, file))
	if found == nil {
		t.Fatalf("%s: nothing matches %s", file, pattern)
	}
	return string(found[1])
}

func text(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
