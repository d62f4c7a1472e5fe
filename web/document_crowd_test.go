package web

import (
	"math"
	"testing"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

const mib = 1 << 20

func TestOneRegistrationHoldsTheMemoryOfFewFiles(t *testing.T) {
	t.Parallel()
	var c crowd
	one, other := onboarding.RegistrationID(uuid.New()), onboarding.RegistrationID(uuid.New())
	var leave func()
	for range mostAtOnce {
		var err error
		if leave, err = c.enter(one, mib, 96*mib); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.enter(one, mib, 96*mib); onboarding.KindOf(err) != onboarding.Busy {
		t.Errorf("one more: %v", err)
	}
	if _, err := c.enter(other, mib, 96*mib); err != nil {
		t.Errorf("somebody else's: %v", err)
	}
	leave()
	if _, err := c.enter(one, mib, 96*mib); err != nil {
		t.Errorf("after one has left: %v", err)
	}
}

func TestOneRegistrationLeavesMemoryToOthers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		memory int64 // MiB
		inside []int64
		next   int64
		busy   bool
	}{
		"a great one alone":            {96, nil, 50, false},
		"a great one in little memory": {52, nil, 50, false},
		"a second great one":           {200, []int64{17}, 17, true},
		"an ordinary one beside it":    {96, []int64{20}, 12, false},
		"ordinary ones":                {96, []int64{12, 12}, 12, false},
		"more than half":               {96, []int64{48}, 1, true},
		"more than half of a little":   {52, []int64{12, 12}, 12, true},
		"what is far too great":        {96, []int64{4}, math.MaxInt64 / mib, true},
		"without a length":             {96, []int64{48}, -1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var c crowd
			var leave []func()
			id := onboarding.RegistrationID(uuid.New())
			for _, length := range append(test.inside, test.next) {
				out, err := c.enter(id, length*mib, test.memory*mib)
				if busy := onboarding.KindOf(err) == onboarding.Busy; busy != (test.busy && len(leave) == len(test.inside)) {
					t.Errorf("%d MiB beside %d files: %v", length, len(leave), err)
				}
				if err == nil {
					leave = append(leave, out)
				}
			}
			for _, out := range leave {
				out()
			}
			if len(c.now) > 0 {
				t.Errorf("%v stays", c.now)
			}
		})
	}
}
