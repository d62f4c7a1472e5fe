package web

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// What is read of a report at most, in bytes, and how many of those that come together are looked at.
const (
	maxEmbedReport = 1 << 10
	maxCSPReport   = 16 << 10
	maxTogether    = 20
	maxLines       = 60 // a minute, in the log, of each process
	maxOrigins     = 20 // a minute, that are told apart there
)

// Reports is who hears what browsers report. The values are among those of the lists in this package, whatever was sent.
type Reports struct {
	// Embed hears that a provider's form did not come up on a page of a kind, and why.
	Embed func(page, cause string)
	// CSP hears that the policy of a page kept something out: by which directive, and what.
	CSP func(directive, blocked string)
}

// other stands for what is not among the values that are known.
const other = "other"

// embedPages are the pages with a provider's form: that of e-mailed links, that of applicants, and that with the SDK.
var embedPages = known("link", "form", "sdk")

// embedCauses are why a form does not come up, as far as a browser can tell. docs/embedding.md says how it does.
var embedCauses = known("script_blocked", "frame_refused", "network", "script_error", "slow", "silent")

// policedPages are the kinds of pages by their policies.
var policedPages = known("ordinary", "form", "sdk", "capture")

// values are those that may be told apart.
type values map[string]bool

func known(list ...string) values {
	v := values{}
	for _, one := range list {
		v[one] = true
	}
	return v
}

// fold is the value itself if it is known, and [other] if it is not.
func (v values) fold(value string) string {
	if v[value] {
		return value
	}
	return other
}

// embedReport is what a page with a provider's form reports. Further members are of no interest.
type embedReport struct {
	Page  string `json:"page"`
	Cause string `json:"cause"`
}

// decodeEmbedReport reads a report by whatever it can be read from: what is unknown in it is other.
func decodeEmbedReport(body []byte) embedReport {
	var r embedReport
	if json.Unmarshal(body, &r) != nil {
		r = embedReport{}
	}
	return embedReport{Page: embedPages.fold(r.Page), Cause: embedCauses.fold(r.Cause)}
}

// takeEmbedReport hears from a page that its form did not come up.
func (s *Server) takeEmbedReport(w http.ResponseWriter, r *http.Request) {
	body, ok := readReport(w, r)
	if !ok {
		return
	}
	report := decodeEmbedReport(body)
	s.Reports.Embed(report.Page, report.Cause)
	if s.heard.first(s.Now(), line{kind: "embed", what: report.Page, why: report.Cause}) {
		s.Log.WarnContext(r.Context(), "a form did not come up", slog.String("page", report.Page), slog.String("cause", report.Cause))
	}
	w.WriteHeader(http.StatusNoContent)
}

// readReport reads a report, which middleware has limited, and answers itself where it cannot.
func readReport(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(r.Body)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return nil, false
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return nil, false
	}
	return body, true
}

// quietFor is how long nothing more is written down about reports of one kind.
const quietFor = time.Minute

// line is what is written down of reports of one kind. The origin alone is not among the values of lists.
type line struct{ kind, what, why, origin string }

// seldom remembers what was written down of reports in the current minute: anybody can send many, of many origins.
type seldom struct {
	mu      sync.Mutex
	began   time.Time
	written map[line]bool
	origins map[string]bool
}

// first says whether this is the first report of its kind in a minute that is still to be written down. Origins beyond the
// first few count as one.
func (m *seldom) first(now time.Time, l line) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.written == nil || now.Sub(m.began) >= quietFor {
		m.began, m.written, m.origins = now, map[line]bool{}, map[string]bool{}
	}
	if !m.origins[l.origin] && len(m.origins) >= maxOrigins {
		l.origin = ""
	}
	if m.written[l] || len(m.written) >= maxLines {
		return false
	}
	m.written[l] = true
	if l.origin != "" {
		m.origins[l.origin] = true
	}
	return true
}
