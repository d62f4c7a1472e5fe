package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// patience is how long a page may take with anything that a test waits for.
const patience = 20 * time.Second

// lookEvery is the pause between two looks at a page.
const lookEvery = 20 * time.Millisecond

// until looks at the page again and again until it is as wished. A page on its way to another answers with errors,
// which only count once time is up.
func (p *Page) until(what string, look func() (bool, error)) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		done, err := look()
		if done && err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.fail("waiting in vain for %s (last: %v, %v)", what, err, ctx.Err())
		}
	}
}

//go:embed page.js
var script string

// call calls a function of page.js in the page.
func call[T any](p *Page, name string, args ...any) (T, error) {
	expression, err := calling(name, args...)
	if err != nil {
		var zero T
		return zero, err
	}
	return evaluate[T](p, expression)
}

// calling is the expression that calls a function of page.js.
func calling(name string, args ...any) (string, error) {
	list, err := json.Marshal(append([]any{}, args...))
	return fmt.Sprintf("(%s)().%s(...%s)", script, name, list), err
}

// gone says whether an error means that the page has been left.
func gone(err error) bool {
	if errors.Is(err, errGone) {
		return true
	}
	for _, sign := range []string{"context was destroyed", "navigated or closed", "Cannot find context", "Promise was collected"} {
		if strings.Contains(err.Error(), sign) {
			return true
		}
	}
	return false
}
