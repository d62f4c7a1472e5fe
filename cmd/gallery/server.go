package main

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"regexp"
	"strings"

	"portal/templates/gallery"
)

//go:embed index.html
var indexText string

var index = template.Must(template.New("index").Parse(indexText))

//go:embed index.css
var indexStyle []byte

// handler is the table of contents.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.showIndex)
	mux.HandleFunc("GET /page", s.showPage)
	mux.HandleFunc("GET /index.css", showStyle)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }) // of e-mails, which name none
	for _, scheme := range schemes {
		mux.Handle("GET /"+scheme.Value+"/static/", http.StripPrefix("/"+scheme.Value, forced(scheme.Value, s.assets.Handler(http.NotFoundHandler(), http.NotFoundHandler()))))
	}
	mux.HandleFunc("/", showNothing)
	return mux
}

// frame is a page in its frame.
type frame struct{ Name, Address string }

// indexView is what the index shows.
type indexView struct {
	Controls []control
	Width    string
	Frames   []frame
}

func (s *server) showIndex(w http.ResponseWriter, r *http.Request) {
	chosen, controls := s.choose(r.URL.Query())
	view := indexView{Controls: controls, Width: chosen.Width}
	for _, p := range gallery.Pages() {
		if chosen.Family == p.Family || chosen.Family == everyFamily {
			view.Frames = append(view.Frames, frame{p.Name, "/page" + chosen.query("name", p.Name)})
		}
	}
	var b bytes.Buffer
	if err := index.Execute(&b, view); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; script-src 'none'")
	send(w, b.Bytes())
}

// scripts are what a page loads. It is shown as it is before they do anything: its state is the one that it is listed as.
var scripts = regexp.MustCompile(`<script\b[^>]*\bsrc=[^>]*></script>`)

// pagePolicy is stricter than the portal's, but for e-mails, which bring their styles with them.
const pagePolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' https:; font-src 'self'; script-src 'none'; form-action 'none'"

func (s *server) showPage(w http.ResponseWriter, r *http.Request) {
	p, ok := gallery.Named(r.URL.Query().Get("name"))
	if !ok {
		showNothing(w, r)
		return
	}
	chosen, _ := s.choose(r.URL.Query())
	var b strings.Builder
	if err := p.Render(r.Context(), s.site(chosen), s.locale(chosen.Lang), &b); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy)
	send(w, []byte(forcing(chosen.Scheme).Replace(scripts.ReplaceAllString(b.String(), ""))))
}

func showStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(indexStyle)
}

// showNothing answers links of the pages, which are samples.
func showNothing(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "In the gallery the links of pages lead nowhere. Go back to look at another page.", http.StatusNotFound)
}

func send(w http.ResponseWriter, page []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(page)
}
