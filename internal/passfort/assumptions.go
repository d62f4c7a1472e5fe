package passfort

import "time"

// What PassFort's documentation leaves open is decided here, with the nearest source for each decision.

// Customer references are looked for in two ways, neither documented for this purpose (the API's schema describes GET
// /profiles, help article "Add a profile" says that the reference may help to locate it): by the search q, which is
// documented for names and tags only, and by walking the list of all profiles.
const (
	pageSize      = 200 // the greatest limit, by the API's schema
	maxPages      = 10
	maxCandidates = 100
	lookUpWithin  = 2 * time.Minute
)

// Timestamps have no zone. They are taken for UTC, and clocks may differ.
const (
	timeLayout = "2006-01-02 15:04:05"
	clockSkew  = 5 * time.Minute
)

// The order of the list is not documented; whether it is newest first is judged by what it shows, see page.newestFirst.

// The codes of error bodies come from the API's schema (ErrorCodes); which HTTP status goes with which is documented
// nowhere, and errors with status 200 have been seen.
const (
	codeMissingAPIKey = 203
	codeInvalidAPIKey = 204
)

// refusedCode says whether a code means that nothing was done: 1xx are refusals by the rules, 2xx are the caller's
// mistakes. 3xx are transient, 4xx internal, 5xx miscellaneous.
func refusedCode(code int) bool { return code >= 100 && code < 300 }

// The headers of a 429 that say how long to wait, best first: the second by help article "About rate limiting", the
// first by an older copy of it, the third by HTTP.
var waitHeaders = []string{"X-RateLimit-Retry-Secs", "X-RateLimit-Reset-Secs", "Retry-After"}

// longestWait bounds what such a header may ask for: quotas are by the hour.
const longestWait = time.Hour
