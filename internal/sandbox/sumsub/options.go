package sumsub

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Options are the provider's unknowns: behaviour that its documentation leaves open, and what it lets an account set.
// The zero value of each is the likeliest. The tags name it in JSON and explain it on the command line.
type Options struct {
	CreateStatus   int      `json:"create_status" usage:"status of the creation of an applicant: 200 unless given or 201"`
	NoRateLimits   bool     `json:"no_rate_limits" usage:"any number of calls is let through, not 300 GET and 50 others in five seconds"`
	ExtraFields    bool     `json:"extra_fields" usage:"answers carry members that no documentation names"`
	Verdict        string   `json:"verdict" usage:"of checks that neither their level nor a mark in a file decides: none or green"`
	ProcessingMS   int      `json:"processing_ms" usage:"milliseconds that a check is pending, and then queued: 500 unless given; -1 is none"`
	AfterReupload  string   `json:"after_reupload" usage:"status between a new document after a rejection and the next check: completed or init"`
	NoImageResults bool     `json:"no_image_results" usage:"images get results only where a verdict names them"`
	StepDecides    bool     `json:"test_completed_steps" usage:"testCompleted gives results to steps and images, too"`
	MaxDocuments   int      `json:"max_documents" usage:"how many images an applicant may have: 100 unless given"`
	MinFileBytes   int64    `json:"min_file_bytes" usage:"size of the smallest file that the dashboard's settings allow; 0 is any"`
	MaxFileBytes   int64    `json:"max_file_bytes" usage:"size of the greatest file that the dashboard's settings allow; 0 is any"`
	AllowedDomains []string `json:"allowed_domains" usage:"origins whose pages may frame the WebSDK; any unless given"`
	KeepBytes      int64    `json:"keep_bytes" usage:"bytes of small files kept in all, to be read again: 8388608 unless given; -1 is none"`
}

// What the options that are words can be.
const (
	verdictNone    = "none"
	verdictGreen   = "green"
	staysCompleted = "completed"
	becomesInit    = "init"
)

// The bounds of the options.
const (
	maxDelayMS     = 24 * 60 * 60 * 1000
	maxDocuments   = 10_000
	mostKeptBytes  = 1 << 30
	usualDocuments = 100
	usualKeptBytes = 8 << 20
)

// Check says everything that is wrong with the options.
func (o Options) Check() error {
	var errs []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	must(slices.Contains([]int{0, http.StatusOK, http.StatusCreated}, o.CreateStatus),
		"create_status is %d, but must be 200 or 201", o.CreateStatus)
	must(slices.Contains([]string{"", verdictNone, verdictGreen}, o.Verdict), "verdict is %q, but must be none or green", o.Verdict)
	must(slices.Contains([]string{"", staysCompleted, becomesInit}, o.AfterReupload),
		"after_reupload is %q, but must be completed or init", o.AfterReupload)
	must(o.ProcessingMS >= -1 && o.ProcessingMS <= maxDelayMS,
		"processing_ms is %d, but must be from 1 to %d, or -1 for none", o.ProcessingMS, maxDelayMS)
	must(o.MaxDocuments >= 0 && o.MaxDocuments <= maxDocuments,
		"max_documents is %d, but must be from 1 to %d", o.MaxDocuments, maxDocuments)
	must(o.MinFileBytes >= 0 && o.MaxFileBytes >= 0 && (o.MaxFileBytes == 0 || o.MinFileBytes <= o.MaxFileBytes),
		"min_file_bytes and max_file_bytes must not be negative, and the first not above the second")
	must(o.KeepBytes >= -1 && o.KeepBytes <= mostKeptBytes,
		"keep_bytes is %d, but must be from 1 to %d, or -1 for none", o.KeepBytes, mostKeptBytes)
	for _, origin := range o.AllowedDomains {
		u, err := url.Parse(origin)
		must(err == nil && u.Host != "" && origin == u.Scheme+"://"+u.Host, "allowed_domains: %q is not an origin such as https://portal.example", origin)
	}
	return errors.Join(errs...)
}

// withDefaults spells the zero values out.
func (o Options) withDefaults() Options {
	o.CreateStatus = cmp.Or(o.CreateStatus, http.StatusOK)
	o.Verdict = cmp.Or(o.Verdict, verdictNone)
	o.ProcessingMS = cmp.Or(o.ProcessingMS, 500)
	o.AfterReupload = cmp.Or(o.AfterReupload, staysCompleted)
	o.MaxDocuments = cmp.Or(o.MaxDocuments, usualDocuments)
	o.KeepBytes = cmp.Or(o.KeepBytes, usualKeptBytes)
	return o
}

// processing is how long a stage of a check takes.
func (o Options) processing() time.Duration {
	return time.Duration(max(o.ProcessingMS, 0)) * time.Millisecond
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
