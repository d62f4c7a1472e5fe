package sandbox

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"

	"portal/internal/sandbox/passfort/webhooks"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
)

// pageCSP allows the pages their stylesheets and their own frames, and no script at all.
const pageCSP = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

//go:embed pages/*.css
var styles embed.FS

//go:embed pages/*.html
var pageFiles embed.FS

var pageTemplates = template.Must(template.New("").Funcs(wording).ParseFS(pageFiles, "pages/*.html"))

// view is a page to be: what stands inside the frame that all pages have.
type view struct {
	template string
	title    string
	place    string // the address in the navigation that it belongs to
	live     bool   // the browser reloads it by itself
	bare     bool   // without the frame
	data     any
}

// frame is what a page of the workbench has around it.
type frame struct {
	Title  string
	Places []place
	Notice string // what the form did that led here
	Live   bool

	Content template.HTML
}

// place is an entry of the navigation.
type place struct {
	Path, Name string
	Badge      string // what there is to know about it
	Here       bool
}

// page turns a view into a handler.
func (s *Sandbox) page(h func(r *http.Request) (view, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := h(r)
		if err != nil {
			s.showProblem(w, r, "/", err)
			return
		}
		s.render(w, r, http.StatusOK, v)
	}
}

// problem is what the page about something that did not work says.
type problem struct {
	Status int
	Name   string   // of the status
	Said   []string // a sentence each
	Form   bool     // a form was sent
	Back   string   // the page that it was on
}

// showProblem answers with a page that says what is wrong and where to go on.
func (s *Sandbox) showProblem(w http.ResponseWriter, r *http.Request, back string, err error) {
	status := statusOf(err)
	p := problem{Status: status, Name: http.StatusText(status), Form: r.Method == http.MethodPost, Back: back}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		p.Said = append(p.Said, sentence(line))
	}
	s.render(w, r, status, view{template: "problem.html", title: "That did not work", data: p})
}

// render sends a page. It is rendered whole before the first byte is sent.
func (s *Sandbox) render(w http.ResponseWriter, r *http.Request, status int, v view) {
	var buf bytes.Buffer
	err := pageTemplates.ExecuteTemplate(&buf, v.template, v.data)
	if err == nil && !v.bare {
		f := s.frame(r, v)
		f.Content, buf = template.HTML(buf.String()), bytes.Buffer{} // written by a template just now
		err = pageTemplates.ExecuteTemplate(&buf, "frame", f)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pageCSP)
	w.Header().Set("Referrer-Policy", "same-origin")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = buf.WriteTo(w)
}

func (s *Sandbox) frame(r *http.Request, v view) frame {
	f := frame{Title: v.title, Live: v.live, Notice: notices[r.URL.Query().Get("done")]}
	for _, p := range []place{
		{Path: "/", Name: "Start"},
		{Path: "/profiles", Name: "Profiles"},
		{Path: "/requests", Name: "Customer requests"},
		{Path: "/webhooks", Name: "Webhooks", Badge: s.queueBadge()},
		{Path: "/applicants", Name: "Applicants"},
		{Path: "/webhooks/sumsub", Name: "Sumsub’s webhooks", Badge: s.deliveriesBadge()},
		{Path: "/mail", Name: "Mailbox"},
		{Path: "/faults", Name: "Faults"},
		{Path: "/calls", Name: "Calls"},
		{Path: "/options", Name: "Options"},
	} {
		p.Here = p.Path == v.place
		f.Places = append(f.Places, p)
	}
	return f
}

// queueBadge is a word about webhooks where they do not flow.
func (s *Sandbox) queueBadge() string {
	if state := s.webhooks.Status().State; state == webhooks.Off || state == webhooks.Stalled {
		return string(state)
	}
	return ""
}

// deliveriesBadge is a word about Sumsub's webhooks where they do not arrive.
func (s *Sandbox) deliveriesBadge() string {
	if state := s.sumsubWebhooks.Status().State; state == sumsubwebhooks.Off || state == sumsubwebhooks.Retrying {
		return string(state)
	}
	return ""
}

// isLive says whether the browser is to reload the page by itself, which people have to ask for.
func isLive(r *http.Request) bool { return r.URL.Query().Get("live") == "1" }

// serveStyle answers with the stylesheet of the same name.
func serveStyle(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, styles, "pages/"+name)
	}
}

func (s *Sandbox) showThanks(*http.Request) (view, error) {
	return view{template: "thanks.html", bare: true}, nil
}

// noIcon answers what browsers ask every site for.
func noIcon(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
