package telemetry

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	bufferSize = 64 << 10              // bytes; some two hundred lines
	heldFor    = 50 * time.Millisecond // at most, before a line is written
)

// Buffer gathers the lines of a log, so that a busy portal does not ask the system to write for every request. A line is
// written on within 50 ms, and one that [BufferedLogger] gives WARN or ERROR at once, with all before it. Flush writes the
// last ones before the end. A process that is killed may lose the last 50 ms of what went well.
//
// While the writer fails, as on a full disk, what it has not taken is held and tried again. Lines for which there is no room
// are lost then, and counted: a line says so when the writer works again.
type Buffer struct {
	mu    sync.Mutex
	to    io.Writer
	held  []byte
	lost  int         // lines, since it was last said
	timer *time.Timer // runs while something is held
}

// NewBuffer returns a buffer before a writer, which need not be safe for several at once.
func NewBuffer(to io.Writer) *Buffer {
	b := &Buffer{to: to, held: make([]byte, 0, bufferSize)}
	b.timer = time.AfterFunc(heldFor, b.Flush)
	b.timer.Stop()
	return b
}

// Write holds a line, or several. Its error may be that of lines before.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var err error
	if len(b.held) > 0 && len(b.held)+len(p) > bufferSize {
		if err = b.flush(); err != nil && len(b.held)+len(p) > bufferSize {
			b.lost += bytes.Count(p, []byte("\n"))
			return 0, err
		}
	}
	if len(b.held) == 0 {
		b.timer.Reset(heldFor)
	}
	b.held = append(b.held, p...)
	return len(p), err
}

// Flush writes on what is held.
func (b *Buffer) Flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.flush() // there is nowhere to say that a log cannot be written
}

// flush writes on what is held, and what is to be said of lines that are lost. What the writer does not take stays held.
func (b *Buffer) flush() error {
	for len(b.held) > 0 {
		n, err := b.to.Write(b.held)
		b.held = b.held[:copy(b.held, b.held[min(n, len(b.held)):])]
		if err != nil {
			b.timer.Reset(heldFor)
			return err
		}
		if b.lost > 0 {
			b.held = append(b.held, b.losses()...)
			b.lost = 0
		}
	}
	b.timer.Stop()
	if cap(b.held) > bufferSize { // for the sake of a line that was longer
		b.held = make([]byte, 0, bufferSize)
	}
	return nil
}

// losses is the line that says how many are lost.
func (b *Buffer) losses() []byte {
	var line bytes.Buffer
	Logger(&line, slog.LevelError).Error("lines of the log are lost: they could not be written", slog.Int("lines", b.lost))
	return line.Bytes()
}

// BufferedLogger is [Logger] before a buffer. What went wrong is written at once.
func BufferedLogger(b *Buffer, level slog.Leveler) *slog.Logger {
	return slog.New(urgent{Logger(b, level).Handler(), b})
}

// urgent writes on what wants attention.
type urgent struct {
	slog.Handler
	buffer *Buffer
}

// Handle is part of slog.Handler.
func (u urgent) Handle(ctx context.Context, r slog.Record) error {
	err := u.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn {
		u.buffer.Flush()
	}
	return err
}

// WithAttrs is part of slog.Handler.
func (u urgent) WithAttrs(attrs []slog.Attr) slog.Handler {
	return urgent{u.Handler.WithAttrs(attrs), u.buffer}
}

// WithGroup is part of slog.Handler.
func (u urgent) WithGroup(name string) slog.Handler {
	return urgent{u.Handler.WithGroup(name), u.buffer}
}
