package passfort

import (
	"net/http"
	"time"
)

// endpoint is one address of the API with one method. Its breaker and its metrics are its own.
type endpoint struct {
	name    string // in metrics
	method  string
	pattern string // of the path below the base; {id} stands for a profile's
	canWait bool   // no applicant waits for it
	limits
}

// limits are the times that a call may take. The caller's context may allow less.
type limits struct {
	header time.Duration // once connected, until the answer begins
	whole  time.Duration // from the first to the last, connecting included
}

// PassFort works on a call for up to a minute (help article "Make a test API call for authentication"). It is worth
// waiting longer than that for what creates something, since the fate of a call given up must be found out. Reads can
// be repeated.
var (
	whileCreating = limits{header: 62 * time.Second, whole: 65 * time.Second}
	whileReading  = limits{header: 10 * time.Second, whole: 15 * time.Second}
)

// The endpoints. Those that serve to look for a profile can wait, and so can what is read for the company's own systems.
var (
	createProfile = &endpoint{"create_profile", http.MethodPost, "/profiles", false, whileCreating}
	createRequest = &endpoint{"create_request", http.MethodPost, "/forms/profile/{id}/customer_request", false, whileCreating}
	readRequest   = &endpoint{"read_request", http.MethodGet, "/forms/profile/{id}/customer_request", false, whileReading}
	listProfiles  = &endpoint{"list_profiles", http.MethodGet, "/profiles", true, whileReading}
	readData      = &endpoint{"read_collected_data", http.MethodGet, "/profiles/{id}/collected_data", true, whileReading}
	readProfile   = &endpoint{"read_profile", http.MethodGet, "/profiles/{id}", true, whileReading}

	endpoints = []*endpoint{createProfile, createRequest, readRequest, listProfiles, readData, readProfile}
)

// creates says whether a call may change something at PassFort.
func (e *endpoint) creates() bool { return e.method != http.MethodGet }
