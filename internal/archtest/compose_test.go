package archtest

import (
	"encoding/base64"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"portal/internal/config"
)

// compose is what the tests read of docker-compose.yml.
type compose struct {
	Services map[string]service
	Secrets  map[string]struct{ File string }
}

type service struct {
	Image       string
	Environment map[string]string
	Secrets     []string
	Volumes     []string
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

// A volume over a folder that the image does not have is root's, and nothing of ours runs as root.
func TestComposeVolumesAreWritable(t *testing.T) {
	t.Parallel()
	made := strings.Fields(find(t, "Dockerfile", `(?m)^RUN mkdir -p (.*)$`))
	if copied := string(text(t, "Dockerfile")); !strings.Contains(copied, "COPY --from=build --chown=65532:65532 /empty/ /\nUSER 65532:65532\n") {
		t.Error("what is empty is not the user's")
	}
	for name, s := range readCompose(t).ofOurs() {
		for _, volume := range s.Volumes {
			from, to, _ := strings.Cut(volume, ":")
			if !strings.HasPrefix(from, ".") && !strings.HasSuffix(to, ":ro") && !slices.Contains(made, "/empty"+to) {
				t.Errorf("service %s cannot write to %s: the image has only %q", name, to, made)
			}
		}
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
