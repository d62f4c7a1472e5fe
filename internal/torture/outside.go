package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// Outside is a run of the second gear: built portals behind a load balancer, a sandbox, a mailbox and applicants, all
// over real connections, while portals are killed and Postgres goes away. Its choices come from the seed; what becomes of
// them depends on the machine, so a seed repeats the plan and not the run.
type Outside struct {
	Program string   // the built portal
	Server  Database // this run's alone
	Dir     string   // for settings and logs
	Seed    uint64
}

// Database is a Postgres server that can be taken away. It has a migrated database "portal".
type Database interface {
	URL(database string) string
	Halt() error
	Resume() error
}

// Findings is what a run outside has shown.
type Findings struct {
	Violations []string
	Story      []string // what was done and seen, in order
	Kills      int
	Recoveries []time.Duration // how long registrations stood still that a killed portal was working on
	Associates int             // that the back end was told are entered
}

// outsideFor bounds a whole run.
const outsideFor = 2 * time.Minute

// Run plays the run to its quiet end and judges it. An error means that the run could not be had.
func (o Outside) Run(ctx context.Context) (Findings, error) {
	ctx, cancel := context.WithTimeout(ctx, outsideFor)
	defer cancel()
	r := &ordeal{Outside: o, diary: newDiary(), secrets: newSecrets()}
	err := r.play(ctx)
	cancel()
	err = errors.Join(err, r.close())
	f := Findings{Violations: r.violations(), Story: r.story(), Associates: r.entered()}
	if r.watch != nil {
		f.Kills, f.Recoveries = r.fleet.kills, r.watch.all()
	}
	return f, err
}

// ordeal is one run outside.
type ordeal struct {
	Outside
	*diary
	secrets  *secrets
	sandbox  *outerWorld
	balancer *balancer
	fleet    *fleet
	records  *recordsRoom
	watch    *recoveryWatch
	backEnd  *backEnd
	visitors []*visitor
	forged   []string // ids of webhooks that came with a wrong secret
}

// dice are the choices of one participant, which do not depend on how the others' goroutines happen to run.
func (r *ordeal) dice(participant uint64) *rand.Rand {
	return rand.New(rand.NewPCG(r.Seed, participant))
}

// Who throws dice: applicants have numbers from zero.
const (
	diceOfPlan uint64 = 1000 + iota
	diceOfProvider
	diceOfHouse
)

func (r *ordeal) play(ctx context.Context) error {
	for _, step := range []struct {
		what string
		do   func(ctx context.Context) error
	}{
		{"preparing", r.prepare},
		{"the storm", r.storm},
		{"the quiet after it", r.calm},
		{"judging", r.judge},
	} {
		r.tell("run", "%s", step.what)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// storm lets everybody loose at once, for a while.
func (r *ordeal) storm(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, stormFor(r.dice(diceOfPlan)))
	defer cancel()
	var all sync.WaitGroup
	for _, v := range r.visitors {
		all.Go(func() { v.live(within) })
	}
	all.Go(func() { r.troubleProvider(within) })
	var house error
	all.Go(func() { house = r.troubleHouse(ctx, within) })
	all.Wait()
	return house
}

// stormFor is two to four seconds: time for several kills, and short enough for many runs.
func stormFor(dice *rand.Rand) time.Duration { return between(dice, 2*time.Second, 4*time.Second) }

// between is a random time.
func between(dice *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(dice.Int64N(int64(most-least)))
}

// linger lets time pass, and says whether ctx still goes on.
func linger(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}
