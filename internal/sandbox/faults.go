package sandbox

import (
	"errors"
	"net/http"

	"portal/internal/sandbox/faults"
)

// faultsView is what the page about faults shows.
type faultsView struct {
	Rules   []faults.Report
	Presets []preset
	Moments []faults.When
	Kinds   []faults.Kind
	Shapes  []faults.Shape
}

// preset is a fault that is ordered with one press.
type preset struct {
	Name, Text, What string
	rule             faults.Rule
}

// Where profiles, customer requests and applicants are created; uploads and requests for checks are below the last.
const (
	profilesPath = "/4.0/profiles"
	requestsPath = "/4.0/forms/profile"
	sumsubPath   = "/resources/applicants"
)

// presets are the troubles that an integration meets first.
var presets = []preset{
	{
		"profile-unanswered", "Next profile: effect without an answer", "The profile is created, then the connection is cut.",
		faults.Rule{Method: http.MethodPost, Path: profilesPath, When: faults.After, Kind: faults.Reset, Count: 1},
	},
	{
		"request-unanswered", "Next customer request: effect without an answer", "The request is created, then the connection is cut.",
		faults.Rule{Method: http.MethodPost, Path: requestsPath, When: faults.After, Kind: faults.Reset, Count: 1},
	},
	{
		"profile-late", "Next profile: effect later than its answer", "504 at once, the profile appears five seconds later.",
		faults.Rule{Method: http.MethodPost, Path: profilesPath, When: faults.Later, Kind: faults.Status, Status: 504, DelayMS: 5000, Count: 1},
	},
	{
		"request-late", "Next customer request: effect later than its answer", "504 at once, the request appears five seconds later.",
		faults.Rule{Method: http.MethodPost, Path: requestsPath, When: faults.Later, Kind: faults.Status, Status: 504, DelayMS: 5000, Count: 1},
	},
	{
		"applicant-unanswered", "Next applicant, upload or check: effect without an answer", "Sumsub's next call that changes something takes effect, then the connection is cut.",
		faults.Rule{Method: http.MethodPost, Path: sumsubPath, When: faults.After, Kind: faults.Reset, Count: 1},
	},
	{
		"applicant-late", "Next applicant, upload or check: effect later than its answer", "504 at once, the effect comes five seconds later.",
		faults.Rule{Method: http.MethodPost, Path: sumsubPath, When: faults.Later, Kind: faults.Status, Status: 504, DelayMS: 5000, Count: 1},
	},
	{
		"sumsub-storm", "429 storm at Sumsub", "The next 20 calls of Sumsub are over the limit and are told to wait five seconds.",
		faults.Rule{Path: "/resources", Kind: faults.Status, Status: http.StatusTooManyRequests, RetryAfterS: 5, Count: 20},
	},
	{
		"sumsub-outage", "Outage of Sumsub", "Every call of Sumsub is answered with 503, until the rule is deleted.",
		faults.Rule{Path: "/resources", Kind: faults.Status, Status: http.StatusServiceUnavailable},
	},
	{
		"storm", "429 storm", "The next 20 calls are over the limit and are told to wait two seconds.",
		faults.Rule{Kind: faults.Status, Status: http.StatusTooManyRequests, RetryAfterS: 2, Count: 20},
	},
	{
		"slow", "Everything slow", "Every call takes three seconds, until the rule is deleted.",
		faults.Rule{Kind: faults.Slow, DelayMS: 3000},
	},
	{
		"outage", "Outage", "Every call is answered with 503, until the rule is deleted.",
		faults.Rule{Kind: faults.Status, Status: http.StatusServiceUnavailable},
	},
}

func (s *Sandbox) showFaults(*http.Request) (view, error) {
	return view{template: "faults.html", title: "Faults", place: "/faults", data: faultsView{
		Rules:   s.faults.All(),
		Presets: presets,
		Moments: []faults.When{faults.Before, faults.After, faults.Later},
		Kinds:   []faults.Kind{faults.Status, faults.Reset, faults.Hang, faults.Slow, faults.Garbage},
		Shapes:  []faults.Shape{faults.Malformed, faults.Truncated, faults.HTML, faults.WrongType, faults.Empty, faults.Binary},
	}}, nil
}

func (s *Sandbox) pressOrderFault(r *http.Request) error {
	var rule faults.Rule
	if err := fill(r, &rule); err != nil {
		return err
	}
	_, err := s.order(rule)
	return err
}

func (s *Sandbox) pressPreset(r *http.Request) error {
	for _, p := range presets {
		if p.Name == r.FormValue("preset") {
			_, err := s.order(p.rule)
			return err
		}
	}
	return errors.New("there is no such preset")
}

func (s *Sandbox) pressDeleteFault(r *http.Request) error {
	_, err := s.deleteFault(r)
	return err
}

func (s *Sandbox) pressClearFaults(*http.Request) error {
	s.faults.Clear()
	return nil
}
