package clock_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"portal/internal/sandbox/clock"
)

func fixed() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// advance sets the clock forward and returns the new time.
func advance(t *testing.T, c *clock.Clock, d time.Duration) time.Time {
	t.Helper()
	then, err := c.After(d)
	if err != nil {
		t.Fatal(err)
	}
	c.AdvanceTo(then)
	return c.Now()
}

func TestClockIsSetForward(t *testing.T) {
	t.Parallel()
	c := clock.New(fixed)

	advance(t, c, 24*time.Hour)
	now := advance(t, c, time.Minute)

	if want := fixed().Add(24*time.Hour + time.Minute); !now.Equal(want) {
		t.Errorf("Now = %v, want %v", now, want)
	}
}

func TestClockIsNeverTurnedBack(t *testing.T) {
	t.Parallel()
	c := clock.New(fixed)

	if _, err := c.After(-time.Second); !errors.Is(err, clock.ErrBackwards) {
		t.Errorf("err = %v, want %v", err, clock.ErrBackwards)
	}
	c.AdvanceTo(fixed().Add(-time.Second))
	if !c.Now().Equal(fixed()) {
		t.Errorf("Now = %v, want %v", c.Now(), fixed())
	}
}

func TestClockGoesNoFurtherThanADurationHolds(t *testing.T) {
	t.Parallel()
	c := clock.New(fixed)
	advance(t, c, math.MaxInt64-time.Hour)

	if _, err := c.After(2 * time.Hour); !errors.Is(err, clock.ErrTooFar) {
		t.Errorf("err = %v, want %v", err, clock.ErrTooFar)
	}
}

func TestResetReturnsToTheSource(t *testing.T) {
	t.Parallel()
	c := clock.New(fixed)
	advance(t, c, time.Hour)

	c.Reset()

	if !c.Now().Equal(fixed()) {
		t.Errorf("Now = %v, want %v", c.Now(), fixed())
	}
}
