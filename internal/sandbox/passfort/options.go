package passfort

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"portal/internal/sandbox/passfort/front"
)

// Options are the provider's unknowns: behaviour that its documentation leaves open. The zero value of each is the
// likeliest. The tags name it in JSON and explain it on the command line.
type Options struct {
	CreateStatus        int            `json:"create_status" usage:"status of calls that create something: 200 unless given or 201"`
	ErrorStatuses       map[string]int `json:"error_statuses" usage:"statuses of errors by kind, such as {\"invalid_key\":403}"`
	ErrorsAs200         bool           `json:"errors_as_200" usage:"errors come with status 200 and are only told by the body"`
	RatePerHour         int            `json:"rate_per_hour" usage:"limit of profile creations, and of writes of collected data: 10000 unless given; -1 is none"`
	RateBurst           int            `json:"rate_burst" usage:"how many calls the limit lets through at once: 100 unless given"`
	AppearDelayMS       int            `json:"appear_delay_ms" usage:"milliseconds until applications and tasks appear: 300 unless given; -1 is none"`
	CheckDelayMS        int            `json:"check_delay_ms" usage:"milliseconds that a check takes: 500 unless given; -1 is none"`
	OldestFirst         bool           `json:"list_oldest_first" usage:"the list of profiles is oldest first, not newest first"`
	ListsData           bool           `json:"list_with_collected_data" usage:"the list of profiles carries collected data"`
	SearchByCustomerRef bool           `json:"q_matches_customer_ref" usage:"the search of profiles also looks at customer_ref"`
	ManualLists         bool           `json:"manual_verification_lists" usage:"associates are put on verification lists by task_variant_ids only"`
	ControllersKey      string         `json:"controlling_shareholders_key" usage:"member of ownership_structure; controlling_shareholders unless given"`
	UltimatesKey        string         `json:"global_ultimate_owners_key" usage:"member of ownership_structure; global_ultimate_owners unless given"`

	SecondRequest   SecondRequest     `json:"second_request" usage:"a customer request while one is active: reject, reuse or replace"`
	MissingRequest  string            `json:"missing_request" usage:"the read when there is no customer request: not_found or null"`
	ReadHidesAPIKey bool              `json:"read_hides_apikey" usage:"the read of a customer request leaves its apikey out"`
	ExtendedRequest bool              `json:"extended_request" usage:"answers about customer requests carry more than documented"`
	RequestKeyReads bool              `json:"request_key_reads_api" usage:"the key of a customer request may read its own profile"`
	ValidityDays    int               `json:"validity_days" usage:"how long a customer request can be completed: 90 unless given"`
	CanceledLast    State             `json:"canceled_last" usage:"state of a request whose last form was canceled: EXPIRED or COMPLETED"`
	LinkParams      []string          `json:"link_params" usage:"names of request id and key in e-mailed links: request_id,apikey unless given"`
	LinkFragment    bool              `json:"link_fragment" usage:"e-mailed links carry the pair in the fragment, not in the query"`
	Redirect        Redirect          `json:"redirect" usage:"how the browser is sent on at the end: top, frame or none"`
	FrameAncestors  []string          `json:"frame_ancestors" usage:"origins that may frame the forms; any unless given"`
	EventTemplates  map[string]string `json:"event_templates" usage:"data of webhooks as templates of JSON, by event"`
}

// SecondRequest says what happens when a customer request is asked for while another is active.
type SecondRequest string

// The reactions to a second request.
const (
	Reject  SecondRequest = "reject"  // an error with status 409
	Reuse   SecondRequest = "reuse"   // the active request is answered again
	Replace SecondRequest = "replace" // the active request expires and a new one is made
)

// Redirect says how the browser leaves finished forms.
type Redirect string

// The ways to leave.
const (
	RedirectTop   Redirect = "top"   // the whole window goes
	RedirectFrame Redirect = "frame" // only the frame goes
	RedirectNone  Redirect = "none"  // nothing goes anywhere
)

// What MissingRequest can be.
const (
	answersNotFound = "not_found"
	answersNull     = "null"
)

// The largest numbers taken: beyond them durations and limits could not be reckoned with.
const (
	maxRate    = 3_600_000 // a thousand a second
	maxBurst   = 100_000
	maxDelayMS = 24 * 60 * 60 * 1000 // a day
	maxDays    = 36_500              // a hundred years
)

// problems are sentences about what is wrong.
type problems []error

func (p *problems) must(ok bool, format string, args ...any) {
	if !ok {
		*p = append(*p, fmt.Errorf(format, args...))
	}
}

// Check says everything that is wrong with the options.
func (o Options) Check() error {
	var p problems
	o.checkAPI(&p)
	o.checkRequests(&p)
	return errors.Join(append(p, checkEventTemplates(o.EventTemplates))...)
}

func (o Options) checkAPI(p *problems) {
	p.must(slices.Contains([]int{0, http.StatusOK, http.StatusCreated}, o.CreateStatus),
		"create_status is %d, but must be 200 or 201", o.CreateStatus)
	p.must(o.RatePerHour == -1 || o.RatePerHour >= 0 && o.RatePerHour <= maxRate,
		"rate_per_hour is %d, but must be from 1 to %d, or -1 for none", o.RatePerHour, maxRate)
	p.must(o.RateBurst >= 0 && o.RateBurst <= maxBurst, "rate_burst is %d, but must be from 1 to %d", o.RateBurst, maxBurst)
	p.must(o.AppearDelayMS >= -1 && o.AppearDelayMS <= maxDelayMS,
		"appear_delay_ms is %d, but must be from 1 to %d, or -1 for none", o.AppearDelayMS, maxDelayMS)
	p.must(o.CheckDelayMS >= -1 && o.CheckDelayMS <= maxDelayMS,
		"check_delay_ms is %d, but must be from 1 to %d, or -1 for none", o.CheckDelayMS, maxDelayMS)
	for _, kind := range slices.Sorted(maps.Keys(o.ErrorStatuses)) {
		status := o.ErrorStatuses[kind]
		p.must(slices.Contains(errorKinds, kind), "error_statuses: %q is not a kind of error; those are %s", kind, list(errorKinds))
		p.must(status >= 200 && status <= 599, "error_statuses: %s is %d, but must be from 200 to 599", kind, status)
	}
	o.checkKeys(p)
}

// checkKeys makes sure that every list of owners has a member of its own.
func (o Options) checkKeys(p *problems) {
	seen := map[string]bool{"share_classes": true}
	for _, at := range o.withDefaults().places() {
		key := strings.Join(at.path, ".")
		if at.path[0] == "ownership_structure" {
			key = at.path[1]
		}
		p.must(!seen[key], "controlling_shareholders_key and global_ultimate_owners_key: %q is taken by another list", key)
		seen[key] = true
	}
}

func (o Options) checkRequests(p *problems) {
	p.must(slices.Contains([]SecondRequest{"", Reject, Reuse, Replace}, o.SecondRequest),
		"second_request is %q, but must be reject, reuse or replace", o.SecondRequest)
	p.must(slices.Contains([]string{"", answersNotFound, answersNull}, o.MissingRequest),
		"missing_request is %q, but must be not_found or null", o.MissingRequest)
	p.must(slices.Contains([]State{"", Expired, Completed}, o.CanceledLast),
		"canceled_last is %q, but must be EXPIRED or COMPLETED", o.CanceledLast)
	p.must(slices.Contains([]Redirect{"", RedirectTop, RedirectFrame, RedirectNone}, o.Redirect),
		"redirect is %q, but must be top, frame or none", o.Redirect)
	names := o.LinkParams
	p.must(len(names) == 0 || len(names) == 2 && names[0] != "" && names[1] != "" && names[0] != names[1],
		"link_params must be the names of the request id and of the key")
	p.must(o.ValidityDays >= 0 && o.ValidityDays <= maxDays,
		"validity_days is %d, but must be from 1 to %d", o.ValidityDays, maxDays)
	for _, origin := range o.FrameAncestors {
		p.must(front.IsOrigin(origin), "frame_ancestors: %q is not an origin such as https://portal.example", origin)
	}
}

// withDefaults spells the zero values out.
func (o Options) withDefaults() Options {
	o.CreateStatus = cmp.Or(o.CreateStatus, http.StatusOK)
	o.RatePerHour = cmp.Or(o.RatePerHour, 10_000)
	o.RateBurst = cmp.Or(o.RateBurst, 100)
	o.AppearDelayMS = cmp.Or(o.AppearDelayMS, 300)
	o.CheckDelayMS = cmp.Or(o.CheckDelayMS, 500)
	o.ControllersKey = cmp.Or(o.ControllersKey, "controlling_shareholders")
	o.UltimatesKey = cmp.Or(o.UltimatesKey, "global_ultimate_owners")
	o.SecondRequest = cmp.Or(o.SecondRequest, Reject)
	o.MissingRequest = cmp.Or(o.MissingRequest, answersNotFound)
	o.ValidityDays = cmp.Or(o.ValidityDays, 90)
	o.CanceledLast = cmp.Or(o.CanceledLast, Expired)
	o.Redirect = cmp.Or(o.Redirect, RedirectTop)
	if len(o.LinkParams) == 0 {
		o.LinkParams = []string{"request_id", "apikey"}
	}
	return o
}

// delay turns milliseconds into a duration; less than none is none.
func delay(milliseconds int) time.Duration {
	return time.Duration(max(milliseconds, 0)) * time.Millisecond
}

// Options returns the options in force, with the defaults spelt out.
func (p *Provider) Options() Options { return p.options.Load().withDefaults() }

// SetOptions changes the options in force.
func (p *Provider) SetOptions(o Options) error {
	if err := o.Check(); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	p.options.Store(&o)
	return nil
}
