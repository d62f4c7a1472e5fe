package passfort

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// SecondRequest says what happens when a customer request is asked for while another is active.
type SecondRequest string

// The possible reactions to a second request.
const (
	Reject  SecondRequest = "reject"  // an error with status 409
	Reuse   SecondRequest = "reuse"   // the active request is answered again
	Replace SecondRequest = "replace" // the active request expires and a new one is made
)

// Options are the provider's unknowns: behaviour that its documentation leaves open. The zero value is the likeliest.
type Options struct {
	ReadHidesAPIKey     bool          `json:"read_hides_apikey"`      // the read of a customer request leaves its apikey out
	SecondRequest       SecondRequest `json:"second_request"`         // "" is reject
	SearchByCustomerRef bool          `json:"q_matches_customer_ref"` // the search of profiles also looks at customer_ref
	CreateStatus        int           `json:"create_status"`          // of created profiles and requests; 0 is 200
}

// Check says everything that is wrong with the options.
func (o Options) Check() error {
	var errs []error
	if !slices.Contains([]SecondRequest{"", Reject, Reuse, Replace}, o.SecondRequest) {
		errs = append(errs, fmt.Errorf("second_request is %q, but must be reject, reuse or replace", o.SecondRequest))
	}
	if !slices.Contains([]int{0, http.StatusOK, http.StatusCreated}, o.CreateStatus) {
		errs = append(errs, fmt.Errorf("create_status is %d, but must be 200 or 201", o.CreateStatus))
	}
	return errors.Join(errs...)
}

// withDefaults spells the zero values out.
func (o Options) withDefaults() Options {
	if o.SecondRequest == "" {
		o.SecondRequest = Reject
	}
	if o.CreateStatus == 0 {
		o.CreateStatus = http.StatusOK
	}
	return o
}

// Options returns the options in force, with the defaults spelt out.
func (p *Provider) Options() Options {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.options.withDefaults()
}

// SetOptions changes the options in force.
func (p *Provider) SetOptions(o Options) error {
	if err := o.Check(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.options = o
	return nil
}
