package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/load"
	"portal/internal/bench/process"
	"portal/internal/bench/stage"
	"portal/internal/seeding"
)

// The soak's house: a database with something in it already, and applicants who are signed in.
const (
	soakRegistrations = 20_000
	soakVisitors      = 1_200
	soakStreams       = 200
	soakKnown         = 20 // whom the company asks about
)

// soakPart is which part of what the portals bear they are asked for; soakFinding is for how long at most it is found out what that
// is.
const (
	soakPart    = 1.0 / 3
	soakFinding = 5 * time.Second
)

// sampleEvery is how often memory is looked at.
const sampleEvery = 5 * time.Second

// Soak has two portals serve everything that there is, at a rate that they bear easily, for so long, and writes what they have
// held meanwhile. An error means that a request failed or was not answered as it must be, that a portal has logged an error, or
// that they hold more and more.
func Soak(ctx context.Context, o Options, length time.Duration, out io.Writer) error {
	s, err := stage.Open(ctx, o.Options)
	if err != nil {
		return err
	}
	k := &soak{Run: &Run{Options: o, Stage: s}, length: length}
	report, err := k.run(ctx)
	if len(report.samples) == 0 && err != nil { // it has not come that far
		return errors.Join(err, s.Close())
	}
	return errors.Join(err, report.write(out), report.verdict(), s.Close())
}

// soak is one run of it.
type soak struct {
	*Run
	length  time.Duration
	portals []*stage.Server
	diary   process.Diary                  // of both portals
	mix     func(buf []byte, n int) []byte // of what is asked for most

	// Those who follow their registration are not those whose pages are asked for.
	watching, visiting []seeding.Visitor
	known              []stage.Applicant
}

func (k *soak) run(ctx context.Context) (soakReport, error) {
	if err := k.prepare(ctx); err != nil {
		return soakReport{}, err
	}
	bears, err := k.load().Saturate(ctx, min(soakFinding, k.length))
	if err != nil {
		return soakReport{}, err
	}
	if bears.Failed > 0 {
		return soakReport{}, fmt.Errorf("finding out what the portals bear: %d requests failed: %w", bears.Failed, bears.Cause)
	}
	streams, err := k.watch(ctx)
	if err != nil {
		return soakReport{}, err
	}
	defer func() {
		for _, f := range streams {
			f.hangUp()
		}
	}()
	_, _ = fmt.Fprintf(k.Progress, "soaking for %s at %.0f requests a second\n", k.length, bears.PerSecond()*soakPart) // for people
	return k.together(ctx, bears.PerSecond()*soakPart, &soakPeople{k: k, streams: streams})
}

// prepare fills the database and starts the portals, the first of which hears from the provider.
func (k *soak) prepare(ctx context.Context) error {
	seeded, err := seeding.Fill(ctx, k.Pool, seeding.Options{
		Registrations: soakRegistrations, Visitors: soakVisitors, Keys: k.Keys, Now: time.Now(), Seed: 1,
	})
	if err != nil {
		return err
	}
	k.watching, k.visiting = seeded.Visitors[:soakStreams], seeded.Visitors[soakStreams:]
	k.Diary = &k.diary
	if k.portals, err = k.Portals(ctx, 2); err != nil {
		return err
	}
	if err := k.hearBack(ctx, k.portals[0]); err != nil {
		return err
	}
	if k.known, err = k.Stage.Open(ctx, k.portals[0], soakKnown); err != nil {
		return err
	}
	k.mix, err = k.mixed(ctx)
	return err
}

func (k *soak) load() load.Load {
	l := load.Load{Connections: connections, Request: k.mix}
	for _, p := range k.portals {
		l.Addresses = append(l.Addresses, p.Address)
	}
	return l
}

// watch connects those who follow their registration, half to each portal.
func (k *soak) watch(ctx context.Context) ([]*followers, error) {
	half := len(k.watching) / 2
	one, _, err := k.connect(ctx, k.portals[0], k.watching[:half])
	if err != nil {
		return nil, err
	}
	two, _, err := k.connect(ctx, k.portals[1], k.watching[half:])
	if err != nil {
		one.hangUp()
		return nil, err
	}
	return []*followers{one, two}, nil
}

// together has everything go on at once until the time is over.
func (k *soak) together(ctx context.Context, perSecond float64, people *soakPeople) (report soakReport, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	report.length, report.diary = k.length, &k.diary
	var result load.Result
	g, running := errgroup.WithContext(ctx)
	done := make(chan struct{})
	g.Go(func() (err error) {
		defer close(done) // the others go on for as long as this load
		result, err = k.load().Timed(running, perSecond, k.length)
		return err
	})
	g.Go(func() error { return people.run(running, done) })
	g.Go(func() (err error) {
		report.samples, err = k.sample(running, done)
		return err
	})
	err = g.Wait()
	report.times = result.Times
	report.requests, report.failed, report.cause = len(result.Times)+result.Failed, result.Failed, result.Cause
	people.addTo(&report)
	return report, err
}
