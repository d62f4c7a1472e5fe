package websdk_test

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"portal/internal/browsertest"
	"portal/internal/sandbox/sumsub/websdk"
)

// site is a company's page (url) and, on another site, the frame with a desk behind it (base).
type site struct {
	*desk
	url, base string
	client    *http.Client // of this server alone
}

const page = `<!DOCTYPE html><title>The company</title><link rel=icon href=data:,><h1>The company’s page</h1>
<div id="container"></div><pre id="events"></pre><script src="%s"></script><script src="/page.js"></script>`

// pageScript embeds the frame as an integrator's page does, and writes down every event.
const pageScript = `const events = document.getElementById("events");
const note = (type, payload) => type === "idCheck.onResize" || events.append(type.replace("idCheck.", "") + " " + JSON.stringify(payload) + "\n");
const token = async () => {
	const answer = await fetch("/token", { method: "POST" });
	if (!answer.ok) throw new Error("no token is given");
	return answer.text();
};
token().then((first) => {
	const sdk = snsWebSdk.init(first, token).withBaseUrl(%q).withConf({ lang: "en", theme: "dark" })
		.withOptions({ addViewportTag: false, adaptIframeHeight: true })
		.on("idCheck.onReady", (payload) => note("ready", payload)).onMessage(note).build();
	sdk.launch("#container");
	button("Leave", () => sdk.destroy());
	button("Forge", () => postMessage({ method: "idCheck.onResize", height: 15000 }));
	button("Intrude", () => {
		addEventListener("message", (event) => event.data === "intruded" && events.append("intruded {}\n"));
		document.body.append(Object.assign(document.createElement("iframe"), { sandbox: "allow-scripts", srcdoc: intruder }));
	});
});
const button = (textContent, onclick) => document.body.append(Object.assign(document.createElement("button"), { textContent, onclick }));
const intruder = "<script>parent.frames[0].postMessage({ method: 'idCheck.updateAccessToken', accessToken: 'stolen' }, '*');" +
	"parent.postMessage('intruded', '*')<" + "/script>";`

// realSDK is where npm puts Sumsub's own.
const realSDK = "../../../../tools/npm/node_modules/@sumsub/websdk/dist/index.js"

// newSite serves a desk. The page takes our script or, in its place, Sumsub's own from npm.
func newSite(t *testing.T, d *desk, o websdk.Options, real bool) *site {
	t.Helper()
	s := &site{desk: d}
	o.Applicants = d
	sdk := websdk.New(o)
	r := chi.NewRouter()
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	s.url, s.client = server.URL, server.Client()
	s.base = strings.Replace(server.URL, "127.0.0.1", "websdk.localhost", 1)
	script := s.base + "/websdk/sns-websdk-builder.js"
	if real {
		script = "/real.js"
		r.Get(script, serveText("text/javascript", asGlobal(t)))
	}
	sdk.Mount(r)
	sdk.API(r)
	r.Post("/token", d.giveToken)
	r.Get("/page.js", serveText("text/javascript", fmt.Sprintf(pageScript, s.base)))
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("nocamera") {
			w.Header().Set("Permissions-Policy", "camera=()")
		}
		serveText("text/html", fmt.Sprintf(page, script))(w, r)
	})
	return s
}

// asGlobal is the package, which is a CommonJS module, as a script of pages.
func asGlobal(t *testing.T) string {
	t.Helper()
	module, err := os.ReadFile(realSDK)
	if err != nil {
		t.Skip("@sumsub/websdk is not there: `make test` fetches it, or scripts/npm")
	}
	return "window.snsWebSdk = (() => { const module = { exports: {} }, exports = module.exports; " + string(module) +
		"\nreturn module.exports.default || module.exports; })();"
}

func serveText(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind+"; charset=utf-8")
		_, _ = w.Write([]byte(text))
	}
}

// withBoth makes a test with our script and with Sumsub's own, since both must do the same.
func withBoth(t *testing.T, newDesk func() *desk, test func(t *testing.T, s *site)) {
	t.Helper()
	for name, real := range map[string]bool{"our builder": false, "npm's SDK": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newSite(t, newDesk(), websdk.Options{}, real))
		})
	}
}

// open opens the company's page and returns it and the frame in it.
func (s *site) open(t *testing.T, address string) (p, frame *browsertest.Page) {
	t.Helper()
	p = browsertest.New(t).Page(t)
	p.Open(s.url + address)
	return p, p.Frame(s.base + "/websdk/websdk.html")
}

// events are the SDK's, as the page was told them.
func events(p *browsertest.Page) []string {
	_, text, _ := strings.Cut(p.HTML(), `<pre id="events">`)
	text, _, _ = strings.Cut(text, "</pre>")
	return strings.Split(strings.TrimSpace(html.UnescapeString(text)), "\n")
}

// names are the events without what they say.
func names(events []string) []string {
	var list []string
	for _, e := range events {
		name, _, _ := strings.Cut(e, " ")
		list = append(list, name)
	}
	return list
}

// height is that of the frame in the page, in CSS pixels.
func height(p *browsertest.Page) (high int) {
	if found := regexp.MustCompile(`<iframe[^>]*height: (\d+)px`).FindStringSubmatch(p.HTML()); found != nil {
		_, _ = fmt.Sscan(found[1], &high)
	}
	return high
}

// picture is the path of a small PNG of that name.
func picture(t *testing.T, name string) string {
	t.Helper()
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewGray(image.Rect(0, 0, 40, 25))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waiting in vain for %s", what)
		}
	}
}
