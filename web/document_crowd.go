package web

import (
	"errors"
	"sync"

	"portal/internal/onboarding"
)

// What one registration may have on its way to this process, each file of which holds memory that others wait for: so many
// files, one of them great, and with more than one no more than half of the memory.
const (
	mostAtOnce = 3
	greatFile  = 16 << 20 // bytes
)

// crowd counts the files on their way.
type crowd struct {
	mu  sync.Mutex
	now map[onboarding.RegistrationID]load
}

// load is what one registration has on its way.
type load struct {
	files, great int
	bytes        int64
}

// with is the load and one file more.
func (l load) with(length int64) load {
	l.files++
	l.bytes += length
	if length > greatFile {
		l.great++
	}
	return l
}

// without is the load that [load.with] has made more of.
func (l load) without(length int64) load {
	one := load{}.with(length)
	return load{files: l.files - one.files, great: l.great - one.great, bytes: l.bytes - one.bytes}
}

// heavy says whether it is more than one registration may have of a memory. A file alone is never too much.
func (l load) heavy(memory int64) bool {
	return l.files > 1 && (l.files > mostAtOnce || l.great > 1 || l.bytes > memory/2)
}

// enter lets a file of that length into a memory, until leave is called; Busy where too many of the registration's are in already.
func (c *crowd) enter(id onboarding.RegistrationID, length, memory int64) (leave func(), err error) {
	length = min(max(length, 0), onboarding.MaxFile) // what is declared beyond that is refused, and never held
	c.mu.Lock()
	defer c.mu.Unlock()
	more := c.now[id].with(length)
	if more.heavy(memory) {
		return nil, &onboarding.Error{Kind: onboarding.Busy, Key: "error.document_under_way_here", Err: errors.New("too many files of one registration")}
	}
	if c.now == nil {
		c.now = map[onboarding.RegistrationID]load{}
	}
	c.now[id] = more
	return func() { c.leave(id, length) }, nil
}

func (c *crowd) leave(id onboarding.RegistrationID, length int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now[id] = c.now[id].without(length)
	if c.now[id].files == 0 {
		delete(c.now, id)
	}
}
