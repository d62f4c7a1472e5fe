package process

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// Diary takes what programs write, counts its lines, and keeps no more than the end and what tells of something wrong: the log
// of a load that lasts for hours would fill the disk. The zero value is an empty one.
type Diary struct {
	mu               sync.Mutex
	last             [][]byte // the lines before the next one, in a ring
	next             int      // where it goes to
	lines            int
	warnings, errors passages
}

// passages are lines of one kind, the first of them as they were.
type passages struct {
	n    int
	kept []string
}

// How many lines of each kind are kept.
const (
	keptLast  = 200
	keptWrong = 1000
)

// The level of a line stands at its beginning, which is no longer than that; what else is in it is not the portal's to choose.
const levelWithin = 80

var (
	levelWarning = []byte(`"level":"WARN"`)
	levelError   = []byte(`"level":"ERROR"`)
)

// Note notes a line. What is not in the form of the log, as when a program dies of a panic, passes for an error.
func (d *Diary) Note(line []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines++
	switch head := line[:min(len(line), levelWithin)]; {
	case bytes.Contains(head, levelError), !bytes.HasPrefix(head, []byte("{")):
		d.errors.add(line)
	case bytes.Contains(head, levelWarning):
		d.warnings.add(line)
	}
	if len(d.last) < keptLast {
		d.last = append(d.last, nil)
	}
	d.last[d.next] = append(d.last[d.next][:0], line...)
	d.next = (d.next + 1) % keptLast
}

func (p *passages) add(line []byte) {
	if p.n++; len(p.kept) < keptWrong {
		p.kept = append(p.kept, string(line))
	}
}

// Errors are how many lines told of errors, and the first of them.
func (d *Diary) Errors() (n int, first []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.errors.n, slices.Clone(d.errors.kept)
}

// Warnings are how many lines warned, and the first of them.
func (d *Diary) Warnings() (n int, first []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.warnings.n, slices.Clone(d.warnings.kept)
}

// String says how much was written.
func (d *Diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprintf("%d lines of log, %d with warnings, %d with errors", d.lines, d.warnings.n, d.errors.n)
}

// end is the last lines, the oldest first.
func (d *Diary) end() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.next % max(len(d.last), 1)
	var text strings.Builder
	for _, line := range slices.Concat(d.last[at:], d.last[:at]) {
		text.Write(line)
		text.WriteByte('\n')
	}
	return text.String()
}

// writer is where one program writes to: lines of several would run into each other.
func (d *Diary) writer() io.Writer { return &pen{diary: d} }

// pen holds the line that is not at its end yet.
type pen struct {
	diary *Diary
	begun []byte
}

func (p *pen) Write(text []byte) (int, error) {
	n := len(text)
	for {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		p.begun = append(p.begun, line...)
		if !ended {
			return n, nil
		}
		p.diary.Note(p.begun)
		p.begun, text = p.begun[:0], rest
	}
}
