package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// sent is what goes to the browser on a stream of events, and the last that did.
type sent struct {
	to    outlet
	over  context.Context // of the stream
	tag   string
	begun bool // an event has been
}

// outlet is where events go.
type outlet interface {
	io.Writer
	Flush() error
	SetWriteDeadline(at time.Time) error
}

// writeFor is how long a browser may take to take an event, which is less than a packet.
const writeFor = 5 * time.Second

// event sends an answer, unless it was the last that was sent.
func (t *sent) event(kind string, a answer) error {
	if kind == "" && t.begun && a.etag == t.tag {
		return nil
	}
	data, err := json.Marshal(a.json) // is one line
	if err != nil {
		return fmt.Errorf("writing how it stands: %w", err)
	}
	t.tag, t.begun = a.etag, true
	var text strings.Builder
	for _, line := range [][2]string{{"event", kind}, {"id", a.etag}, {"data", string(data)}} {
		if line[1] != "" {
			text.WriteString(line[0] + ": " + line[1] + "\n")
		}
	}
	return t.write(text.String() + "\n")
}

// comeback says after how long to come back when the stream has ended.
func (t *sent) comeback(after time.Duration) error {
	return t.write(fmt.Sprintf("retry: %d\n", after.Milliseconds()))
}

// beat sends what only shows that the stream is there. Scripts see events alone, and no event that has no data.
func (t *sent) beat() error { return t.write("event: beat\ndata:\n\n") }

// write sends a text at once. Between two of them no time runs: the server's own for an answer would end the stream. Whoever
// ends the stream sets a time after that: it must see the one that is set here, or be seen.
func (t *sent) write(text string) error {
	_ = t.to.SetWriteDeadline(time.Now().Add(writeFor)) // where there is none, there is none to be set
	if err := t.over.Err(); err != nil {
		return err
	}
	if _, err := io.WriteString(t.to, text); err != nil {
		return err
	}
	if err := t.to.Flush(); err != nil {
		return err
	}
	_ = t.to.SetWriteDeadline(time.Time{})
	return nil
}
