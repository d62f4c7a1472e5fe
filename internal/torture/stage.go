package torture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
)

// Chooser makes the choices of a run: a number from 0 up to, and without, n. The smaller, the less happens.
type Chooser func(n int, what string) int

// errDead is what a dead process gets from every port: nothing reaches the world any more.
var errDead = errors.New("this process is dead")

// process is one replica, until it dies.
type process struct {
	name   string
	ctx    context.Context
	cancel context.CancelFunc
	dead   atomic.Bool
}

// actor is one thing that a process does. It goes on only when the stage lets it.
type actor struct {
	name    string
	process *process
	at      string // where it waits
	resume  chan struct{}
	paused  chan bool // false when it has ended
	broke   any       // what it panicked with: rapid ends a run so
}

type actorKey struct{}

// stage lets one actor go on at a time.
type stage struct {
	actors []*actor
	story  []string
	broke  any // what a choice of an actor panicked with
}

// guarded makes choices for actors, which may make them in goroutines of their own: what a choice panics with ends the run
// when the actor has paused. Until then the mildest is chosen.
func (s *stage) guarded(choose Chooser) Chooser {
	return func(n int, what string) (c int) {
		if s.broke != nil {
			return 0
		}
		defer func() {
			if s.broke = recover(); s.broke != nil {
				c = 0
			}
		}()
		return choose(n, what)
	}
}

// tell adds a line to the story.
func (s *stage) tell(format string, args ...any) {
	s.story = append(s.story, fmt.Sprintf(format, args...))
}

// begin adds an actor, which waits to be let go on.
func (s *stage) begin(p *process, name string, do func(ctx context.Context) error) {
	a := &actor{name: p.name + ": " + name, process: p, at: "its beginning", resume: make(chan struct{}), paused: make(chan bool)}
	ctx := context.WithValue(p.ctx, actorKey{}, a)
	s.actors = append(s.actors, a)
	go func() {
		<-a.resume
		defer func() { a.broke = recover(); a.paused <- false }()
		if err := do(ctx); err != nil {
			a.name += " (" + strings.ReplaceAll(err.Error(), "\n", "; ") + ")"
		}
	}()
}

// goOn lets an actor run to where it waits next, or to its end.
func (s *stage) goOn(a *actor) {
	at := a.at
	a.resume <- struct{}{}
	if <-a.paused {
		s.tell("%s goes on from %s", a.name, at)
	} else {
		s.tell("%s goes on from %s to its end", a.name, at)
		s.actors = slices.DeleteFunc(s.actors, func(b *actor) bool { return a == b })
	}
	if broke := cmp.Or(a.broke, s.broke); broke != nil {
		panic(broke)
	}
}

// clear ends whoever is still on the stage, when a run is broken off.
func (s *stage) clear() {
	for _, a := range s.actors {
		a.process.dead.Store(true)
		for more := true; more; {
			a.resume <- struct{}{}
			more = <-a.paused
		}
	}
}

// finish lets everybody go on until they have ended.
func (s *stage) finish() {
	for len(s.actors) > 0 {
		s.goOn(s.actors[0])
	}
}

// kill ends a process where it is. What its actors still do reaches nobody.
func (s *stage) kill(p *process) {
	s.tell("%s dies", p.name)
	p.dead.Store(true)
	p.cancel()
	for _, a := range slices.Clone(s.actors) {
		for a.process == p && slices.Contains(s.actors, a) {
			s.goOn(a)
		}
	}
}

// pause is a point at which others may go on, or the process may die.
func pause(ctx context.Context, at string) error {
	a, ok := ctx.Value(actorKey{}).(*actor)
	if !ok {
		return nil
	}
	if a.process.dead.Load() {
		return errDead
	}
	a.at = at
	a.paused <- true
	<-a.resume
	if a.process.dead.Load() {
		return errDead
	}
	return nil
}

// around makes a call of a port between two such points.
func around[T any](ctx context.Context, name string, call func(ctx context.Context) (T, error)) (T, error) {
	var none T
	if err := pause(ctx, "before "+name); err != nil {
		return none, err
	}
	result, err := call(ctx)
	if dead := pause(ctx, "after "+name); dead != nil {
		return none, dead
	}
	return result, err
}

// alive is errDead in a process that is dead: for calls that nobody interrupts.
func alive(ctx context.Context) error {
	if a, ok := ctx.Value(actorKey{}).(*actor); ok && a.process.dead.Load() {
		return errDead
	}
	return nil
}
