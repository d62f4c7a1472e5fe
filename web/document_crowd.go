package web

import (
	"errors"
	"sync"

	"portal/internal/onboarding"
)

// mostAtOnce is how many files one registration may have on their way to this process. Each holds memory that others wait for.
const mostAtOnce = 3

// crowd counts the files on their way.
type crowd struct {
	mu  sync.Mutex
	now map[onboarding.RegistrationID]int
}

// enter lets a file in, until leave is called; Busy where too many of the registration's are in already.
func (c *crowd) enter(id onboarding.RegistrationID) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now[id] >= mostAtOnce {
		return nil, &onboarding.Error{Kind: onboarding.Busy, Key: "error.document_under_way_here", Err: errors.New("too many files of one registration")}
	}
	if c.now == nil {
		c.now = map[onboarding.RegistrationID]int{}
	}
	c.now[id]++
	return func() { c.leave(id) }, nil
}

func (c *crowd) leave(id onboarding.RegistrationID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now[id]--; c.now[id] == 0 {
		delete(c.now, id)
	}
}
