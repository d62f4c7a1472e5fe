package archtest

import (
	"debug/elf"
	"encoding/base64"
	"maps"
	"net/url"
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

// compose is what the tests read of docker-compose.yml.
type compose struct {
	Services map[string]service
	Secrets  map[string]struct{ File string }
}

type service struct {
	Image       string
	Environment map[string]string
	Secrets     []string
	Ports       []string
}

// ofOurs are the services that run what is built here.
func (c compose) ofOurs() map[string]service {
	ours := maps.Clone(c.Services)
	maps.DeleteFunc(ours, func(_ string, s service) bool { return s.Image != "portal-demo" })
	return ours
}

func TestComposeSetsOnlyWhatTheProgramsRead(t *testing.T) {
	t.Parallel()
	known := slices.Concat(config.Names(), sandboxNames(t))
	for name, s := range readCompose(t).ofOurs() {
		for set := range s.Environment {
			if !slices.Contains(known, set) {
				t.Errorf("service %s sets %s, which no program reads", name, set)
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

func TestComposeSettingsSatisfyBothPortals(t *testing.T) {
	t.Parallel()
	keys := t.TempDir()
	cookieKey := base64.RawURLEncoding.EncodeToString(make([]byte, config.CookieKeySize))
	write(t, filepath.Join(keys, "cookie_keys"), cookieKey)
	write(t, filepath.Join(keys, "seal_keyset"), "{}")
	inContainer := strings.NewReplacer("/keys/", keys+"/", "/etc/portal/", root+"/", "/run/secrets/", root+"/deploy/compose/secrets/")
	for _, portal := range []string{"portal-1", "portal-2"} {
		environment := readCompose(t).Services[portal].Environment
		getenv := func(name string) string { return inContainer.Replace(environment[name]) }
		if c, err := config.Load(getenv); err != nil || c.BaseURL.Scheme != "https" || len(c.TrustedProxies) == 0 {
			t.Errorf("%s at %v behind %v refuses the settings of docker-compose.yml:\n%v", portal, c.BaseURL, c.TrustedProxies, err)
		}
	}
}

// What is secret comes in files, to those who need it and to nobody else.
func TestComposeHandsSecretsOnAsFiles(t *testing.T) {
	t.Parallel()
	c := readCompose(t)
	for name, s := range c.Services {
		var read []string
		for set, value := range s.Environment {
			if file, found := strings.CutPrefix(value, "/run/secrets/"); found {
				read = append(read, file)
			} else if slices.Contains(config.Names(), set+"_FILE") || strings.Contains(set, "PASSWORD") && !strings.HasSuffix(set, "_FILE") {
				t.Errorf("service %s has the secret %s in its environment", name, set)
			}
		}
		slices.Sort(read)
		if given := slices.Sorted(slices.Values(s.Secrets)); !slices.Equal(read, given) {
			t.Errorf("service %s reads the secrets %q and is given %q", name, read, given)
		}
		for _, secret := range s.Secrets {
			if text(t, c.Secrets[secret].File); c.Secrets[secret].File != "deploy/compose/secrets/"+secret {
				t.Errorf("secret %s is %s", secret, c.Secrets[secret].File)
			}
		}
	}
}

// The portals work in the database that is migrated, by a login that may not migrate it.
func TestComposePortalsDoNotOwnTheirDatabase(t *testing.T) {
	t.Parallel()
	owner, portal := databaseOf(t, "owner_url"), databaseOf(t, "database_url")
	if owner.Host != portal.Host || owner.Path != portal.Path || owner.User.Username() == portal.User.Username() {
		t.Errorf("the portals use %s, migrate %s", portal.Redacted(), owner.Redacted())
	}
	password, _ := portal.User.Password()
	login := "create role " + portal.User.Username() + " login password '" + password + "' in role portal_application;"
	if !strings.Contains(string(text(t, "deploy/compose/roles.sql")), "\n"+login) {
		t.Errorf("roles.sql has not %q", login)
	}
}

func databaseOf(t *testing.T, secret string) *url.URL {
	t.Helper()
	u, err := url.Parse(strings.TrimSpace(string(text(t, "deploy/compose/secrets/"+secret))))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func readCompose(t *testing.T) compose {
	t.Helper()
	var c compose
	if err := yaml.Unmarshal(text(t, "docker-compose.yml"), &c); err != nil {
		t.Fatal(err)
	}
	return c
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
