package webhooks

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Bounds of what can be ordered.
const (
	maxCount   = 100
	maxDelayMS = 24 * 60 * 60 * 1000
)

// uses lists the members that mean something to a mode.
var uses = map[Mode][]string{
	Duplicate:    {"count", "id"},
	Shuffle:      {"count", "seed", "within_ms"},
	Late:         {"count", "delay_ms"},
	Unknown:      {"event", "applicant_id", "data"},
	BadSecret:    {"event", "applicant_id", "data", "wrong"},
	MissingField: {"count", "fields"},
}

// given lists the members that the caller has filled in.
func (t Trouble) given() []string {
	var names []string
	for _, member := range []struct {
		name  string
		given bool
	}{
		{"count", t.Count != 0},
		{"seed", t.Seed != 0},
		{"delay_ms", t.DelayMS != 0},
		{"within_ms", t.WithinMS != 0},
		{"event", t.Event != ""},
		{"id", t.ID != ""},
		{"applicant_id", t.ApplicantID != ""},
		{"data", t.Data != nil},
		{"wrong", t.Wrong != ""},
		{"fields", len(t.Fields) > 0},
	} {
		if member.given {
			names = append(names, member.name)
		}
	}
	return names
}

// check says everything that is wrong with the order, a sentence each.
func (t Trouble) check() error {
	errs := []error{oneOf("mode", t.Mode, Duplicate, Shuffle, Late, Unknown, BadSecret, MissingField)}
	if t.Provider != "" && t.Provider != provider {
		errs = append(errs, fmt.Errorf("provider is %q, but this queue is sumsub's", t.Provider))
	}
	used, known := uses[t.Mode]
	for _, name := range t.given() {
		if known && !slices.Contains(used, name) {
			means := strings.Join(used, ", ")
			errs = append(errs, fmt.Errorf("%s means nothing to the mode %s, which uses %s", name, t.Mode, means))
		}
	}
	if t.ID != "" && t.Count != 0 {
		errs = append(errs, errors.New("count and id exclude each other"))
	}
	if t.ApplicantID != "" && t.Data != nil {
		errs = append(errs, errors.New("applicant_id and data exclude each other"))
	}
	return errors.Join(append(errs, t.withDefaults().checkValues())...)
}

// checkValues says which members are out of bounds, once the defaults are filled in.
func (t Trouble) checkValues() error {
	var errs []error
	least := 1
	if t.Mode == Shuffle {
		least = 2
	}
	if t.Count != 0 {
		errs = append(errs, within("count", t.Count, least, maxCount))
	}
	if t.DelayMS != 0 {
		errs = append(errs, within("delay_ms", t.DelayMS, 1, maxDelayMS))
	}
	if t.WithinMS != 0 {
		errs = append(errs, within("within_ms", t.WithinMS, 1, maxDelayMS))
	}
	if t.Wrong != "" {
		errs = append(errs, oneOf("wrong", t.Wrong, WrongKey, WrongBody, WrongAlgorithm, WrongHeader))
	}
	return errors.Join(errs...)
}
