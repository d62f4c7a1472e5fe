package web

import (
	"testing"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

func TestOneRegistrationHoldsTheMemoryOfFewFiles(t *testing.T) {
	t.Parallel()
	var c crowd
	one, other := onboarding.RegistrationID(uuid.New()), onboarding.RegistrationID(uuid.New())
	var leave func()
	for range mostAtOnce {
		var err error
		if leave, err = c.enter(one); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.enter(one); onboarding.KindOf(err) != onboarding.Busy {
		t.Errorf("one more: %v", err)
	}
	if _, err := c.enter(other); err != nil {
		t.Errorf("somebody else's: %v", err)
	}
	leave()
	if _, err := c.enter(one); err != nil {
		t.Errorf("after one has left: %v", err)
	}
}
