package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/load"
	"portal/internal/bench/stage"
	"portal/internal/seeding"
)

// The soak's house: a database with something in it already, and applicants who are signed in.
const (
	soakRegistrations = 20_000
	soakVisitors      = 1_200
	soakStreams       = 200
)

// soakPart is which part of what the portals bear they are asked for, for as long as it takes; soakFinding is how long it is
// looked for what they bear.
const (
	soakPart    = 1.0 / 3
	soakFinding = 5 * time.Second
)

// sampleEvery is how often memory is looked at.
const sampleEvery = 5 * time.Second

// errNotFlat is of a soak after which the portals hold more than before.
var errNotFlat = errors.New("memory, goroutines or connections have grown")

// Soak has two portals serve everything that there is, at a rate that they bear easily, for so long, and writes what they have
// held meanwhile. An error means that a request failed, or that they hold more and more.
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
	mix     func(buf []byte, n int) []byte // of what is asked for most
}

func (k *soak) run(ctx context.Context) (soakReport, error) {
	seeded, err := seeding.Fill(ctx, k.Pool, seeding.Options{
		Registrations: soakRegistrations, Visitors: soakVisitors, Keys: k.Keys, Now: time.Now(), Seed: 1,
	})
	if err != nil {
		return soakReport{}, err
	}
	if k.portals, err = k.Portals(ctx, 2); err != nil {
		return soakReport{}, err
	}
	// Those who follow their registration are not those whose pages are asked for.
	watching, visiting := seeded.Visitors[:soakStreams], seeded.Visitors[soakStreams:]
	if k.mix, err = k.mixed(ctx, visiting); err != nil {
		return soakReport{}, err
	}
	bears, err := k.load().Saturate(ctx, soakFinding)
	if err != nil {
		return soakReport{}, err
	}
	if bears.Failed > 0 {
		return soakReport{}, fmt.Errorf("finding out what the portals bear: %d requests failed: %w", bears.Failed, bears.Cause)
	}
	streams, err := k.watch(ctx, watching)
	if err != nil {
		return soakReport{}, err
	}
	defer func() {
		for _, f := range streams {
			f.hangUp()
		}
	}()
	_, _ = fmt.Fprintf(k.Progress, "soaking for %s at %.0f requests a second\n", k.length, bears.PerSecond()*soakPart) // for people
	return k.together(ctx, bears.PerSecond()*soakPart, &soakPeople{k: k, visiting: visiting, watching: watching, streams: streams})
}

func (k *soak) load() load.Load {
	l := load.Load{Connections: connections, Request: k.mix}
	for _, p := range k.portals {
		l.Addresses = append(l.Addresses, p.Address)
	}
	return l
}

// watch connects those who follow their registration, half to each portal.
func (k *soak) watch(ctx context.Context, visitors []seeding.Visitor) ([]*followers, error) {
	half := len(visitors) / 2
	one, _, err := k.connect(ctx, k.portals[0], visitors[:half])
	if err != nil {
		return nil, err
	}
	two, _, err := k.connect(ctx, k.portals[1], visitors[half:])
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
	report.length = k.length
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
