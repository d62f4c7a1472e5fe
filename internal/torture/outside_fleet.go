package torture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// berth is a place for one process, which may be empty for a while.
type berth struct {
	name   string
	args   []string
	listen string
	env    []string
	log    string
	now    *portal // nil while it is dead
}

// sweepers is how many of its processes do background work, and so take over what others leave.
func (b *berth) sweepers() int {
	if slices.Contains(b.args, "--no-jobs") {
		return 0
	}
	return 1
}

// fleet is the portal's processes. One goroutine at a time orders starts and kills.
type fleet struct {
	program string
	diary   *diary
	berths  []*berth
	kills   int

	mu       sync.Mutex
	sweepers int
	database bool
	since    time.Time // since when there are both a sweeper and a database
}

// layouts are the ways to run the portal.
var layouts = [][][]string{
	{{"serve"}},
	{{"serve"}, {"serve"}},
	{{"serve"}, {"serve"}},
	{{"serve", "--no-jobs"}, {"worker"}},
}

func newFleet(o Outside, d *diary, dice *rand.Rand, env []string) *fleet {
	f := &fleet{program: o.Program, diary: d, database: true}
	// A network of loopback addresses of this run's own: nobody else takes a port while its portal is dead.
	network := fmt.Sprintf("127.%d.%d.", 1+rand.N(254), rand.N(256))
	for i, args := range layouts[dice.IntN(len(layouts))] {
		b := &berth{
			name: fmt.Sprintf("portal %d", i+1), args: args, listen: fmt.Sprintf("%s%d:8080", network, i+1),
			log: filepath.Join(o.Dir, fmt.Sprintf("portal-%d.log", i+1)),
		}
		b.env = slices.Concat(env, []string{"PORTAL_LISTEN=" + b.listen, fmt.Sprintf("PORTAL_DEBUG_LISTEN=%s%d:8081", network, i+1)})
		f.berths = append(f.berths, b)
	}
	return f
}

// doors are the addresses at which pages are served.
func (f *fleet) doors() []string {
	var list []string
	for _, b := range f.berths {
		if b.args[0] == "serve" {
			list = append(list, b.listen)
		}
	}
	return list
}

// start starts whichever processes are dead, and returns when they are ready.
func (f *fleet) start(ctx context.Context) error {
	for _, b := range f.berths {
		if b.now != nil {
			continue
		}
		var err error
		if b.now, err = startPortal(f.program, b.log, b.env, b.args...); err != nil {
			return err
		}
		if err := b.now.awaitReady(ctx); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		f.diary.tell("house", "%s is up: %s", b.name, strings.Join(b.args, " "))
		f.changed(func() { f.sweepers += b.sweepers() })
	}
	return nil
}

// kill ends a process at once. One that had ended by itself has broken a promise.
func (f *fleet) kill(b *berth) {
	if b.now == nil {
		return
	}
	if b.now.over() {
		f.diary.violated("%s ended by itself: %v", b.name, b.now.ended)
	}
	b.now.kill()
	b.now = nil
	f.kills++
	f.changed(func() { f.sweepers -= b.sweepers() })
}

// stop ends all processes in good order.
func (f *fleet) stop() {
	for _, b := range f.berths {
		if b.now == nil {
			continue
		}
		if err := b.now.stop(); err != nil {
			f.diary.violated("%s did not end well: %v", b.name, err)
		}
		b.now = nil
	}
}

// databaseIs notes whether there is a database.
func (f *fleet) databaseIs(there bool) { f.changed(func() { f.database = there }) }

// changed notes since when registrations can be moved on.
func (f *fleet) changed(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
	switch able := f.database && f.sweepers > 0; {
	case !able:
		f.since = time.Time{}
	case f.since.IsZero():
		f.since = time.Now()
	}
}

// ableSince is since when registrations can be moved on; zero while they cannot.
func (f *fleet) ableSince() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.since
}
