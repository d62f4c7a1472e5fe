package passfort

import (
	"errors"
	"strings"
	"time"
)

// What PassFort's documentation leaves open is decided here, with the nearest source for each decision.

// Customer references are looked for in two ways, neither documented for this purpose (the API's schema describes GET
// /profiles, help article "Add a profile" says that the reference may help to locate it): by the search q, which is
// documented for names and tags only, and by walking the list of all profiles.
const (
	pageSize      = 200 // the greatest limit, by the API's schema
	maxPages      = 50  // of a busy hour
	maxCandidates = 100
	lookUpWithin  = 2 * time.Minute
)

// Timestamps have no zone. They are taken for UTC, and clocks may differ.
const (
	timeLayout = "2006-01-02 15:04:05"
	clockSkew  = 5 * time.Minute
)

// The order of the list is not documented; whether it is newest first is judged by what it shows, see page.newestFirst.

// spelled is a country as PassFort spells it: its schema lists Kosovo, which has no code in ISO 3166, as RKS.
func spelled(country string) string {
	if country == "XKX" {
		return kosovo
	}
	return country
}

// unspelled is a country that PassFort has spelled.
func unspelled(country string) string {
	if country == kosovo {
		return "XKX"
	}
	return country
}

const kosovo = "RKS"

// The lists of two roles of owners. That there are such roles is documented (help article "Create a profile for an associate
// and link it to a company in the API"), the members' names are inferred from those of the other roles.
const (
	controllersKey = "controlling_shareholders"
	ultimatesKey   = "global_ultimate_owners"
)

// maxLevels bounds how deep those behind a company are looked for: associates can be at most ten levels deep (help article
// "Add company associates to a verification list").
const maxLevels = 10

// The codes of error bodies come from the API's schema (ErrorCodes); which HTTP status goes with which is documented
// nowhere, and errors with status 200 have been seen.
const (
	codeMissingAPIKey = 203
	codeInvalidAPIKey = 204
)

// refusedCode says whether a code means that nothing was done: 1xx are refusals by the rules, 2xx are the caller's
// mistakes. 3xx are transient, 4xx internal, 5xx miscellaneous.
func refusedCode(code int) bool { return code >= 100 && code < 300 }

// codeNotSetUp is the code of a process that is not set up.
const codeNotSetUp = 502

// notSetUp says whether PassFort refuses a profile because nothing is set up for it, whatever the status: that a product for
// associates without a policy for them ends in an error at creation is documented (help article "Create a profile for an
// associate and link it to a company in the API"), which error it is is not. Nothing was created if nothing is named.
func notSetUp(e *endpoint, said refusal) bool {
	return e == createProfile && said.Code == codeNotSetUp && said.ID == nil
}

// troubleCode says whether a code tells of trouble at PassFort rather than with what was asked, like a status of 5xx.
// 502 is not one: a process that is not set up is the account's own.
func troubleCode(code int) bool { return code >= 300 && code < 500 }

// What a 404 can miss. Both are hints: they go by the words of the message, which nobody documents, and a 404 may wrap
// neither. Whether a profile exists is found out by [Client.CustomerRef].
var (
	ErrNoProfile = errors.New("there is no such profile")
	ErrNoRequest = errors.New("the profile has no customer request")
)

// missing says what a message misses; nil where it does not say. A message with an address in it speaks of that.
func missing(message string) error {
	said := strings.ToLower(message)
	switch {
	case strings.Contains(said, "/"):
		return nil
	case strings.Contains(said, "customer request"):
		return ErrNoRequest
	case strings.Contains(said, "profile"):
		return ErrNoProfile
	default:
		return nil
	}
}

// remainingHeader says how many calls are left, by the same help article as the headers below.
const remainingHeader = "X-RateLimit-Remaining"

// The headers of a 429 that say how long to wait, best first: the second by help article "About rate limiting", the
// first by an older copy of it, the third by HTTP.
var waitHeaders = []string{"X-RateLimit-Retry-Secs", "X-RateLimit-Reset-Secs", "Retry-After"}

// longestWait bounds what such a header may ask for: quotas are by the hour.
const longestWait = time.Hour
