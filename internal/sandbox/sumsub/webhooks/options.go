package webhooks

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxTimeoutMS is the longest time-out that can be set: a quarter of an hour.
const maxTimeoutMS = 15 * 60 * 1000

// Options are the settings of an account's webhook, and the behaviour that Sumsub's documentation leaves open. The zero
// value is webhooks that are off; other zero values are the likeliest behaviour.
type Options struct {
	URL                 string    `json:"url" usage:"the receiver's address; without one there are no webhooks, and those that wait are lost"`
	Secret              string    `json:"secret" usage:"key of the digest, of this webhook alone; without one there is no digest"`
	Algorithm           Algorithm `json:"algorithm" usage:"of the digest: sha256, sha512 or sha1; sha256 unless given"`
	Events              []string  `json:"events" usage:"the enabled types, such as applicantReviewed; all unless given"`
	NoRetries           bool      `json:"no_retries" usage:"a webhook that fails is given up at once"`
	TimeoutMS           int       `json:"timeout_ms" usage:"milliseconds to wait for the receiver's answer: 5000 unless given"`
	MissingOptional     bool      `json:"missing_optional" usage:"members that some of Sumsub's samples lack are left away"`
	SandboxModeAsString bool      `json:"sandbox_mode_as_string" usage:"sandboxMode is a text, as it is in one of Sumsub's samples"`
}

// withDefaults spells the zero values out.
func (o Options) withDefaults() Options {
	o.Algorithm = cmp.Or(o.Algorithm, SHA256)
	o.TimeoutMS = cmp.Or(o.TimeoutMS, 5000)
	o.Events = append([]string{}, o.Events...)
	return o
}

// Check says everything that is wrong with the options, a sentence each.
func (o Options) Check() error {
	o = o.withDefaults()
	errs := []error{
		checkURL(o.URL),
		oneOf("algorithm", o.Algorithm, SHA256, SHA512, SHA1),
		within("timeout_ms", o.TimeoutMS, 1, maxTimeoutMS),
	}
	for _, event := range o.Events {
		if !slices.Contains(events, event) {
			errs = append(errs, fmt.Errorf("events contains %q, which is no type of webhook", event))
		}
	}
	return errors.Join(errs...)
}

// Options returns the options in force, with the defaults spelt out.
func (q *Queue) Options() Options {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.options.withDefaults()
}

// SetOptions changes the options in force. What waits is delivered by the new ones when its time comes; what is on its
// way keeps the old ones. Turning webhooks off loses what waits.
func (q *Queue) SetOptions(o Options) error {
	if err := o.Check(); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.options = o.withDefaults()
	if o.URL == "" {
		q.drop()
	}
	q.changed()
	return nil
}

// wants says whether such an event is to be delivered at all.
func (o Options) wants(event string) bool {
	return o.URL != "" && (len(o.Events) == 0 || slices.Contains(o.Events, event))
}

// timeout is how long a receiver may take to answer.
func (o Options) timeout() time.Duration { return milliseconds(o.TimeoutMS) }

// milliseconds is a member of the JSON as a duration.
func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func checkURL(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("url is %q, but must be an absolute http or https address, or empty", address)
	}
	return nil
}

// oneOf says that a member's value is not among the possible ones.
func oneOf[T ~string](member string, value T, possible ...T) error {
	if slices.Contains(possible, value) {
		return nil
	}
	names := make([]string, len(possible))
	for i, p := range possible {
		names[i] = string(p)
	}
	last := len(names) - 1
	return fmt.Errorf("%s is %q, but must be %s or %s", member, value, strings.Join(names[:last], ", "), names[last])
}

// within says that a member's value is out of bounds.
func within(member string, value, least, most int) error {
	if value >= least && value <= most {
		return nil
	}
	return fmt.Errorf("%s is %d, but must be between %d and %d", member, value, least, most)
}
