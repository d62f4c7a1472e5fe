package web_test

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// visit is what the Observatory is to look at.
type visit struct {
	Host    string   `json:"host"`
	HTTP    string   `json:"http"` // ports
	HTTPS   string   `json:"https"`
	Path    string   `json:"path"`
	Cookies []string `json:"cookies"` // that the visitor has, as lines of Set-Cookie
}

// judgement is what it has found, in points for each of its tests.
type judgement struct {
	Path   string         `json:"path"`
	Status int            `json:"status"`
	Points map[string]int `json:"points"`
}

// score is the sum; as the tool has it, good marks count only where bad ones do not weigh much.
func (j judgement) score() int {
	bad, all := 100, 100
	for _, points := range j.Points {
		bad += min(points, 0)
		all += points
	}
	if bad < 90 {
		return bad
	}
	return all
}

// public is a portal on a public host of its own path, as far as a certificate of this machine goes.
type public struct {
	*world
	plain, secure *httptest.Server // what answers without TLS, and with it
	visits        []visit
	wants         []int
}

// goPublic puts a proxy that ends TLS in front of the portal, and one beside it that leads there.
func goPublic(t *testing.T) *public {
	t.Helper()
	p := &public{}
	p.secure = httptest.NewUnstartedServer(nil)
	host := "https://example.com:" + portOf(p.secure.Listener)
	p.world = newWorld(t, wanted{url: host + "/onboarding", sdk: fromSumsub(t)})
	inside := parseURL(t, p.world.server.URL)
	p.secure.Config.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(inside) }}
	p.secure.StartTLS()
	p.plain = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, host+r.URL.RequestURI(), http.StatusPermanentRedirect)
	}))
	t.Cleanup(p.plain.Close)
	t.Cleanup(p.secure.Close)
	return p
}

func portOf(l net.Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// keeper keeps what the portal has told a browser to keep.
type keeper struct {
	http.RoundTripper
	lines map[string]string
}

func (k keeper) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := k.RoundTripper.RoundTrip(r)
	if err == nil {
		for _, line := range answer.Header.Values("Set-Cookie") {
			name, _, _ := strings.Cut(line, "=")
			k.lines[name] = line
		}
	}
	return answer, err
}

// visitor is a browser that has chosen a language before, and so has a cookie.
func (p *public) visitor() (*browser, keeper) {
	p.t.Helper()
	b := p.browser()
	k := keeper{b.client.Transport, map[string]string{}}
	b.client.Transport = k
	b.get("/accessibility?lang=en")
	return b, k
}

// expect has the Observatory look at an address below the portal's, with what the browser keeps.
func (p *public) expect(k keeper, want int, below string) {
	v := visit{Host: "example.com", HTTP: portOf(p.plain.Listener), HTTPS: portOf(p.secure.Listener), Path: "/onboarding" + below}
	for _, line := range k.lines {
		if !strings.Contains(line, "Max-Age=0") {
			v.Cookies = append(v.Cookies, line)
		}
	}
	slices.Sort(v.Cookies)
	p.visits, p.wants = append(p.visits, v), append(p.wants, want)
}

// judged has the Observatory look at everything.
func (p *public) judged() (list []judgement) {
	p.t.Helper()
	roots := filepath.Join(p.t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.secure.Certificate().Raw}), 0o600); err != nil {
		p.t.Fatal(err)
	}
	input, err := json.Marshal(p.visits)
	if err != nil {
		p.t.Fatal(err)
	}
	node := exec.CommandContext(p.t.Context(), "node", filepath.Join("..", "tools", "npm", "observatory.mjs"))
	node.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+roots, "NO_PROXY=*", "no_proxy=*")
	var said, output bytes.Buffer
	node.Stdin, node.Stderr, node.Stdout = bytes.NewReader(input), &said, &output
	if err := node.Run(); err != nil {
		p.t.Fatalf("the Observatory (`make deps` fetches it): %v\n%s", err, said.String())
	}
	if err := json.Unmarshal(output.Bytes(), &list); err != nil {
		p.t.Fatal(err)
	}
	return list
}

// table is a line for each page, with where points are won and lost, for `go test -v`.
func table(list []judgement) string {
	var b strings.Builder
	for _, j := range list {
		fmt.Fprintf(&b, "%d %s (%d):", j.score(), j.Path, j.Status)
		for _, test := range slices.Sorted(maps.Keys(j.Points)) {
			fmt.Fprintf(&b, " %s %+d", test, j.Points[test])
		}
		b.WriteString("\n")
	}
	return b.String()
}

// What MDN's HTTP Observatory thinks of every kind of page, of 165. Five are for hosts that browsers have built in. Pages with
// forms of a provider lose ten for a script that has no integrity, and ten for a frame that says nothing of its embedding:
// both are the provider's.
func TestObservatoryFindsLittleToWishFor(t *testing.T) {
	t.Parallel()
	const most, withForms = 160, 140
	p := goPublic(t)
	nobody, kept := p.visitor()
	for _, below := range []string{
		"", "/sign-in", "/sign-in?flow=company", "/complete", "/accessibility", "/sign-out", "/session", "/nowhere", "/sign-in/link/none", "?apikey=" + linkKey,
	} {
		p.expect(kept, most, below)
	}
	p.expect(kept, withForms, link)
	nobody.askCode("dora@example.com", "")
	p.expect(kept, most, "/sign-in?sent=1")

	ada, kept := p.visitor()
	ada.start("ada@example.com", "company")
	company := p.text("select id::text from registrations where flow = 'company'")
	p.expect(kept, withForms, "?flow=company")
	for _, below := range []string{"", "/new", "/review"} {
		p.expect(kept, most, "/associates"+below+"?registration="+company)
	}
	for _, below := range []string{"/sessions", "?flow=individual"} {
		p.expect(kept, most, below)
	}

	bert, kept := p.visitor()
	bert.signIn("bert@example.com")
	bert.post("/start", "flow", "documents").leads("")
	bert.await("open")
	documents := p.text("select id::text from registrations where flow = 'documents'")
	p.expect(kept, most, "/documents?registration="+documents)
	p.expect(kept, most, "/documents/identity?type=PASSPORT&registration="+documents)
	bert.post("/start", "flow", "websdk").leads("")
	bert.await("open")
	p.expect(kept, withForms, "?flow=websdk")

	cleo, kept := p.visitor()
	cleo.signIn("cleo@example.com")
	p.expect(kept, most, "") // where nothing has been begun

	list := p.judged()
	t.Logf("\n%s", table(list))
	for i, j := range list {
		if got, want := j.score(), p.wants[i]; got < want {
			t.Errorf("%s: %d, want %d", j.Path, got, want)
		}
	}
}
