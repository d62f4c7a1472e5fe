package sumsub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"portal/internal/onboarding"
)

// payload is a body in pieces, so that a file is signed and sent from where it lies, without a copy. A nil payload is an empty
// body.
type payload struct {
	kind string // the content type
	head []byte
	file onboarding.Content // between head and tail; nil for none
	tail []byte
}

// jsonPayload is a body of JSON.
func jsonPayload(v any) (*payload, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return &payload{kind: "application/json", head: text}, nil
}

func (p *payload) size() int64 {
	if p == nil {
		return 0
	}
	size := int64(len(p.head) + len(p.tail))
	if p.file != nil {
		size += p.file.Size()
	}
	return size
}

// open returns the body from its start.
func (p *payload) open() io.Reader {
	if p == nil {
		return strings.NewReader("")
	}
	pieces := []io.Reader{bytes.NewReader(p.head)}
	if p.file != nil {
		pieces = append(pieces, p.file.Open())
	}
	return io.MultiReader(append(pieces, bytes.NewReader(p.tail))...)
}

var errReturned = errors.New("the call is over")

// loan lends a body to the transport, which may go on reading it in the background after it has answered. A file's memory is
// used for somebody else's as soon as the call is over, so nothing is read from then on.
type loan struct {
	mu   sync.Mutex
	over bool
}

// lend returns a body that is read under the loan.
func (l *loan) lend(body io.Reader) io.ReadCloser { return &lent{loan: l, body: body} }

// end ends the loan once the read under way, which is from memory, has ended.
func (l *loan) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
}

type lent struct {
	loan *loan
	body io.Reader
}

// Read reads while the loan lasts.
func (b *lent) Read(into []byte) (int, error) {
	b.loan.mu.Lock()
	defer b.loan.mu.Unlock()
	if b.loan.over {
		return 0, errReturned
	}
	return b.body.Read(into)
}

// Close is part of io.ReadCloser; there is nothing to close.
func (b *lent) Close() error { return nil }
