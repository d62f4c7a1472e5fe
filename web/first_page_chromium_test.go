package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/browsertest"
)

const (
	// firstBudget is one round of TCP: what a server sends before it hears from the browser again.
	firstBudget = 14 << 10
	// pageBudget is for pages that come later, with all that a browser without any of the portal's files loads.
	pageBudget = 20 << 10
)

// providerHere is a provider's script, and the form that it puts into the page.
func providerHere(t *testing.T) (origin string) {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/embed.js" {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(w, `const show = () => {
				const frame = document.createElement('iframe');
				frame.src = new URL('/form', document.querySelector('script[src$="/embed.js"]').src);
				document.getElementById('collection-wrapper').append(frame);
			};
			window.PassFortCollect = { init: show, initFromUrl: show };`)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<!DOCTYPE html><html lang="en"><title>Form</title><p>The provider's form</p><script>parent.postMessage('here', '*')</script></html>`)
	}))
	t.Cleanup(srv.Close)
	return strings.Replace(srv.URL, "127.0.0.1", "collection.localhost", 1)
}

// load is what belongs to a page.
type load struct {
	kinds  map[string]int64 // bytes on the wire, by the ending of a file's name; those of the page itself are ""
	others []string         // addresses that are not the portal's
}

func (l load) total() (bytes int64) {
	for _, n := range l.kinds {
		bytes += n
	}
	return bytes
}

// loads opens a page of the portal with an empty cache. What belongs to the page it names itself, so that nothing waits for
// anything else, and only stylesheets keep it from being shown.
func (w *world) loads(p *browsertest.Page, address string) load {
	w.t.Helper()
	sum := load{kinds: map[string]int64{}}
	for _, part := range p.OpenCold(address) {
		below, ours := strings.CutPrefix(part.URL, w.server.URL)
		kind := path.Ext(parseURL(w.t, part.URL).Path)
		switch {
		case !ours:
			sum.others = append(sum.others, part.URL)
			continue
		case kind == ".svg": // browsers ask for icons by themselves, and tell of it only sometimes
			continue
		case kind != "" && part.From != "parser":
			w.t.Errorf("%s: %s waits for %s", address, below, part.By)
		case part.Blocks && kind != ".css":
			w.t.Errorf("%s: nothing is shown before %s is there", address, below)
		}
		sum.kinds[kind] += part.Bytes
	}
	sum.kinds[".svg"] = w.iconOnTheWire(p)
	return sum
}

var iconOf = regexp.MustCompile(`rel="icon" href="([^"]+)"`)

// iconOnTheWire is the size of the page's icon with its header.
func (w *world) iconOnTheWire(p *browsertest.Page) int64 {
	w.t.Helper()
	icon := iconOf.FindStringSubmatch(p.HTML())
	if icon == nil {
		w.t.Fatalf("%s has no icon", p.URL())
	}
	answer, err := http.Get(w.server.URL + icon[1])
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	wire, err := httputil.DumpResponse(answer, true)
	if err != nil {
		w.t.Fatal(err)
	}
	return int64(len(wire))
}

// weighing is the table of what pages load, for `go test -v`.
type weighing struct {
	*testing.T
	lines []string
}

func (g *weighing) add(name string, l load) {
	g.lines = append(g.lines, fmt.Sprintf("| %s | %d | %d | %d | %d | %d |", name, l.kinds[""], l.kinds[".css"], l.kinds[".js"], l.kinds[".svg"], l.total()))
}

func (g *weighing) print() {
	g.Logf("bytes on the wire, headers and all:\n| page | page | styles | scripts | icon | together |\n|---|---|---|---|---|---|\n%s", strings.Join(g.lines, "\n"))
}

// Applicants may come by a phone in a train: what they see first comes at once, is all there is, and stands still.
func TestFirstPagesComeInOneRoundAndStandStill(t *testing.T) {
	t.Parallel()
	provider := providerHere(t)
	w := newWorld(t, wanted{url: "http://127.0.0.1/onboarding", collection: provider})
	p := browsertest.New(t).Page(t)
	p.Resize(360, 740)
	table := weighing{T: t}
	for _, lang := range []string{"en", "de", "ar"} {
		for name, address := range map[string]string{"landing": "?", "e-mailed link": "?request_id=11111111&apikey=22222222&"} {
			l := w.loads(p, w.server.URL+"/onboarding"+address+"lang="+lang)
			if l.total() > firstBudget {
				t.Errorf("%s in %s: %d bytes, %d are allowed", name, lang, l.total(), firstBudget)
			}
			if name == "landing" && l.others != nil || slices.ContainsFunc(l.others, func(other string) bool { return !strings.HasPrefix(other, provider) }) {
				t.Errorf("%s in %s asks others: %q", name, lang, l.others)
			}
			if name != "landing" {
				p.See(say(lang, "form.loaded"))
			}
			if moved := p.Shifts(); len(moved) > 0 {
				t.Errorf("%s in %s moves by itself: %q", name, lang, moved)
			}
			table.add(name+", "+lang, l)
		}
	}
	table.print()
}

// All other pages keep to a budget, too, also for whoever opens them first.
func TestPagesAreSmall(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	b := browsertest.New(t)
	p := b.Page(t)
	for _, expected := range []string{"collection.example.net", "net::ERR"} {
		p.Allow(expected) // the provider is not there
	}
	e, v := w.entering("ada@example.com"), w.verify("bert@example.com", "documents")
	w.pass(2 * time.Minute) // another code so soon would be refused
	table := weighing{T: t}
	weigh := func(name, below string) {
		t.Helper()
		l := w.loads(p, address+below)
		if l.total() > pageBudget {
			t.Errorf("%s: %d bytes, %d are allowed", name, l.total(), pageBudget)
		}
		table.add(name, l)
	}
	weigh("sign-in", "/sign-in")
	p.Fill("E-mail address", "ada@example.com")
	p.Press("Send me the code")
	p.See("Enter the code from your e-mail")
	weigh("code", "/sign-in?sent=1")
	p.Fill("6-digit code", w.code("ada@example.com"))
	p.Press("Sign in")
	p.See("Signed in as ada@example.com")
	weigh("form", "?flow=company")
	weigh("associates", e.about(""))
	weigh("an associate", e.about("/new"))
	p = b.Page(t)
	w.signInAt(p, address, "bert@example.com")
	weigh("documents", v.about(""))
	weigh("a document", v.about("/identity"))
	p = b.Page(t)
	w.signInAt(p, address, "cleo@example.com")
	weigh("choose", "")
	table.print()
}
