package bench

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/load"
	"portal/internal/bench/stage"
	"portal/internal/seeding"
)

// What a flood is, and what applicants may notice of it.
const (
	FloodSlow  = 1000    // connections on which a byte a second comes, or is taken
	FloodJunk  = 100_000 // requests that make no sense, over the whole time
	floodedP99 = 50 * time.Millisecond
)

// Rates of those who go on meanwhile, and of how many different ones.
const (
	floodVisitors    = 240
	floodRate        = 100
	calmPart         = 6 // of the time of the flood, undisturbed
	floodConnections = 16
)

// Flood has strangers do to one portal what they can, for as long as the length of a load, and measures what applicants notice
// of it, beside how it was for them before.
func Flood(ctx context.Context, o Options, slow, junk int) ([]Row, error) {
	return onStage(ctx, o, func(r *Run) ([]Row, error) { return r.flood(ctx, slow, junk) })
}

func (r *Run) flood(ctx context.Context, slow, junk int) ([]Row, error) {
	seeded, err := seeding.Fill(ctx, r.Pool, seeding.Options{Registrations: floodVisitors, Visitors: floodVisitors, Keys: r.Keys, Now: time.Now(), Seed: 1})
	if err != nil {
		return nil, err
	}
	portal, err := r.Portal(ctx, nil)
	if err != nil {
		return nil, err
	}
	people, err := r.applicantsOn(portal, seeded.Visitors)
	if err != nil {
		return nil, err
	}
	calm, err := people.Timed(ctx, floodRate, r.Length/calmPart)
	if err != nil {
		return nil, err
	}
	before, err := portal.Resident()
	if err != nil {
		return nil, err
	}
	f := flood{address: portal.Address, slow: newSlow(portal.Address, slow), junk: newJunk(portal.Address, junk)}
	flooded, err := f.meanwhile(ctx, people, r.Length)
	if err != nil {
		return nil, err
	}
	after, err := portal.Resident()
	if err != nil {
		return nil, err
	}
	return f.rows(calm, flooded, before, after), nil
}

// applicantsOn are applicants who go about their business: they come by a link, look at their form, and ask how they stand.
func (r *Run) applicantsOn(portal *stage.Server, visitors []seeding.Visitor) (load.Load, error) {
	asked := []func([]byte, int) []byte{oneOf([][]byte{get(linkPath, browser(codings))})}
	for _, path := range []string{"/onboarding", "/onboarding/status"} {
		one, err := visits(r.Stage, &grown{visitors: visitors}, seeding.FlowIndividual, http.MethodGet, path, "")
		if err != nil {
			return load.Load{}, err
		}
		asked = append(asked, one)
	}
	return load.Load{
		Addresses: []string{portal.Address}, Connections: floodConnections,
		Request: func(_ []byte, n int) []byte { return asked[n%len(asked)](nil, n) },
	}, nil
}

// flood is what strangers do, and what came of it.
type flood struct {
	address string
	slow    *slow
	junk    *junk
}

// meanwhile has applicants go on while the portal is flooded.
func (f *flood) meanwhile(ctx context.Context, people load.Load, during time.Duration) (load.Result, error) {
	strangers, end := context.WithCancel(ctx)
	var slow sync.WaitGroup
	slow.Go(func() { f.slow.run(strangers) })
	defer slow.Wait()
	defer end()
	if err := f.slow.awaitAll(ctx); err != nil {
		return load.Result{}, err
	}
	var result load.Result
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { f.junk.run(ctx, during); return nil })
	g.Go(func() (err error) {
		result, err = people.Timed(ctx, floodRate, during)
		return err
	})
	return result, g.Wait()
}

func (f *flood) rows(calm, flooded load.Result, before, after int64) []Row {
	undisturbed := Row{Name: "applicants, undisturbed", Figures: Figures{P50: calm.Times.Quantile(0.5), P99: calm.Times.Quantile(0.99), Resident: before}}
	meanwhile := Row{Name: "applicants, meanwhile", Figures: Figures{P50: flooded.Times.Quantile(0.5), P99: flooded.Times.Quantile(0.99), Resident: after}}
	meanwhile.promise(flooded.Times.Quantile(0.99) < floodedP99, "p99 < %d ms", floodedP99.Milliseconds())
	meanwhile.promise(flooded.Failed == 0, "all of %d answered", len(flooded.Times)+flooded.Failed)
	return []Row{undisturbed, meanwhile, f.slow.row(), f.junk.row()}
}

// row says how the slow ones fared.
func (s *slow) row() Row {
	row := Row{Name: fmt.Sprintf("%d slow connections", s.most), Compared: fmt.Sprintf("hung up on %d times", s.hungUp.Load())}
	row.promise(s.hungUp.Load() > 0, "none is kept")
	return row
}

// row says how the junk was answered.
func (j *junk) row() Row {
	sent, failed := j.sent.Load(), j.failed.Load()
	row := Row{Name: fmt.Sprintf("%d junk requests", sent), Compared: fmt.Sprintf("%d refused, %d cut off", j.refused.Load(), j.cut.Load())}
	row.PerSecond = float64(sent) / j.took.Seconds()
	row.promise(failed == 0, "none is let in or fails")
	return row
}
