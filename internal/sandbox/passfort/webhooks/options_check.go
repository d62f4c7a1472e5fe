package webhooks

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// maxWaitMS is the longest of every time in the options: a day. PassFort's documentation gives 0 to 10 s for batches,
// but a test may want to hold them until it says so.
const maxWaitMS = 24 * 60 * 60 * 1000

// Check says everything that is wrong with the options, a sentence each.
func (o Options) Check() error {
	o = o.withDefaults()
	errs := []error{
		checkURL(o.URL),
		oneOf("batch_shape", o.BatchShape, Array, Object, Single),
		oneOf("event_case", o.EventCase, Upper, Lower),
		oneOf("accept", o.Accept, OnlyOK, Any2xx),
		within("batch_every_ms", o.BatchEveryMS, 1, maxWaitMS),
		within("timeout_ms", o.TimeoutMS, 1, maxWaitMS),
		within("backoff_ms", o.BackoffMS, 1, maxWaitMS),
		within("backoff_max_ms", o.BackoffMaxMS, 1, maxWaitMS),
	}
	if strings.ContainsFunc(o.Secret, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		errs = append(errs, errors.New("secret must not contain control characters, because it travels in a header"))
	}
	if slices.ContainsFunc(o.Events, func(event string) bool { return strings.TrimSpace(event) == "" }) {
		errs = append(errs, errors.New("events must not contain an empty name"))
	}
	return errors.Join(errs...)
}

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
