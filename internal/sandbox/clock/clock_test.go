package clock_test

import (
	"errors"
	"testing"
	"time"

	"portal/internal/sandbox/clock"
)

func fixed() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func TestAdvanceSetsTheClockForward(t *testing.T) {
	t.Parallel()
	c := clock.New(fixed)

	if _, err := c.Advance(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	now, err := c.Advance(time.Minute)
	if err != nil {
		t.Fatal(err)
	}

	want := fixed().Add(24*time.Hour + time.Minute)
	if !now.Equal(want) || !c.Now().Equal(want) {
		t.Errorf("Advance = %v, Now = %v, want %v", now, c.Now(), want)
	}
}

func TestAdvanceNeverTurnsTheClockBack(t *testing.T) {
	t.Parallel()
	c := clock.New(fixed)

	if _, err := c.Advance(-time.Second); !errors.Is(err, clock.ErrBackwards) {
		t.Errorf("err = %v, want %v", err, clock.ErrBackwards)
	}
	if !c.Now().Equal(fixed()) {
		t.Errorf("Now = %v, want %v", c.Now(), fixed())
	}
}

func TestResetReturnsToTheSource(t *testing.T) {
	t.Parallel()
	c := clock.New(fixed)
	if _, err := c.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}

	c.Reset()

	if !c.Now().Equal(fixed()) {
		t.Errorf("Now = %v, want %v", c.Now(), fixed())
	}
}
