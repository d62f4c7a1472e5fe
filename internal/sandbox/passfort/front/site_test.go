package front_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"portal/internal/browsertest"
	"portal/internal/sandbox/passfort/front"
)

// site is a customer's page (url) and, on another site, the collection front with a desk behind it (collection).
type site struct {
	*desk
	url, collection string
	client          *http.Client // of this server alone
}

// loader is a customer's page: static at /, with the pair of init at /dynamic.
const loader = `<!DOCTYPE html><title>Loader</title><link rel=icon href=data:,><h1>The company’s page</h1>
<div id="collection-wrapper"></div><script src="%s/embed.js"></script><script src="/loader.js"></script>`

const loaderScript = `addEventListener("load", () => {
	const pair = { request_id: "` + requestID + `", apikey: "` + apikey + `" };
	const dynamic = location.pathname === "/dynamic";
	dynamic ? PassFortCollect.init(pair) : PassFortCollect.initFromUrl();
	document.body.append(Object.assign(document.createElement("button"), { textContent: "Forge", onclick: () => postMessage({ type: "height", height: 15000 }) }));
	document.body.append(Object.assign(document.createElement("button"), { textContent: "Again", onclick: () => PassFortCollect.init(pair) }));
});`

// newSite serves a request of these forms.
func newSite(t *testing.T, o front.Options, forms ...form) *site {
	t.Helper()
	s := &site{desk: &desk{request: request{Title: "Your registration", Forms: forms}, end: map[string]string{"redirect": "none"}}}
	own := chi.NewRouter()
	front.New(o).Mount(own)
	s.mount(own)
	r := chi.NewRouter()
	r.Get("/", s.serveLoader)
	r.Get("/dynamic", s.serveLoader)
	r.Get("/loader.js", serveText("text/javascript", loaderScript))
	r.Get("/thanks", serveText("text/html", "<title>Thanks</title><link rel=icon href=data:,><h1>Thank you</h1>"))
	r.Get("/favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	r.Mount("/", own)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	s.url, s.client = server.URL, server.Client()
	s.collection = strings.Replace(server.URL, "127.0.0.1", "collection.localhost", 1)
	return s
}

func (s *site) serveLoader(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Query().Has("nocamera") {
		w.Header().Set("Permissions-Policy", "camera=()")
	}
	_, _ = fmt.Fprintf(w, loader, s.collection)
}

// link is the address of the static page in an e-mail.
func (s *site) link() string {
	return s.url + "/?request_id=" + requestID + "&apikey=" + apikey
}

// open opens an address of the customer's page and returns the page and the frame in it.
func (s *site) open(t *testing.T, address string) (page, frame *browsertest.Page) {
	t.Helper()
	page = browsertest.New(t).Page(t)
	page.Open(address)
	return page, page.Frame(s.collection + "/collect")
}

func serveText(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind+"; charset=utf-8")
		_, _ = w.Write([]byte(text))
	}
}

// picture is the path of a small PNG of that name.
func picture(t *testing.T, name string) string {
	t.Helper()
	var content bytes.Buffer
	if err := png.Encode(&content, image.NewGray(image.Rect(0, 0, 40, 25))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	write(t, path, content.String())
	return path
}

// get asks the front for an address, without a browser.
func (s *site) get(t *testing.T, path string) (status int, header http.Header, body string) {
	t.Helper()
	answer, err := s.client.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(text)
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

// focused waits until what has that label or text has the focus.
func focused(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	eventually(t, "the focus on "+name, func() bool { return p.Focused() == name })
}
