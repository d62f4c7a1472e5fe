package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"portal/internal/sandbox/settings"
)

// press does what a button is there for.
type press func(r *http.Request) error

// notices are what a page says after a form did something, by the word that the form leaves in the address.
var notices = map[string]string{
	"anew":     "What was given counts no more.",
	"advanced": "The clock was advanced.",
	"changed":  "The options were changed.",
	"decided":  "The decision was taken.",
	"deleted":  "The rule was deleted.",
	"cleared":  "Every rule was deleted.",
	"emailed":  "The link was e-mailed.",
	"ended":    "The state was set.",
	"invited":  "The profile and its request were created, and the link e-mailed.",
	"judged":   "The verdict is given, or will be at its time.",
	"loaded":   "The state was loaded.",
	"moved":    "The applicant is on that level now.",
	"ordered":  "The fault was ordered.",
	"present":  "The presence was set.",
	"raised":   "The event was raised.",
	"reset":    "Everything is as it was at the start.",
	"resent":   "The webhook is being delivered once more.",
	"resolved": "The events were resolved.",
	"retried":  "What waits is being delivered.",
	"risked":   "The risk was set.",
	"troubled": "The trouble was ordered.",
}

// form turns what a button does into a handler that comes back to the page with the button.
func (s *Sandbox) form(notice string, p press) http.HandlerFunc {
	return s.formUpTo(maxControl, notice, p)
}

func (s *Sandbox) formUpTo(size int64, notice string, p press) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, size)
		err := parseForm(r)
		defer removeFiles(r)
		back := backTo(r.FormValue("back"))
		if err == nil {
			err = p(r)
		}
		if err != nil {
			s.showProblem(w, r, back.String(), err)
			return
		}
		query := back.Query()
		query.Set("done", notice)
		back.RawQuery = query.Encode()
		http.Redirect(w, r, back.String(), http.StatusSeeOther)
	}
}

func parseForm(r *http.Request) error {
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(maxControl)
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return fmt.Errorf("the form cannot be read: %w", err)
	}
	return nil
}

// removeFiles deletes what a form was too large to keep in memory. The server does so only for the request it made, not
// for the copy that the router hands on.
func removeFiles(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll()
	}
}

// backTo is the page that a form comes back to: one of the sandbox, or else the start.
func backTo(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return &url.URL{Path: "/"}
	}
	return &url.URL{Path: u.Path, RawQuery: u.RawQuery, Fragment: u.Fragment}
}

// fill gives v, which points to a struct, the settings that a form has fields for. A list may come as several fields.
// Of other settings the last field counts: a check box has a hidden one in front of it, which speaks while it is not
// ticked.
func fill(r *http.Request, v any) error {
	var errs []error
	for _, setting := range settings.Fields(v) {
		values := r.PostForm[setting.Name]
		if len(values) == 0 {
			continue
		}
		text := values[len(values)-1]
		if setting.Kind == settings.List {
			text = strings.Join(values, ",")
		}
		errs = append(errs, settings.Set(v, setting.Name, strings.TrimSpace(text)))
	}
	return errors.Join(errs...)
}

// refuseOtherSites keeps the pages of other sites from pressing buttons here.
func (s *Sandbox) refuseOtherSites(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.showProblem(w, r, "/", errOtherSite)
	}))
	return protection.Handler(next)
}

// errOtherSite refuses a form that was sent from another site's page.
var errOtherSite = errors.New("the form was sent from another site, and only the sandbox's own pages may do that")
