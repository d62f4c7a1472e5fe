package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"portal/internal/localpg"
)

// composed is what docker-compose.yml describes, as processes of this machine: there may be no container engine where tests run.
type composed struct {
	*world
	file        composeFile
	root        string // has what the containers have
	names       *strings.Replacer
	proxyAt     string
	portals     []*portalProcess
	certificate *x509.Certificate
}

// compose starts the services in the order in which they wait for each other.
func compose(t *testing.T) *composed {
	t.Helper()
	c := &composed{file: readComposeFile(t), root: t.TempDir()}
	c.names = c.places(t, c.postgres(t))
	c.mount(t)
	for _, once := range []string{"keys", "certificate", "migrate"} {
		c.finish(t, once)
	}
	before := c.certify(t)
	for _, again := range []string{"keys", "certificate", "migrate"} { // as the next `docker compose up` does
		c.finish(t, again)
	}
	if !c.certify(t).Equal(before) {
		t.Error("the second start makes another certificate, which has to be trusted anew")
	}
	c.start(t, "sandbox")
	for _, name := range []string{"portal-1", "portal-2"} {
		c.portals = append(c.portals, c.start(t, name))
		eventually(t, name+" is healthy", func() bool { return c.healthy(t, name) })
	}
	c.front(t)
	c.world = &world{env: c.environment(t, "portal-1")}
	for name, value := range c.environment(t, "sandbox") {
		c.env[name] = value
	}
	return c
}

// postgres is as its image makes it: with a database of POSTGRES_USER, who administers it and has run what is to be run.
func (c *composed) postgres(t *testing.T) (address string) {
	t.Helper()
	env := c.file.Services["postgres"].Environment
	cluster, err := localpg.Start(t.Context(), localpg.Options{TCP: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	sql(t, cluster.URL("postgres"), "create role "+env["POSTGRES_USER"]+" superuser login")
	sql(t, cluster.URL("postgres"), "create database "+env["POSTGRES_DB"]+" owner "+env["POSTGRES_USER"])
	sql(t, cluster.URLFor(env["POSTGRES_USER"], env["POSTGRES_DB"]), repositoryFile(t, "deploy/compose/roles.sql"))
	u, err := url.Parse(cluster.TCPURL("portal"))
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// sql runs statements, as psql runs a file.
func sql(t *testing.T, database, statements string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.PgConn().Exec(t.Context(), statements).ReadAll(); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// command is the program of a service with its arguments and its environment.
func (c *composed) command(t *testing.T, service string) *exec.Cmd {
	t.Helper()
	s := c.file.Services[service]
	of := "/portal" // as the image has it
	if len(s.Entrypoint) > 0 {
		of = s.Entrypoint[0]
	}
	cmd := exec.Command(program(t, strings.TrimPrefix(of, "/")))
	for _, arg := range s.Command {
		cmd.Args = append(cmd.Args, c.here(t, service, arg))
	}
	cmd.Env, cmd.Dir = c.environment(t, service).environ(), t.TempDir()
	return cmd
}

// finish runs a service that ends.
func (c *composed) finish(t *testing.T, service string) {
	t.Helper()
	if out, err := c.command(t, service).CombinedOutput(); err != nil {
		t.Fatalf("service %s: %v\n%s", service, err, out)
	}
}

// start starts a service that stays.
func (c *composed) start(t *testing.T, service string) *portalProcess {
	t.Helper()
	return launch(t, service, c.command(t, service))
}

func launch(t *testing.T, service string, cmd *exec.Cmd) *portalProcess {
	t.Helper()
	p := &portalProcess{cmd: cmd, log: newOutput(), gone: make(chan struct{})}
	cmd.Stderr, cmd.SysProcAttr = p.log, &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = cmd.Wait()
		close(p.gone)
	}()
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("%s wrote:\n%s", service, p.log)
		}
	})
	return p
}

// healthy asks as the container engine does.
func (c *composed) healthy(t *testing.T, service string) bool {
	t.Helper()
	test := c.file.Services[service].Healthcheck.Test
	if len(test) < 2 || test[0] != "CMD" || test[1] != "/portal" {
		t.Fatalf("service %s: healthcheck %q", service, test)
	}
	cmd := exec.Command(program(t, "portal"), test[2:]...)
	cmd.Env = c.environment(t, service).environ()
	return cmd.Run() == nil
}

func (c *composed) certify(t *testing.T) *x509.Certificate {
	t.Helper()
	text, err := os.ReadFile(c.root + "/tls/certificate.pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if c.certificate, err = x509.ParseCertificate(block.Bytes); err != nil {
		t.Fatal(err)
	}
	return c.certificate
}

var nginxVersion = regexp.MustCompile(`nginx/1\.(\d+)\.`)

// front starts nginx with the configuration of the proxy.
func (c *composed) front(t *testing.T) {
	t.Helper()
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		nginx = "/usr/sbin/nginx" // where Debian has it, out of the way of all but root
	}
	out, err := exec.Command(nginx, "-v").CombinedOutput()
	version := nginxVersion.FindSubmatch(out)
	if err != nil || version == nil {
		t.Fatalf("nginx, which `make deps` installs: %v\n%s", err, out)
	}
	minor, _ := strconv.Atoi(string(version[1]))
	dir := t.TempDir()
	more := fmt.Sprintf("daemon off; pid %s/pid;", dir)
	if os.Getuid() == 0 {
		more += " user root;" // whose folders they are
	}
	launch(t, "proxy", exec.Command(nginx, "-p", dir, "-e", "stderr", "-c", c.nginxConf(t, minor < 25), "-g", more))
	eventually(t, "the proxy answers", func() bool {
		conn, err := (&tls.Dialer{Config: c.trusting()}).DialContext(t.Context(), "tcp", c.proxyAt)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
}

// trusting is for clients that trust the certificate, and no other.
func (c *composed) trusting() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(c.certificate)
	return &tls.Config{RootCAs: pool, ServerName: "localhost"}
}

// cookieBook keeps what was set by all answers.
type cookieBook struct {
	http.RoundTripper
	mu  sync.Mutex
	set []*http.Cookie
}

// RoundTrip implements [http.RoundTripper].
func (b *cookieBook) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.set = append(b.set, answer.Cookies()...)
	}
	return answer, err
}

// guest is a visitor who comes through the proxy over HTTP/2.
func (c *composed) guest(t *testing.T) (*visitor, *cookieBook) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: c.trusting(), ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	book := &cookieBook{RoundTripper: transport}
	origin := strings.TrimSuffix(c.address(""), "/onboarding")
	return &visitor{t: t, world: c.world, origin: origin, http: &http.Client{Jar: jar, Transport: book, Timeout: visitFor}}, book
}
