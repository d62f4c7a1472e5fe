package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Whoever runs the portal lets it out to where its settings say. This looks at all its connections while applicants register, and is
// quick enough to see any that leaves the machine; TestOnlyKnownPlacesConnect of internal/archtest reads the source for the rest.
func TestThePortalTalksToNobodyElse(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	p := w.startPortal(t, nil)
	s := watchSockets(t, p.cmd.Process.Pid)
	goThrough(t, w, p)
	seen := s.end()
	known := w.outside(t)
	for at := range seen {
		if known[at] == "" {
			t.Errorf("the portal talks to %s, and no setting says so: known are %v", at, known)
		}
	}
	if at := w.env["SANDBOX_LISTEN"]; !seen[at] {
		t.Errorf("that the portal asks PassFort at %s was not seen, but %v", at, slices.Collect(maps.Keys(seen)))
	}
}

// goThrough has a portal do what connects it: applicants sign in, register and send documents, and a back end asks for a link.
func goThrough(t *testing.T, w *world, p *portalProcess) (pages []view) {
	t.Helper()
	for _, flow := range []string{"individual", "documents"} {
		v := w.visitor(t).at(p.origin())
		signedIn := v.signIn(newcomer())
		started, err := v.start(flow)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, v.get("/onboarding/sign-in"), signedIn, started)
		eventually(t, flow+" is open", func() bool { return v.status() == "open" })
		for _, path := range []string{"", "/status", "/documents", "/sessions", "/session", "/complete", "/nowhere", "/api/v1/openapi.json", "/accessibility"} {
			pages = append(pages, v.get("/onboarding"+path))
		}
	}
	return append(pages, w.visitor(t).at(p.origin()).do(http.MethodPost, "/onboarding/api/v1/links", url.Values{}))
}

// outside are the addresses to which the settings lead, and which one.
func (w *world) outside(t *testing.T) map[string]string {
	t.Helper()
	all, known := newSettings(w.getenv), map[string]string{}
	for _, name := range []string{"PASSFORT_API_URL", "PASSFORT_COLLECTION_URL", "SUMSUB_API_URL", "PORTAL_NOTICES_URL", "PORTAL_SMTP_URL", "PORTAL_DATABASE_URL"} {
		u, err := url.Parse(all[name])
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range []string{"127.0.0.1", "::1"} { // the demo is on this machine alone
			known[net.JoinHostPort(host, u.Port())] = name
		}
	}
	return known
}

// sockets collects whom a process is connected to.
type sockets struct {
	pid    int
	stop   chan struct{}
	done   sync.WaitGroup
	seen   map[string]bool
	looked map[string]int // how often at each socket, by its inode
}

// looks is how often a socket is looked at that is not connected, as those within the machine never are.
const looks = 100

// watchSockets looks every few milliseconds: no connection to another machine is over in less.
func watchSockets(t *testing.T, pid int) *sockets {
	t.Helper()
	s := &sockets{pid: pid, stop: make(chan struct{}), seen: map[string]bool{}, looked: map[string]int{}}
	tick := time.NewTicker(3 * time.Millisecond)
	s.done.Go(func() {
		defer tick.Stop()
		for {
			select {
			case <-s.stop:
				return
			case <-tick.C:
				s.look()
			}
		}
	})
	return s
}

func (s *sockets) end() map[string]bool {
	close(s.stop)
	s.done.Wait()
	return s.seen
}

// look reads the tables of the whole machine, which may be long, only where the process has a socket that is not known yet.
func (s *sockets) look() {
	var fresh []string
	own, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.pid))
	for _, fd := range own {
		to, _ := os.Readlink(fd)
		if inode, ok := strings.CutPrefix(strings.TrimSuffix(to, "]"), "socket:["); ok && s.looked[inode] < looks {
			fresh = append(fresh, inode)
		}
	}
	if len(fresh) == 0 {
		return
	}
	listening, remotes := s.tables()
	for _, inode := range fresh {
		at, ok := remotes[inode]
		if s.looked[inode]++; !ok || port(at[1]) == "0000" { // it is of another kind, or not connected yet
			continue
		}
		s.looked[inode] = looks
		if !listening[port(at[0])] { // and not somebody who has come to it
			s.seen[remote(at[1])] = true
		}
	}
}

// tables are the ports on which somebody listens, and the addresses of sockets by inode: here and there.
func (s *sockets) tables() (listening map[string]bool, remotes map[string][2]string) {
	listening, remotes = map[string]bool{}, map[string][2]string{}
	for _, kind := range []string{"tcp", "tcp6", "udp", "udp6"} {
		table, err := os.Open(fmt.Sprintf("/proc/%d/net/%s", s.pid, kind))
		if err != nil {
			continue // it has ended, or there is no IPv6
		}
		for lines := bufio.NewScanner(table); lines.Scan(); {
			fields := strings.Fields(lines.Text())
			switch {
			case len(fields) < 10 || fields[0] == "sl":
			case fields[3] == "0A":
				listening[port(fields[1])] = true
			default:
				remotes[fields[9]] = [2]string{fields[1], fields[2]}
			}
		}
		_ = table.Close()
	}
	return listening, remotes
}

func port(at string) string {
	_, port, _ := strings.Cut(at, ":")
	return port
}

// remote reads an address as the kernel writes it: words of four bytes, each backwards, and the port.
func remote(at string) string {
	text, port, _ := strings.Cut(at, ":")
	raw, err := hex.DecodeString(text)
	n, portErr := strconv.ParseUint(port, 16, 16)
	if err != nil || portErr != nil {
		return at
	}
	for word := range slices.Chunk(raw, 4) {
		slices.Reverse(word)
	}
	ip, _ := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(ip.Unmap(), uint16(n)).String()
}

// Secrets are read by many once they stand in a list of processes, a page, a log or a metric.
func TestSecretsStayWithThePortal(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	p := w.startPortal(t, nil)
	pages := goThrough(t, w, p)
	debug := w.visitor(t).at("http://" + p.debug)
	told := map[string]string{"the log": p.log.String(), "its arguments": commandLine(t, p.cmd.Process.Pid)}
	for _, path := range []string{"/metrics", "/readyz", "/healthz", "/debug/pprof/cmdline"} {
		told[path] = debug.get(path).html
	}
	for i, page := range pages {
		told[fmt.Sprint("page ", i+1)] = page.html + fmt.Sprint(page.header)
	}
	if n := len(pages); n < 20 || !strings.Contains(told["its arguments"], "serve") || !strings.Contains(told["/metrics"], "portal_http") {
		t.Fatalf("%d pages, arguments %q, metrics %s", n, told["its arguments"], told["/metrics"])
	}
	for name, secret := range w.secrets(t) {
		for where, text := range told {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", where, name)
			}
		}
	}
}

func commandLine(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// secrets are those of the settings.
func (w *world) secrets(t *testing.T) map[string]string {
	t.Helper()
	all, found := newSettings(w.getenv), map[string]string{}
	for _, name := range []string{
		"PORTAL_DATABASE_URL", "PORTAL_COOKIE_KEYS", "PORTAL_SEAL_KEYSET", "PORTAL_API_KEYS", "PORTAL_NOTICES_SECRETS", "PASSFORT_API_KEY",
		"PASSFORT_WEBHOOK_SECRET", "SUMSUB_APP_TOKEN", "SUMSUB_SECRET_KEY", "SUMSUB_WEBHOOK_SECRET",
	} {
		secret := all[name]
		if file := all[name+"_FILE"]; file != "" {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			secret = strings.TrimSpace(string(text))
		}
		if secret == "" {
			t.Fatalf("%s is not set", name)
		}
		found[name] = secret
	}
	return found
}
