package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"portal/internal/browsertest"
)

// parallel is how many tests run at once: most of their time they wait for programs that wait for each other.
const parallel = 8

func TestMain(m *testing.M) {
	flag.Parse()
	if !given("test.parallel") {
		_ = flag.Set("test.parallel", strconv.Itoa(parallel))
	}
	code := browsertest.Run(m)
	if err := atEnd.run(); err != nil {
		fmt.Fprintln(os.Stderr, "after the tests:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// given says whether a flag was given on the command line.
func given(name string) bool {
	found := false
	flag.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// atEnd is what is to be done after the last test, the last added first.
var atEnd cleanups

type cleanups struct {
	mu    sync.Mutex
	steps []func() error
}

func (c *cleanups) add(step func() error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.steps = append(c.steps, step)
}

func (c *cleanups) run() error {
	var wrong []error
	for i := len(c.steps) - 1; i >= 0; i-- {
		wrong = append(wrong, c.steps[i]())
	}
	return errors.Join(wrong...)
}

// programs builds portal, sandbox and demo as they are shipped, once, and returns their folder.
var programs = sync.OnceValues(func() (string, error) {
	bin, err := os.MkdirTemp("", "portal-programs-")
	if err != nil {
		return "", err
	}
	atEnd.add(func() error { return os.RemoveAll(bin) })
	build := exec.Command("go", "build", "-buildvcs=false", "-o", bin, "./cmd/portal", "./cmd/sandbox", "./cmd/demo")
	build.Dir = filepath.Join("..", "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the programs: %w\n%s", err, out)
	}
	return bin, nil
})

func program(t testing.TB, name string) string {
	t.Helper()
	bin, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(bin, name)
}

// output collects what programs write, from any goroutine.
type output struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // closed at the next write
}

func newOutput() *output { return &output{changed: make(chan struct{})} }

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.changed)
	o.changed = make(chan struct{})
	return o.text.Write(p)
}

func (o *output) String() string {
	text, _ := o.now()
	return text
}

func (o *output) now() (text string, changed <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.changed
}

// await returns once what has been written is as wished.
func (o *output) await(ctx context.Context, wished func(text string) bool) error {
	for {
		text, changed := o.now()
		if wished(text) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%w, while waiting for output; so far:\n%s", context.Cause(ctx), text)
		}
	}
}
