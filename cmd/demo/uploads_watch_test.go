package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// watching looks again and again at what the portal's process has open.
type watching struct {
	c     *counter
	stop  context.CancelFunc
	done  chan struct{}
	files map[string]bool // open for writing
	looks int
	io    string // what the process had written before
}

func (c *counter) watch(t *testing.T) *watching {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &watching{c: c, stop: cancel, done: make(chan struct{}), files: map[string]bool{}, io: c.written(t)}
	go w.run(ctx)
	t.Cleanup(func() { cancel(); <-w.done })
	return w
}

func (w *watching) run(ctx context.Context) {
	defer close(w.done)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		w.look()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// look notes the files that are open for writing. Sockets and the like have no path; what is closed meanwhile cannot be read.
func (w *watching) look() {
	w.looks++
	open, _ := os.ReadDir(w.c.proc("fd"))
	for _, fd := range open {
		to, err := os.Readlink(filepath.Join(w.c.proc("fd"), fd.Name()))
		if err != nil || !strings.HasPrefix(to, "/") || to == os.DevNull {
			continue
		}
		var flags int
		text, err := os.ReadFile(filepath.Join(w.c.proc("fdinfo"), fd.Name()))
		_, after, _ := strings.Cut(string(text), "flags:")
		if _, scanned := fmt.Sscanf(after, "%o", &flags); err == nil && scanned == nil && flags&(os.O_WRONLY|os.O_RDWR) != 0 {
			w.files[to] = true
		}
	}
}

// end says what was seen.
func (w *watching) end(t *testing.T) {
	t.Helper()
	w.stop()
	<-w.done
	for path := range w.files {
		t.Errorf("the portal had %s open for writing", path)
	}
	if w.looks < 100 {
		t.Errorf("only %d looks at its files", w.looks)
	}
	if now := w.c.written(t); now != w.io {
		t.Errorf("the portal has written to a disk: %s, and %s before", now, w.io)
	}
}

// written is how many bytes the system has had to write to disks for the process (proc(5), io).
func (c *counter) written(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(c.proc("io"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "\nwrite_bytes: ")
	line, _, _ := strings.Cut(after, "\n")
	return line
}
