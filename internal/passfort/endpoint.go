package passfort

import (
	"net/http"
	"time"

	"portal/internal/onboarding"
)

// endpoint is one address of the API with one method. Its breaker and its metrics are its own.
type endpoint struct {
	name    string // in metrics
	method  string
	pattern string // of the path below the base; {id} stands for a profile's
	canWait bool   // no applicant waits for it
	limits
	kinds map[int]onboarding.Kind // of statuses that mean something else here than elsewhere; nil where none does
}

// limits are the times that a call may take, and the greatest answer that is read. The caller's context may allow less time.
type limits struct {
	header time.Duration // once connected, until the answer begins
	whole  time.Duration // from the first to the last, connecting included
	most   int64         // bytes
}

// PassFort works on a call for up to a minute (help article "Make a test API call for authentication"). It is worth
// waiting longer than that for what creates something, since the fate of a call given up must be found out. Reads can
// be repeated. Reads show what PassFort keeps of customers, created things are small. A company's collected data, alone or in
// its profile, shows all that is kept of everybody behind it as well, once for each of their roles.
var (
	whileCreating    = limits{header: 62 * time.Second, whole: 65 * time.Second, most: 1 << 20}
	whileReading     = limits{header: 10 * time.Second, whole: 15 * time.Second, most: 8 << 20}
	whileReadingAll  = limits{header: 10 * time.Second, whole: 30 * time.Second, most: 32 << 20}
	whileReadingFile = limits{header: 20 * time.Second, whole: 40 * time.Second, most: 32 << 20}
	whileWritingFile = limits{header: 62 * time.Second, whole: 65 * time.Second, most: 32 << 20}
)

// kindsOfWriting are those of a write that names the version it replaces. A conflict of what is written, such as an associate
// that belongs to another company, does not end by reading again; nor does what is too large by trying again.
var kindsOfWriting = map[int]onboarding.Kind{
	http.StatusConflict:              onboarding.Invalid,
	http.StatusPreconditionFailed:    onboarding.Conflict,
	http.StatusRequestEntityTooLarge: onboarding.Invalid,
}

// The endpoints. Those that serve to look for a profile can wait, and so can what is read for the company's own systems.
// Collected data is read in two ways: for the reference of a profile that is looked for, and as a company's file.
var (
	createProfile = &endpoint{"create_profile", http.MethodPost, "/profiles", false, whileCreating, nil}
	createRequest = &endpoint{"create_request", http.MethodPost, "/forms/profile/{id}/customer_request", false, whileCreating, nil}
	readRequest   = &endpoint{"read_request", http.MethodGet, "/forms/profile/{id}/customer_request", false, whileReading, nil}
	listProfiles  = &endpoint{"list_profiles", http.MethodGet, "/profiles", true, whileReading, nil}
	readData      = &endpoint{"read_collected_data", http.MethodGet, "/profiles/{id}/collected_data", true, whileReadingAll, nil}
	readProfile   = &endpoint{"read_profile", http.MethodGet, "/profiles/{id}", true, whileReadingAll, nil}
	readFile      = &endpoint{"read_company_file", http.MethodGet, "/profiles/{id}/collected_data", false, whileReadingFile, nil}
	updateData    = &endpoint{"update_collected_data", http.MethodPost, "/profiles/{id}/collected_data", false, whileWritingFile, kindsOfWriting}
	whoami        = &endpoint{"whoami", http.MethodGet, "/whoami", true, whileReading, nil}

	endpoints = []*endpoint{createProfile, createRequest, readRequest, listProfiles, readData, readProfile, readFile, updateData, whoami}
)

// creates says whether a call may change something at PassFort.
func (e *endpoint) creates() bool { return e.method != http.MethodGet }
