package faults_test

import (
	"strings"
	"testing"

	"portal/internal/sandbox/faults"
)

func TestSameSeedStrikesTheSameCalls(t *testing.T) {
	t.Parallel()
	for name, seeded := range map[string]func(s *service, seed uint64) faults.Rule{
		"of the rule": func(_ *service, seed uint64) faults.Rule {
			return faults.Rule{Kind: faults.Garbage, Probability: 0.5, Seed: seed}
		},
		"of all rules": func(s *service, seed uint64) faults.Rule {
			s.Seed(seed)
			return faults.Rule{Kind: faults.Garbage, Probability: 0.5}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fates := func(seed uint64) string {
				s := newService()
				s.order(t, seeded(s, seed))
				return s.fates(64)
			}

			one := fates(1)

			if again := fates(1); again != one {
				t.Errorf("seed 1 gave %s, then %s", one, again)
			}
			if other := fates(2); other == one || !strings.Contains(one, ".") || !strings.Contains(one, "x") {
				t.Errorf("seed 1 gave %s, seed 2 gave %s", one, other)
			}
		})
	}
}

func TestRulesWithoutSeedHaveChancesOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := newService()
	s.Seed(1)
	run := func() string {
		rule := s.order(t, faults.Rule{Kind: faults.Garbage, Probability: 0.5})
		defer func() { _ = s.Delete(rule.ID) }()
		return s.fates(64)
	}

	if one, two := run(), run(); one == two {
		t.Errorf("two rules met the same calls: %s", one)
	}
}

func TestResetGoesBackToTheSeed(t *testing.T) {
	t.Parallel()
	s := newService()
	s.Seed(42)
	run := func() string {
		s.order(t, faults.Rule{Kind: faults.Garbage, Probability: 0.3})
		s.order(t, faults.Rule{Kind: faults.Status, Probability: 0.3})
		return s.fates(64)
	}
	first := run()

	s.Reset()

	if second := run(); second != first {
		t.Errorf("at first %s, after the reset %s", first, second)
	}
}
