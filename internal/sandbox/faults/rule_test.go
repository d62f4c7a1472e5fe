package faults_test

import (
	"testing"

	"portal/internal/sandbox/faults"
)

func TestImpossibleRulesAreRefused(t *testing.T) {
	t.Parallel()
	rules := faults.New()

	for name, r := range map[string]faults.Rule{
		"no kind":              {When: faults.Before},
		"unknown kind":         {Kind: "boom"},
		"unknown when":         {When: "soon", Kind: faults.Reset},
		"status too low":       {Kind: faults.Status, Status: 99},
		"later and slow":       {When: faults.Later, Kind: faults.Slow},
		"negative delay":       {Kind: faults.Slow, DelayMS: -1},
		"endless delay":        {Kind: faults.Slow, DelayMS: 1 << 62},
		"negative count":       {Kind: faults.Reset, Count: -1},
		"more than sure":       {Kind: faults.Reset, Probability: 1.1},
		"less than never":      {Kind: faults.Reset, Probability: -0.1},
		"retry without a 429":  {Kind: faults.Status, Status: 503, RetryAfterS: 1},
		"retry after a reset":  {Kind: faults.Reset, Status: 429, RetryAfterS: 1},
		"retry in the past":    {Kind: faults.Status, Status: 429, RetryAfterS: -1},
		"retry never":          {Kind: faults.Status, Status: 429, RetryAfterS: 1 << 62},
		"unknown garbage":      {Kind: faults.Garbage, Garbage: "rubbish"},
		"garbage for a status": {Kind: faults.Status, Garbage: faults.HTML},
	} {
		if _, err := rules.Add(r); err == nil {
			t.Errorf("%s: was accepted", name)
		}
	}
	if len(rules.All()) != 0 {
		t.Errorf("in force: %+v", rules.All())
	}
}

func TestSummarySaysWhatARuleDoes(t *testing.T) {
	t.Parallel()
	s := newService()
	for _, c := range []struct {
		rule faults.Rule
		want string
	}{
		{faults.Rule{Kind: faults.Status}, "rule 1: status 503 before the effect"},
		{faults.Rule{Kind: faults.Garbage, Garbage: faults.HTML, When: faults.After}, "rule 2: garbage (html) after the effect"},
		{faults.Rule{Kind: faults.Slow, DelayMS: 250}, "rule 3: slow by 250ms before the effect"},
		{faults.Rule{Kind: faults.Reset, When: faults.Later, DelayMS: 1500}, "rule 4: reset, the effect 1.5s later"},
	} {
		if got := s.order(t, c.rule).Summary(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
