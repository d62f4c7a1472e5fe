package bench

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"portal/internal/bench/load"
	"portal/internal/bench/process"
)

// soakReport is what came of a soak.
type soakReport struct {
	length           time.Duration
	requests, failed int
	cause            error // of the first failure
	times            load.Times
	samples          []sample
	diary            *process.Diary // what the portals logged
}

// errNotFlat is of a soak after which the portals hold more than before, and errLogged of one in which they logged an error.
var (
	errNotFlat = errors.New("the portals hold more and more")
	errLogged  = errors.New("the portals have logged errors")
)

// verdict is an error where something failed, or is not flat.
func (r soakReport) verdict() error {
	if r.failed > 0 {
		return fmt.Errorf("%d of %d requests failed: %w", r.failed, r.requests, r.cause)
	}
	if n, _ := r.diary.Errors(); n > 0 {
		return fmt.Errorf("%w: %d", errLogged, n)
	}
	for _, h := range holdings {
		if from, to, flat := h.grown(r.samples); !flat {
			return fmt.Errorf("%w: %s, %.1f and then %.1f", errNotFlat, h.name, from/h.unit, to/h.unit)
		}
	}
	return nil
}

// soakLines is how many lines the table over time has at most.
const soakLines = 12

// write writes a small table over time, what it means, and what was logged that should not have to be.
func (r soakReport) write(w io.Writer) error {
	var text strings.Builder
	r.writeTable(&text)
	fmt.Fprintf(&text, "\nof both portals together; %d requests in %s, %d failed; pages p50 %s ms, p99 %s ms\n", r.requests, r.length, r.failed,
		milliseconds(r.times.Quantile(0.5)), milliseconds(r.times.Quantile(0.99)))
	for _, h := range holdings {
		text.WriteString(h.sentence(r.samples))
	}
	fmt.Fprintln(&text, r.diary)
	_, warnings := r.diary.Warnings()
	_, errors := r.diary.Errors()
	for _, line := range slices.Concat(warnings[:min(len(warnings), soakLines)], errors) {
		fmt.Fprintln(&text, line)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func (r soakReport) writeTable(text *strings.Builder) {
	fmt.Fprintf(text, "%10s", "after")
	for _, h := range holdings {
		fmt.Fprintf(text, "%14s", h.name)
	}
	text.WriteByte('\n')
	every := (len(r.samples) + soakLines - 1) / soakLines
	for i := every - 1; i >= 0 && i < len(r.samples); i += every {
		fmt.Fprintf(text, "%10s", r.samples[i].at.Round(time.Second))
		for _, h := range holdings {
			fmt.Fprintf(text, "%14.1f", h.of(r.samples[i])/h.unit)
		}
		text.WriteByte('\n')
	}
}

// sentence says whether something has grown.
func (h held) sentence(samples []sample) string {
	from, to, flat := h.grown(samples)
	judged := "flat"
	switch {
	case len(samples) < fewest:
		return h.name + ": the time was too short to judge\n"
	case !flat:
		judged = "NOT FLAT"
	}
	return fmt.Sprintf("%s: %.1f in the second quarter, %.1f in the last: %s\n", h.name, from/h.unit, to/h.unit, judged)
}
