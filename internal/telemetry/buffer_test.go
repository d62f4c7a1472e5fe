package telemetry_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"portal/internal/telemetry"
)

// written is what has been written so far.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func TestLinesAreWrittenInTimeAndOnExit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out written
		b := telemetry.NewBuffer(&out)
		log := telemetry.BufferedLogger(b, slog.LevelInfo)
		log.Info("first")
		if out.String() != "" {
			t.Error("written at once:", &out)
		}
		time.Sleep(60 * time.Millisecond)
		synctest.Wait()
		if !strings.Contains(out.String(), "first") {
			t.Error("still held after 60 ms")
		}
		log.Info("last")
		if b.Flush(); !strings.Contains(out.String(), "last") {
			t.Error("lost at the end")
		}
		if n := strings.Count(out.String(), "\n"); n != 2 {
			t.Errorf("%d lines:\n%s", n, &out)
		}
	})
}

func TestWhatWentWrongIsWrittenAtOnceAndInOrder(t *testing.T) {
	t.Parallel()
	var out written
	log := telemetry.BufferedLogger(telemetry.NewBuffer(&out), slog.LevelInfo).With("part", "x").WithGroup("g")
	log.Info("before")
	log.Warn("trouble")
	if before, trouble := strings.Index(out.String(), "before"), strings.Index(out.String(), "trouble"); before < 0 || trouble < before {
		t.Errorf("written: %s", &out)
	}
}

func TestNoLineIsLostOrTornBetweenManyWriters(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 2000
	var out written
	b := telemetry.NewBuffer(&out)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				_, _ = fmt.Fprintf(b, "%d %d %s\n", w, n, strings.Repeat("x", n%300))
			}
		})
	}
	all.Wait()
	_, _ = fmt.Fprintln(b, strings.Repeat("y", 100<<10)) // more than it holds
	b.Flush()
	next, lines := [writers]int{}, strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for _, line := range lines[:len(lines)-1] {
		var w, n int
		var rest string
		if _, err := fmt.Sscanf(line+" .", "%d %d %s", &w, &n, &rest); err != nil || n != next[w] || strings.Count(line, "x") != n%300 {
			t.Fatalf("line %q of writer %d: %v", line, w, err)
		}
		next[w]++
	}
	if len(lines) != writers*each+1 || len(lines[len(lines)-1]) != 100<<10 {
		t.Errorf("%d lines", len(lines))
	}
}

// failing is a writer that takes nothing, or only the beginning of what is written, while it fails.
type failing struct {
	written
	fails atomic.Bool
	takes int // bytes, when it fails
}

func (f *failing) Write(p []byte) (int, error) {
	if !f.fails.Load() {
		return f.written.Write(p)
	}
	n, _ := f.written.Write(p[:min(f.takes, len(p))]) // which cannot fail
	f.takes = 0
	return n, errors.New("no space left on device")
}

func TestLinesThatCannotBeWrittenAreHeldOrCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const lines, size = 1000, 1 << 10 // far more than are held
		out := failing{takes: size / 2}
		out.fails.Store(true)
		b := telemetry.NewBuffer(&out)
		for n := range lines {
			_, _ = fmt.Fprintf(b, "%0*d\n", size-1, n)
		}
		time.Sleep(time.Second) // it is tried again meanwhile
		synctest.Wait()
		out.fails.Store(false)
		time.Sleep(60 * time.Millisecond)
		synctest.Wait()
		_, _ = fmt.Fprintln(b, "later")
		b.Flush()
		all := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		held := len(all) - 2
		for n, line := range all[:held] {
			if line != fmt.Sprintf("%0*d", size-1, n) {
				t.Fatalf("line %d is %.2000q", n, line)
			}
		}
		if held < 50 || held > 70 || all[held+1] != "later" {
			t.Errorf("%d lines are held, and the last is %q", held, all[held+1])
		}
		if want := fmt.Sprintf(`"lines":%d`, lines-held); !strings.Contains(all[held], want) || !strings.Contains(all[held], "ERROR") {
			t.Errorf("said %s, want %s", all[held], want)
		}
	})
}
