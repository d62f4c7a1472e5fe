package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// What is promised of a crowd.
const (
	crowd      = 200
	photoSize  = 10 << 20
	mostMemory = 250e6 // bytes
)

func TestTwoHundredUploadsFitIntoTheMemory(t *testing.T) {
	t.Parallel()
	c := newCounter(t, crowd, nil)
	files := photos(t, crowd, photoSize)
	before := c.peak(t)
	c.forgetPeak(t)
	began, took := time.Now(), make(times, crowd)
	var all sync.WaitGroup
	for i, f := range files {
		all.Go(func() { took[i] = c.mustTake(t.Context(), t, c.people[i], f) })
	}
	all.Wait()
	whole, peak := time.Since(began), c.peak(t)
	t.Logf("%d uploads of %d MiB at once: %v in all, p50 %v, last %v; the portal's memory: %.0f MB at most, %.0f MB before; load average %s",
		crowd, photoSize>>20, whole.Round(time.Millisecond), took.quantile(0.5).Round(time.Millisecond), took.quantile(1).Round(time.Millisecond),
		float64(peak)/1e6, float64(before)/1e6, loadAverage())
	if peak > mostMemory {
		t.Errorf("the portal took %.0f MB", float64(peak)/1e6)
	}
	if n := c.arrived(t); n != crowd {
		t.Errorf("%d pictures have arrived, want %d", n, crowd)
	}
	if t.Failed() {
		t.Logf("not sent: %v\nthe portal wrote:\n%s", c.causes(t), c.log)
	}
}

// forgetPeak begins the measurement of the most memory anew (proc(5), clear_refs).
func (c *counter) forgetPeak(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(c.proc("clear_refs"), []byte("5"), 0o200); err != nil {
		t.Fatal(err)
	}
}

// peak is the most memory that the portal's process had at once since then, in bytes.
func (c *counter) peak(t *testing.T) (bytes int64) {
	t.Helper()
	text, err := os.ReadFile(c.proc("status"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "\nVmHWM:")
	if _, err := fmt.Sscanf(after, "%d kB", &bytes); err != nil {
		t.Fatalf("reading the peak of memory: %v", err)
	}
	return bytes << 10
}
