package torture

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// pageKind is what a page is to somebody who reads it.
type pageKind string

// The kinds of pages that applicants may see.
const (
	landingPage    pageKind = "landing"
	signInPage     pageKind = "sign-in"
	codePage       pageKind = "code"
	linkPage       pageKind = "link"
	choosePage     pageKind = "choose"
	waitingPage    pageKind = "waiting"
	formPage       pageKind = "form"
	checkingPage   pageKind = "checking"
	completedPage  pageKind = "completed"
	expiredPage    pageKind = "expired"
	supersededPage pageKind = "superseded"
	closedPage     pageKind = "closed"
	attentionPage  pageKind = "needs attention"
	sentPage       pageKind = "sent"
	thanksPage     pageKind = "thanks" // the company's own
	laterPage      pageKind = "later"  // a page that says so, or the balancer's
	strangePage    pageKind = "strange"
)

// headings tell the kinds of pages apart.
var headings = map[string]pageKind{
	"Register with Northlight":                    landingPage,
	"Sign in with your e-mail address":            signInPage,
	"Enter the code from your e-mail":             codePage,
	"Continue with Northlight":                    linkPage,
	"What would you like to do?":                  choosePage,
	"We are preparing your form":                  waitingPage,
	"We are checking that everything has arrived": checkingPage,
	"Thank you, everything has arrived":           completedPage,
	"Your form has arrived":                       completedPage, // of a company that has not said who is behind it
	"This form has expired":                       expiredPage,
	"There is a newer form for you":               supersededPage,
	"This form is closed":                         closedPage,
	"We are looking into your registration":       attentionPage,
	"Sent. Thank you!":                            sentPage,
	"We will be back in a moment":                 laterPage,
}

// pagesWithin says which statuses pages may have beside 200: where a field was not right, and where something is away.
var pagesWithin = map[pageKind][]int{
	signInPage: {http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable},
	codePage:   {http.StatusUnprocessableEntity},
	laterPage:  {http.StatusServiceUnavailable, http.StatusBadGateway},
}

// seenPage is a page as a browser has it.
type seenPage struct {
	asked, seen time.Time
	status      int
	address     *url.URL
	refresh     string // where it goes by itself
	html        string
}

// kind reads the page.
func (p seenPage) kind() pageKind {
	kind, known := headings[p.heading()]
	switch {
	case strings.HasPrefix(p.address.Path, thanksPath):
		kind = thanksPage
	case p.status == http.StatusBadGateway:
		kind = laterPage
	case !known && len(pairs.FindAllString(p.html, -1)) == 1:
		kind = formPage
	case !known:
		return strangePage
	}
	if p.status == http.StatusOK && kind != laterPage {
		return kind
	}
	for _, status := range pagesWithin[kind] {
		if p.status == status {
			return kind
		}
	}
	return strangePage
}

var (
	headingOf = regexp.MustCompile(`(?s)<h1>(.*?)</h1>`)
	reference = regexp.MustCompile(`<bdi class="value">([^<]*)</bdi>`)
	pairs     = regexp.MustCompile(`<script type="application/json" id="customer-request">(\{[^<]*\})</script>`)
)

func (p seenPage) heading() string { return html.UnescapeString(firstOf(headingOf, p.html)) }

// reference is what the page tells to quote: of an outcome, the registration's id.
func (p seenPage) reference() string { return firstOf(reference, p.html) }

func firstOf(r *regexp.Regexp, text string) string {
	if found := r.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// pair opens a form at the provider.
type pair struct {
	RequestID string `json:"request_id"`
	APIKey    string `json:"apikey"`
}

func (p seenPage) pair() (found pair) {
	_ = json.Unmarshal([]byte(firstOf(pairs, p.html)), &found) // the zero value is no form
	return found
}
