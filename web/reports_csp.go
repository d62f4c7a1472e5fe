package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// directives are those of content security policies that can be broken.
var cspDirectives = known(
	"default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr", "img-src", "font-src",
	"connect-src", "frame-src", "child-src", "worker-src", "media-src", "object-src", "manifest-src", "base-uri", "form-action", "frame-ancestors",
	"require-trusted-types-for", "trusted-types",
)

// violation is what of a report is of interest. The rest may hold the page's address, and with it a key: it is not even read.
type violation struct {
	directive string
	blocked   string // an address, or a word such as inline
}

// oldReport is what browsers send for report-uri. Older ones name the whole of a directive.
type oldReport struct {
	Report *struct {
		Effective string `json:"effective-directive"`
		Violated  string `json:"violated-directive"`
		Blocked   string `json:"blocked-uri"`
	} `json:"csp-report"`
}

// newReport is one of those that browsers send for report-to.
type newReport struct {
	Type string `json:"type"`
	Body struct {
		Effective string `json:"effectiveDirective"`
		Blocked   string `json:"blockedURL"`
	} `json:"body"`
}

// decodeCSPReports reads reports of either kind, no more than are looked at together. What cannot be read is none.
func decodeCSPReports(body []byte) []violation {
	if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 || trimmed[0] != '[' {
		return decodeOldReport(body)
	}
	var reports []newReport
	if json.Unmarshal(body, &reports) != nil {
		return nil
	}
	var all []violation
	for _, r := range reports[:min(len(reports), maxTogether)] {
		if r.Type == "csp-violation" {
			all = append(all, violation{directive: r.Body.Effective, blocked: r.Body.Blocked})
		}
	}
	return all
}

func decodeOldReport(body []byte) []violation {
	var r oldReport
	if json.Unmarshal(body, &r) != nil || r.Report == nil {
		return nil
	}
	name, _, _ := strings.Cut(cmp.Or(r.Report.Effective, r.Report.Violated), " ")
	return []violation{{directive: name, blocked: r.Report.Blocked}}
}

// takeCSPReports hears from browsers what the policies of pages have kept out.
func (s *Server) takeCSPReports(w http.ResponseWriter, r *http.Request) {
	body, ok := readReport(w, r)
	if !ok {
		return
	}
	page := policedPages.fold(cmp.Or(r.URL.Query().Get("page"), "ordinary"))
	for _, v := range decodeCSPReports(body) {
		s.noteViolation(r, page, v)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) noteViolation(r *http.Request, page string, v violation) {
	directive, blocked, from := cspDirectives.fold(v.directive), s.blocked(v.blocked), originOf(v.blocked)
	s.Reports.CSP(directive, blocked)
	l := line{kind: page, what: directive, why: blocked}
	if blocked == other || blocked == "provider" { // what else is blocked says enough by its kind
		l.origin = from
	}
	if s.heard.first(s.Now(), l) {
		s.Log.WarnContext(r.Context(), "a page's policy has kept something out", slog.String("page", page),
			slog.String("directive", directive), slog.String("blocked", blocked), slog.String("blocked_origin", from))
	}
}

// blockedWords are what is said in place of an address.
var blockedWords = map[string]string{
	"self": "self", "inline": "inline", "eval": "eval", "wasm-eval": "eval", "trusted-types-policy": "eval", "trusted-types-sink": "eval",
	"data": "data", "blob": "blob",
	"chrome-extension": "extension", "moz-extension": "extension", "safari-extension": "extension", "safari-web-extension": "extension",
	"ms-browser-extension": "extension",
}

// blocked sorts what was kept out. Only its beginning counts.
func (s *Server) blocked(address string) string {
	word, _, _ := strings.Cut(address, ":")
	if kind, ok := blockedWords[word]; ok {
		return kind
	}
	switch from := originOf(address); {
	case from == "":
		return other
	case from == origin(s.BaseURL):
		return "self"
	case s.providers()[from]:
		return "provider"
	}
	return other
}

// providers are the origins of the providers' forms.
func (s *Server) providers() values {
	all := known(s.Collection)
	if s.SDK != nil {
		all[origin(s.SDK.Script)], all[origin(s.SDK.Frame)] = true, true
	}
	return all
}

// hostname is what a host in the log looks like: no more than a name and a port.
var hostname = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?(:[0-9]{1,5})?$`)

// originOf is the origin of an address on the web, and "" of anything else. Path and query are nobody's business.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "wss" && u.Scheme != "ws") || !hostname.MatchString(u.Host) {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
