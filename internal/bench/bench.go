// Package bench measures the portal side by side with what bounds it, all in one run on the machine at hand: a page beside a
// handler that only writes it, a webhook beside the insert of its row, a start beside the provider's own answers. Figures of
// one machine say little about another; their ratios do.
//
// The parts: package stage sets up what is measured, package load puts it under load, package process reads what that costs,
// and package bare is what the portal is compared with. A [Case] is what is measured together, and makes rows of the table.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"portal/internal/bench/stage"
)

// Options of a run.
type Options struct {
	stage.Options
	Self     string         // this program, which plays the bare handlers with its command bare
	Length   time.Duration  // of each load
	Profiles string         // the folder to write profiles to; none are where it is empty
	Only     *regexp.Regexp // the names of the cases to measure; all where it is nil
	Sizes    []int          // numbers of registrations for [Growth] to compare; none where it is not to come
	Progress io.Writer      // told which case is measured
}

// Wants says whether what has that name is to be measured.
func (o Options) Wants(name string) bool { return o.Only == nil || o.Only.MatchString(name) }

// Case is what is measured together, so that it can be compared.
type Case struct {
	Name string
	Rows func(ctx context.Context, r *Run) ([]Row, error)
}

// Cases are all of them, in the order of the table. Those that know the memory of a fresh portal, or how long it takes to
// start, come first, while the database is small and the machine is cool.
func Cases() []Case {
	return []Case{
		{"cold start", coldStart},
		{"idle memory", idle},
		{"static page", staticPage},
		{"dynamic page", dynamicPage},
		{"dynamic page uncompressed", dynamicPageUncompressed},
		{"webhooks", webhooks},
		{"start to form", startToForm},
		{"sign-in", signIn},
		{"registration", registrations},
	}
}

// Run is one run, on one stage.
type Run struct {
	Options
	*stage.Stage
}

// Measure measures the cases that are wanted on a stage of their own, and returns their rows.
func Measure(ctx context.Context, o Options, cases []Case) ([]Row, error) {
	return onStage(ctx, o, func(r *Run) (rows []Row, err error) {
		for _, c := range cases {
			if !o.Wants(c.Name) {
				continue
			}
			_, _ = fmt.Fprintf(o.Progress, "measuring %s\n", c.Name) // for people; the table says all
			more, err := c.Rows(ctx, r)
			if err != nil {
				return rows, fmt.Errorf("%s: %w", c.Name, err)
			}
			rows = append(rows, more...)
		}
		return rows, nil
	})
}

// onStage measures something on a stage of its own, of which nothing is left afterwards, however it ends.
func onStage(ctx context.Context, o Options, measure func(r *Run) ([]Row, error)) (rows []Row, err error) {
	s, err := stage.Open(ctx, o.Options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	r := &Run{Options: o, Stage: s}
	if err := r.makeSureOfRoom(ctx); err != nil {
		return nil, err
	}
	return measure(r)
}
