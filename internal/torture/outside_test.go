package torture

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portal/internal/localpg"
)

var (
	outsideRuns  = flag.Int("torture.outside", 6, "how many runs of TestOutside")
	outsideLanes = flag.Int("torture.outside.lanes", 4, "how many runs of TestOutside at once: most of their time they wait")
	outsideSeed  = flag.Uint64("torture.seed", 0, "the seed of the only run of TestOutside")
)

// Whatever is killed, goes away, or answers wrongly: the promises hold, for applicants and for the provider.
func TestOutside(t *testing.T) {
	t.Parallel()
	program, seeds := builtPortal(t), plannedSeeds()
	var all tally
	var lanes sync.WaitGroup
	for range min(*outsideLanes, len(seeds)) {
		server := localpg.NewCluster(t)
		lanes.Go(func() {
			for seed := range seeds {
				t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { all.add(runOutside(t, Outside{Program: program, Server: server, Seed: seed})) })
			}
		})
	}
	lanes.Wait()
	t.Log(all.String())
}

// plannedSeeds are new ones each time, unless one is to be repeated.
func plannedSeeds() <-chan uint64 {
	list := []uint64{*outsideSeed}
	if *outsideSeed == 0 {
		list = make([]uint64, *outsideRuns)
		for i := range list {
			list[i] = uint64(rand.Uint32())
		}
	}
	seeds := make(chan uint64, len(list))
	defer close(seeds)
	for _, seed := range list {
		seeds <- seed
	}
	return seeds
}

// runOutside makes one run. Its logs are kept when it fails.
func runOutside(t *testing.T, o Outside) Findings {
	t.Helper()
	var err error
	if o.Dir, err = os.MkdirTemp("", "torture-outside-"); err != nil {
		t.Fatal(err)
	}
	f, err := o.Run(t.Context())
	if err != nil {
		t.Errorf("the run could not be had: %v", err)
	}
	for _, text := range f.Violations {
		t.Error(text)
	}
	if t.Failed() {
		t.Errorf("repeat the plan with -torture.seed=%d; the portals' logs are in %s; the story:\n%s", o.Seed, o.Dir, strings.Join(f.Story, "\n"))
		return f
	}
	if err := os.RemoveAll(o.Dir); err != nil {
		t.Error(err)
	}
	return f
}

// builtPortal builds the portal as it is shipped.
func builtPortal(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "portal")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", path, "./cmd/portal")
	build.Dir = filepath.Join("..", "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the portal: %v\n%s", err, out)
	}
	return path
}

// tally sums runs up.
type tally struct {
	mu         sync.Mutex
	runs       int
	kills      int
	associates int
	recoveries []time.Duration
}

func (a *tally) add(f Findings) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.runs++
	a.kills += f.Kills
	a.associates += f.Associates
	a.recoveries = append(a.recoveries, f.Recoveries...)
}

// String is the tally in a line.
func (a *tally) String() string {
	text := fmt.Sprintf("%d runs, %d kills, %d associates, %d registrations recovered", a.runs, a.kills, a.associates, len(a.recoveries))
	if len(a.recoveries) == 0 {
		return text
	}
	slices.Sort(a.recoveries)
	at := func(share float64) time.Duration {
		return a.recoveries[int(share*float64(len(a.recoveries)-1))].Round(time.Millisecond)
	}
	return text + fmt.Sprintf(": half within %v, nine in ten within %v, all within %v", at(0.5), at(0.9), at(1))
}
