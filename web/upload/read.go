package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"portal/internal/onboarding"
)

// Read takes the one file of a form, and its other fields, out of the request's body. It waits for its turn and reads until
// ctx ends. The upload must be closed.
//
// There is an upload even with an error, never nil: it is closed, and has the Fields that came before what went wrong, which
// are few or none. A form is shown again with what was chosen in it.
//
// What is wrong with the request is an [onboarding.Error], some with a status of HTTP of their own: see [Status]. The body is
// read to its end even then, and thrown away, so that the browser gets to hear the answer.
func (b *Budget) Read(ctx context.Context, w http.ResponseWriter, r *http.Request, l Limits) (*Upload, error) {
	u := &Upload{}
	err := b.read(ctx, w, r, l, u)
	if err == nil {
		return u, nil
	}
	u.Close()
	if !errors.Is(err, errTooSlow) { // who has had enough time
		Drain(w, r)
	}
	return u, err
}

func (b *Budget) read(ctx context.Context, w http.ResponseWriter, r *http.Request, l Limits, u *Upload) error {
	boundary, err := b.check(r, l)
	if err != nil {
		return err
	}
	needs := l.reading(r.ContentLength)
	if err := extend(w, l.Wait+needs, l.Wait+needs+l.Answer); err != nil {
		return err
	}
	if u.share, err = b.turn(ctx, r.ContentLength, l.Wait); err != nil {
		return err
	}
	return u.arrive(w, r, boundary, l)
}

// arrive reads the body in the time that is due to its length.
func (u *Upload) arrive(w http.ResponseWriter, r *http.Request, boundary string, l Limits) error {
	needs := l.reading(r.ContentLength)
	if err := extend(w, needs, needs+l.Answer); err != nil {
		return err
	}
	body := &paced{r: r.Body, limits: l, began: time.Now(), length: r.ContentLength, until: http.NewResponseController(w).SetReadDeadline}
	if err := u.parseAt(body, boundary); err != nil {
		return err
	}
	// From here on the server watches for a client that goes away, and takes one for gone whose time for reading is over.
	return extend(w, l.Answer, l.Answer)
}

// parseAt reads the body at the pace that those who wait for its memory leave it.
func (u *Upload) parseAt(body *paced, boundary string) error {
	for _, l := range u.share.lanes() {
		l.enter(body)
		defer l.leave(body)
	}
	return u.parse(body, boundary, body.limits)
}

// check refuses what need not be read, and returns what is between the parts of the rest.
func (b *Budget) check(r *http.Request, l Limits) (boundary string, err error) {
	switch {
	case r.ContentLength < 0:
		return "", refused("error.bad_request", errNoLength)
	case r.ContentLength > l.File+l.Beside, chunksFor(r.ContentLength) > b.all.most:
		return "", refused("error.document_too_big", errTooLarge)
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "multipart/form-data" || params["boundary"] == "" {
		return "", refused("error.bad_request", errNoForm)
	}
	return params["boundary"], nil
}

// turn waits until a body of that length fits into the budget.
func (b *Budget) turn(ctx context.Context, length int64, wait time.Duration) (*share, error) {
	turn, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	s, err := b.reserve(turn, length)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, &onboarding.Error{Kind: onboarding.Busy, Key: "error.upload_busy", RetryAfter: busyFor, Err: errBusy}
	}
	if err != nil {
		return nil, fmt.Errorf("waiting for the turn of an upload: %w", err)
	}
	return s, nil
}

// busyFor is what somebody is told to wait who has waited in vain.
const busyFor = 30 * time.Second

// extend moves the deadlines of the request, counted from now. The clock is that of the connections.
func extend(w http.ResponseWriter, read, write time.Duration) error {
	c, now := http.NewResponseController(w), time.Now()
	if err := errors.Join(c.SetReadDeadline(now.Add(read)), c.SetWriteDeadline(now.Add(write))); err != nil {
		return fmt.Errorf("extending the time of an upload: %w", err)
	}
	return nil
}

// What is read of a body that nobody wants.
const (
	drainFor    = 30 * time.Second
	drainAnswer = 30 * time.Second // for the answer after that
	mostDrained = 4 * onboarding.MaxFile
)

// Drain reads the rest of a request's body and keeps nothing: a browser in the middle of an upload looks for no answer, and
// finds a broken connection if the server does not read on. It is for handlers that refuse an upload unread.
func Drain(w http.ResponseWriter, r *http.Request) {
	// HTTP/2 ends a request's body by itself, and who expects a word before sending gets the answer instead.
	if r.ProtoMajor > 1 || r.Header.Get("Expect") != "" {
		return
	}
	if err := extend(w, drainFor, drainFor+drainAnswer); err != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, r.Body, mostDrained) // what is not read now is cut off
}
