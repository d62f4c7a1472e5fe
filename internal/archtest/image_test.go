package archtest

import (
	"debug/elf"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"portal/internal/config"
)

// There is no container engine where the tests run. What the images rest on can be tested all the same: binaries that
// need no system around them, and settings that the programs know.

func TestBuildIsStatic(t *testing.T) {
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

// compose is what the tests read of docker-compose.yml.
type compose struct {
	Services map[string]struct {
		Build       any
		Environment map[string]string
		Ports       []string
	}
}

func TestComposeSetsOnlyWhatTheProgramsRead(t *testing.T) {
	t.Parallel()
	known := slices.Concat(config.Names(), sandboxNames(t))
	for service, s := range readCompose(t).Services {
		if s.Build == nil {
			continue // somebody else's image
		}
		for name := range s.Environment {
			if !slices.Contains(known, name) {
				t.Errorf("service %s sets %s, which no program reads", service, name)
			}
		}
	}
}

func TestComposeIsReachableFromThisMachineOnly(t *testing.T) {
	t.Parallel()
	for service, s := range readCompose(t).Services {
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("service %s publishes %s to the network", service, port)
			}
		}
	}
}

func TestComposeSettingsSatisfyThePortal(t *testing.T) {
	t.Parallel()
	keys := t.TempDir()
	cookieKey := base64.RawURLEncoding.EncodeToString(make([]byte, config.CookieKeySize))
	write(t, filepath.Join(keys, "cookie_keys"), cookieKey)
	write(t, filepath.Join(keys, "seal_keyset"), "{}")
	inContainer := strings.NewReplacer("/keys/", keys+"/", "/etc/portal/", root+"/")
	environment := readCompose(t).Services["portal"].Environment
	getenv := func(name string) string { return inContainer.Replace(environment[name]) }
	if _, err := config.Load(getenv); err != nil {
		t.Errorf("the portal refuses the settings of docker-compose.yml:\n%v", err)
	}
}

func TestComposeMigratesTheDatabaseThatThePortalUses(t *testing.T) {
	t.Parallel()
	services := readCompose(t).Services
	const name = "PORTAL_DATABASE_URL"
	if p, m := services["portal"].Environment[name], services["migrate"].Environment[name]; p == "" || p != m {
		t.Errorf("the portal uses %q, migrate %q", p, m)
	}
}

func readCompose(t *testing.T) compose {
	t.Helper()
	var c compose
	if err := yaml.Unmarshal(text(t, "docker-compose.yml"), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// sandboxNames lists the variables the sandbox reads, from its source: a program cannot be imported.
func sandboxNames(t *testing.T) []string {
	t.Helper()
	return regexp.MustCompile(`\bSANDBOX_[A-Z_]+\b`).FindAllString(string(text(t, "cmd/sandbox/settings.go")), -1)
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
