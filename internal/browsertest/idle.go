package browsertest

import (
	"sync"
	"testing"
)

// Run runs a package's tests and then ends their browsers. Packages whose tests use [New] call it in TestMain: starting and
// ending a browser takes more of a machine than most tests do with it, so tests take over those that others have done with.
// What was done in them has gone with the pages, each of which has a browsing session of its own.
func Run(m *testing.M) (code int) {
	idle.kept = true
	defer idle.end()
	return m.Run()
}

// idle are the browsers that no test uses at the moment.
var idle browsers

type browsers struct {
	kept bool // by Run, until it ends them

	mu   sync.Mutex
	list []*Browser
}

// take returns nil where all are in use.
func (b *browsers) take() *Browser {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.list) == 0 {
		return nil
	}
	last := len(b.list) - 1
	one := b.list[last]
	b.list = b.list[:last]
	return one
}

// give takes a browser back. What a failed test leaves is in nobody else's way.
func (b *browsers) give(t testing.TB, one *Browser) {
	if t.Failed() || one.ctx.Err() != nil {
		one.end()
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, one)
}

func (b *browsers) end() {
	for one := b.take(); one != nil; one = b.take() {
		one.end()
	}
}
