package bench

import (
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"

	"portal/internal/bench/stage"
	"portal/internal/identity"
	"portal/internal/seeding"
)

// grownPage is a page that reads the database, and how often it is asked for: modestly, since it is not to be seen what the
// portal bears.
type grownPage struct {
	name      string
	perSecond float64
	status    int
	asked     func(g *grown) (func(buf []byte, n int) []byte, error)
}

// Rates of asking. The API lets one key ask fifty times a second; what ends in a call of the provider or in an e-mail is rarer.
const (
	pageRate  = 60
	apiRate   = 40
	writeRate = 15
)

// grownPages are all that are measured. Those that make applicants differ from what they were come last.
func grownPages(s *stage.Stage) []grownPage {
	of := func(flow, path string) func(*grown) (func([]byte, int) []byte, error) {
		return func(g *grown) (func([]byte, int) []byte, error) { return visits(s, g, flow, http.MethodGet, path, "") }
	}
	return []grownPage{
		{"form", pageRate, http.StatusOK, of(seeding.FlowIndividual, "/onboarding")},
		{"status", pageRate, http.StatusOK, of(seeding.FlowIndividual, "/onboarding/status")},
		{"people behind a company", pageRate, http.StatusOK, of(seeding.FlowCompany, "/onboarding/associates")},
		{"documents", pageRate, http.StatusOK, of(seeding.FlowDocuments, "/onboarding/documents")},
		{"sessions", pageRate, http.StatusOK, of(seeding.FlowIndividual, "/onboarding/sessions")},
		{"API, registrations of a subject", apiRate, http.StatusOK, callsOfAPI},
		{"webhooks", pageRate, http.StatusOK, func(*grown) (func([]byte, int) []byte, error) {
			return webhooksTo("/onboarding/webhooks/passfort"), nil
		}},
		{"code asked for", writeRate, http.StatusSeeOther, codesAskedFor},
		{"start", writeRate, http.StatusSeeOther, func(g *grown) (func([]byte, int) []byte, error) {
			form := url.Values{"flow": {seeding.FlowIndividual}}.Encode()
			return visits(s, g, seeding.FlowDocuments, http.MethodPost, "/onboarding/start", form)
		}},
	}
}

// visits asks for a page as those whose registration is of a flow, one after the other.
func visits(s *stage.Stage, g *grown, flow, method, path, form string) (func([]byte, int) []byte, error) {
	var requests [][]byte
	for _, v := range g.visitors {
		if v.Flow != flow {
			continue
		}
		cookie, err := s.Cookies.Cookie(v.Session)
		if err != nil {
			return nil, err
		}
		header := with(browser(codings), cookie)
		if method == http.MethodPost {
			requests = append(requests, posted(path, header, form))
		} else {
			requests = append(requests, get(path, header))
		}
	}
	if len(requests) == 0 {
		return nil, fmt.Errorf("nobody has a registration of flow %q", flow)
	}
	return inTurn(requests), nil
}

// inTurn is each of the requests after the other, whatever the load that sends them.
func inTurn(requests [][]byte) func([]byte, int) []byte {
	var sent atomic.Int64
	return func([]byte, int) []byte { return requests[int(sent.Add(1)-1)%len(requests)] }
}

// posted is the bytes of a POST from a page of ours.
func posted(path string, header http.Header, form string) []byte {
	h := header.Clone()
	h.Set("Sec-Fetch-Site", "same-origin")
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	h.Set("Content-Length", fmt.Sprint(len(form)))
	text := get(path, h)
	return append(append([]byte(http.MethodPost), text[len(http.MethodGet):]...), form...)
}

// callsOfAPI asks how those stand whom the company knows by a subject of its own.
func callsOfAPI(g *grown) (func([]byte, int) []byte, error) {
	header := http.Header{"Authorization": {"Bearer " + stage.APIKey}}
	var requests [][]byte
	for _, v := range g.visitors {
		if v.Issuer == identity.LinkIssuer {
			requests = append(requests, get("/onboarding/api/v1/registrations/"+url.PathEscape(v.Subject.Reveal()), header))
		}
	}
	return inTurn(requests), nil
}

// codesAskedFor asks for codes to addresses that nobody has.
func codesAskedFor(*grown) (func([]byte, int) []byte, error) {
	var sent atomic.Int64
	header := browser(codings)
	return func([]byte, int) []byte {
		form := url.Values{"email": {fmt.Sprintf("newcomer-%d@example.com", sent.Add(1))}}
		return posted("/onboarding/sign-in", header, form.Encode())
	}, nil
}
