package sandbox

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	"portal/internal/sandbox/passfort"
)

// pageCSP allows the pages their stylesheet and their own frames, and no script at all.
const pageCSP = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// How much the start page shows.
const (
	shownProfiles = 50
	shownEffects  = 30
)

//go:embed pages/*.css
var styles embed.FS

//go:embed pages/*.html
var pageFiles embed.FS

var pageTemplates = template.Must(template.New("").Funcs(template.FuncMap{"at": formatTime}).ParseFS(pageFiles, "pages/*.html"))

func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

// view is a page to be: the name of its template and what it shows.
type view struct {
	template string
	data     any
}

// errNoPage is returned for something that is not there to be shown.
var errNoPage = errors.New("there is nothing at this address")

// page turns a view into a handler. The page is rendered whole before the first byte is sent.
func (s *Sandbox) page(h func(r *http.Request) (view, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := h(r)
		switch {
		case errors.Is(err, errNoPage):
			renderError(w, http.StatusNotFound, err)
		case err != nil:
			renderError(w, http.StatusInternalServerError, err)
		default:
			render(w, http.StatusOK, v)
		}
	}
}

// form turns what a button does into a handler that comes back to the start page.
func (s *Sandbox) form(press func(r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxControl)
		if err := press(r); err != nil {
			renderError(w, statusOf(err), err)
			return
		}
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

func renderError(w http.ResponseWriter, status int, err error) {
	render(w, status, view{"error.html", sentence(err.Error())})
}

// sentence begins a message with a capital letter and ends it with a full stop.
func sentence(message string) string {
	return strings.ToUpper(message[:1]) + message[1:] + "."
}

func render(w http.ResponseWriter, status int, v view) {
	var buf bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&buf, v.template, v.data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pageCSP)
	w.Header().Set("Referrer-Policy", "same-origin")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = buf.WriteTo(w)
}

// serveStyle answers with a stylesheet of these pages.
func serveStyle(w http.ResponseWriter, r *http.Request) {
	name := "pages/sandbox.css"
	if r.URL.Path == "/company/style.css" {
		name = "pages/company.css"
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, styles, name)
}

// startView is what the start page shows.
type startView struct {
	Now           time.Time
	FormURL       string
	RedirectURL   string
	SMTP          string // where the mailbox listens, empty if it does not
	Mails         int
	FlowTemplates []string
	Profiles      []passfort.Overview
	Faults        []faults.Report
	Effects       []effects.Effect // newest first
}

func (s *Sandbox) showStart(*http.Request) (view, error) {
	happened := s.effects.All()
	slices.Reverse(happened)
	return view{"start.html", startView{
		Now:           s.clock.Now(),
		FormURL:       s.options.FormURL,
		RedirectURL:   s.options.RedirectURL,
		SMTP:          s.mailbox.Addr(),
		Mails:         len(s.mailbox.Messages("")),
		FlowTemplates: s.passfort.FlowTemplates(),
		Profiles:      s.passfort.Overviews(shownProfiles),
		Faults:        s.faults.All(),
		Effects:       happened[:min(len(happened), shownEffects)],
	}}, nil
}

func (s *Sandbox) showThanks(*http.Request) (view, error) {
	return view{"thanks.html", nil}, nil
}

func (s *Sandbox) pressInvite(r *http.Request) error {
	_, err := s.passfort.Invite(r.FormValue("flow_template"), r.FormValue("to"))
	return err
}

func (s *Sandbox) pressState(r *http.Request) error {
	return s.passfort.SetRequestState(r.PathValue("request_id"), passfort.State(r.FormValue("state")))
}

func (s *Sandbox) pressEmail(r *http.Request) error {
	return s.passfort.EmailRequest(r.PathValue("request_id"), r.FormValue("to"))
}

// noIcon answers what browsers ask every site for.
func noIcon(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
