package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/browsertest"
	"portal/internal/htmltest"
	"portal/templates/gallery"
)

// The provider's script brings up a frame that gives a sign of life.
const embedScript = `window.PassFortCollect = { init() {
  const frame = document.createElement('iframe');
  frame.src = '/frame';
  document.getElementById('collection-wrapper').append(frame);
} };`

// alive are the pages with their scripts, and with a provider whose script is there or not.
func alive(t *testing.T, provider bool) (origin string) {
	t.Helper()
	s, err := newServer(func(name string) string { return map[string]string{"PORTAL_CONFIG": "../../portal.toml"}[name] })
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /light/static/", http.StripPrefix("/light", s.assets.Handler(http.NotFoundHandler(), http.NotFoundHandler())))
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		if err := named(t, r.URL.Query().Get("name")).Render(r.Context(), s.site(choice{Scheme: "light"}), s.locale("en"), &b); err != nil {
			t.Error(err)
		}
		send(w, []byte(strings.ReplaceAll(b.String(), "https://collection.example/", "/provider/")))
	})
	mux.HandleFunc("GET /frame", func(w http.ResponseWriter, _ *http.Request) {
		send(w, []byte(`<script>parent.postMessage('here', '*')</script>`))
	})
	mux.HandleFunc("GET /provider/embed.js", func(w http.ResponseWriter, _ *http.Request) {
		if !provider {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, embedScript)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func named(t *testing.T, name string) gallery.Page {
	t.Helper()
	p, ok := gallery.Named(name)
	if !ok {
		t.Errorf("there is no page %q", name)
	}
	return p
}

// visible are the parts of a page's content that nothing hides, and what they say.
func visible(t *testing.T, page string) (list []string) {
	t.Helper()
	d, err := htmltest.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range d.Elements {
		if slices.Contains([]string{"p", "button", "h2", "a", "summary", "video", "label"}, e.Name) && !hidden(e) {
			list = append(list, fmt.Sprintf("%s %s: %s", e.Name, e.Attrs["class"], strings.Join(strings.Fields(e.Text()), " ")))
		}
	}
	return list
}

func hidden(e *htmltest.Element) bool {
	for ; e != nil; e = e.Parent {
		if e.Has("hidden") || e.Name == "noscript" {
			return true
		}
	}
	return false
}

// What the gallery says that scripts show is what they show.
func TestStatesAreThoseThatScriptsMake(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	for _, c := range []struct {
		page, state, see, press string
		provider                bool
	}{
		{"form", "form, loaded", "Your form is here.", "", true},
		{"form", "form, not loading for the cause script_error", "Try again", "", false},
		{"document", "document, camera open", "Take the picture", "Take a picture with this device's camera", true},
	} {
		t.Run(c.state, func(t *testing.T) {
			p, w := b.Page(t), alive(t, c.provider)
			if !c.provider {
				p.Allow("404")
			}
			p.Open(w + "/page?name=" + c.page)
			if c.press != "" {
				p.Press(c.press)
			}
			p.See(c.see)
			_, want, _ := newWorld(t).get(t, "/page"+choice{Lang: "en", Scheme: "light"}.query("name", c.state))
			if diff := cmp.Diff(visible(t, want), visible(t, "<!doctype html>"+p.HTML())); diff != "" {
				t.Errorf("the gallery (-) shows something else than the page (+):\n%s", diff)
			}
		})
	}
}
