package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
)

// load is requests by a timetable that waits for nobody: where answers are slow, the next request is due all the same,
// and its time counts from then. Senders that waited for their answers first would hide the very queue that they cause.
type load struct {
	perSecond int
	senders   int                                    // as many connections are in use at once
	send      func(ctx context.Context, n int) error // the request with this number, until it is answered
}

type beat struct {
	n  int
	at time.Time
}

// run keeps to the timetable for so long, and returns how long each answer took from when its request was due.
func (l load) run(ctx context.Context, during time.Duration) (times, error) {
	total := int(during.Seconds() * float64(l.perSecond))
	due, took := make(chan beat, total), make(times, total)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(due)
		return l.beat(ctx, due)
	})
	for range l.senders {
		g.Go(func() error {
			for b := range due {
				if err := l.send(ctx, b.n); err != nil {
					return err
				}
				took[b.n] = time.Since(b.at)
			}
			return nil
		})
	}
	return took, g.Wait()
}

// beat hands out numbers, each at its time, until due is full.
func (l load) beat(ctx context.Context, due chan<- beat) error {
	began, timer := time.Now(), time.NewTimer(0)
	defer timer.Stop()
	for n := range cap(due) {
		at := began.Add(time.Duration(n) * time.Second / time.Duration(l.perSecond))
		timer.Reset(time.Until(at))
		select {
		case <-timer.C:
			due <- beat{n, at}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// times are how long things took.
type times []time.Duration

// quantile is the time that so large a part of them did not exceed.
func (t times) quantile(part float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

// quantiles are those that are reported.
var quantiles = []struct {
	name string
	part float64
}{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"max", 1}}

// report tells the benchmark's reader of them, under a name that may be empty.
func (t times) report(b *testing.B, name string) {
	b.Helper()
	for _, q := range quantiles {
		b.ReportMetric(milliseconds(t.quantile(q.part)), name+q.name+"-ms")
	}
	b.ReportMetric(0, "ns/op")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// row is a line of the table of times; head is the one above.
func (t times) row(name string) string {
	cells := []string{name, fmt.Sprint(len(t))}
	for _, q := range quantiles {
		cells = append(cells, fmt.Sprintf("%.1f", milliseconds(t.quantile(q.part))))
	}
	return strings.Join(cells, "\t")
}

const head = "ms\tn\tp50\tp90\tp99\tmax"

// summarise logs a table of times and what else is to be said. The machine's load stands beside every figure, since
// none means much on a machine that has other work.
func summarise(b *testing.B, rows []string, more ...string) {
	b.Helper()
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 3, ' ', tabwriter.AlignRight)
	for _, row := range append([]string{head}, rows...) {
		_, _ = fmt.Fprintln(table, row+"\t") // into memory
	}
	_ = table.Flush()
	for _, line := range append(more, "load average of the machine: "+loadAverage()) {
		text.WriteString(line + "\n")
	}
	b.Logf("%s\n%s", b.Name(), &text)
}

// loadAverage is that of the last one, five and fifteen minutes.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); err == nil && len(fields) >= 3 {
		return strings.Join(fields[:3], " ")
	}
	return "not known"
}
