package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// composeFile is what the tests do with docker-compose.yml.
type composeFile struct {
	Services map[string]composeService
	Secrets  map[string]struct{ File string }
}

type composeService struct {
	Entrypoint, Command []string
	Environment         map[string]string
	Secrets, Volumes    []string
	Healthcheck         struct{ Test []string }
}

func readComposeFile(t *testing.T) (f composeFile) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(repositoryFile(t, "docker-compose.yml")), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func repositoryFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// places has the names and addresses of containers be those of this machine's processes.
func (c *composed) places(t *testing.T, postgres string) *strings.Replacer {
	t.Helper()
	var pairs []string
	names := []string{"portal-1:8080", "portal-1:8081", "portal-2:8080", "portal-2:8081", "sandbox:8090", "sandbox:8025"}
	at, err := freeAddresses(len(names) + 1)
	if err != nil {
		t.Fatal(err)
	}
	c.proxyAt = at[len(names)]
	for i, name := range names {
		pairs = append(pairs, name, at[i])
	}
	sandbox := at[slices.Index(names, "sandbox:8090")]
	published := func(address string) string {
		_, port, _ := net.SplitHostPort(address)
		return "localhost:" + port
	}
	return strings.NewReplacer(append(pairs,
		"postgres:5432", postgres, "172.28.0.0/24", "127.0.0.0/8",
		"localhost:8443", published(c.proxyAt), "localhost:8090", published(sandbox), "127.0.0.1:8090", sandbox,
	)...)
}

// mount makes the folders and files that the services find in their containers. One root stands for those of all.
func (c *composed) mount(t *testing.T) {
	t.Helper()
	for _, s := range c.file.Services {
		for _, v := range s.Volumes {
			from, to, _ := strings.Cut(v, ":")
			to = strings.TrimSuffix(to, ":ro")
			if file, ok := strings.CutPrefix(from, "./"); ok {
				c.write(t, to, repositoryFile(t, file))
			} else if err := os.MkdirAll(c.root+to, 0o700); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, secret := range c.file.Secrets {
		c.write(t, "/run/secrets/"+name, repositoryFile(t, secret.File))
	}
}

func (c *composed) write(t *testing.T, to, text string) {
	t.Helper()
	to = c.root + to
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte(c.names.Replace(text)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// here is a setting or an argument of a service as its process takes it: with the paths and addresses of this machine.
func (c *composed) here(t *testing.T, service, value string) string {
	t.Helper()
	switch {
	case strings.HasPrefix(value, "/"):
		if !c.file.Services[service].has(value) {
			t.Errorf("service %s is to use %s, which is not in its container", service, value)
		}
		return c.root + value
	case strings.HasPrefix(value, ":"): // where it listens
		return c.names.Replace(service + value)
	}
	return c.names.Replace(value)
}

// has says whether a path is that of something that the service is given.
func (s composeService) has(path string) bool {
	given := slices.Clone(s.Volumes)
	for _, secret := range s.Secrets {
		given = append(given, ":/run/secrets/"+secret)
	}
	return slices.ContainsFunc(given, func(v string) bool {
		_, to, _ := strings.Cut(v, ":")
		to = strings.TrimSuffix(to, ":ro")
		return path == to || strings.HasPrefix(path, to+"/")
	})
}

// environment is that of a service, and of no other.
func (c *composed) environment(t *testing.T, service string) settings {
	t.Helper()
	all := settings{}
	for name, value := range c.file.Services[service].Environment {
		all[name] = c.here(t, service, value)
	}
	return all
}

// nginxConf has nginx find everything where it is on this machine, and changes nothing else. Debian's is older than the image's:
// before 1.25.1 HTTP/2 is turned on by another word.
func (c *composed) nginxConf(t *testing.T, old bool) string {
	t.Helper()
	scratch := t.TempDir()
	changes := [][2]string{
		{"listen 8443 ssl;", "listen " + c.proxyAt + " ssl;"},
		{"/tls/certificate.pem", c.root + "/tls/certificate.pem"},
		{"/tls/key.pem", c.root + "/tls/key.pem"},
		{"http {\n", fmt.Sprintf("http {\nclient_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; "+
			"uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;\n", scratch)},
	}
	if old {
		changes = append(changes, [2]string{"http2 on;", ""}, [2]string{" ssl;\n", " ssl http2;\n"})
	}
	path := c.root + "/etc/nginx/nginx.conf"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	conf := string(text)
	for _, change := range changes {
		if n := strings.Count(conf, change[0]); n != 1 {
			t.Fatalf("nginx.conf has %q %d times", change[0], n)
		}
		conf = strings.Replace(conf, change[0], change[1], 1)
	}
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
