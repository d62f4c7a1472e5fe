package browsertest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
)

// console is what a page and its frames complain of.
type console struct {
	mu       sync.Mutex
	errors   []string
	expected []string // parts of errors that are no failure
}

// listen takes the browser's events. It runs in the loop that reads them.
func (c *console) listen(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			c.add(fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		c.add("exception: " + exception(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			c.add("console: " + words(e.Args))
		}
	}
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

// words are what a script wrote to the console.
func words(args []*runtime.RemoteObject) string {
	var list []string
	for _, a := range args {
		if a.Description != "" {
			list = append(list, a.Description)
		} else {
			list = append(list, strings.Trim(string(a.Value), `"`))
		}
	}
	return strings.Join(list, " ")
}

func (c *console) add(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.errors = append(c.errors, line)
}

func (c *console) allow(part string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expected = append(c.expected, part)
}

func (c *console) lines() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.errors...)
}

// unexpected are the errors that nobody has allowed.
func (c *console) unexpected() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []string
	for _, line := range c.errors {
		if !c.allowed(line) {
			list = append(list, line)
		}
	}
	return list
}

func (c *console) allowed(line string) bool {
	for _, part := range c.expected {
		if strings.Contains(line, part) {
			return true
		}
	}
	return false
}

func (c *console) report(t testing.TB) {
	for _, line := range c.unexpected() {
		t.Errorf("browsertest: error in the page: %s", line)
	}
}
