package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// file is one as it lies on an applicant's device, in pieces, so that many can share theirs.
type file [][]byte

func (f file) size() (n int64) {
	for _, piece := range f {
		n += int64(len(piece))
	}
	return n
}

func (f file) open() io.Reader {
	pieces := make([]io.Reader, len(f))
	for i, piece := range f {
		pieces[i] = bytes.NewReader(piece)
	}
	return io.MultiReader(pieces...)
}

// form is the request with which a page's script sends a file, a picture of a passport.
func (c *counter) form(ctx context.Context, p person, f file) (*http.Request, error) {
	var text bytes.Buffer
	form := multipart.NewWriter(&text)
	if err := form.WriteField("country", "DEU"); err != nil {
		return nil, err
	}
	if _, err := form.CreateFormFile("file", "passport.jpg"); err != nil {
		return nil, err
	}
	head := text.Len()
	if err := form.Close(); err != nil {
		return nil, err
	}
	about := url.Values{"registration": {p.registration}, "type": {"PASSPORT"}, "side": {"picture"}}
	whole := file{text.Bytes()[:head]}
	whole = append(append(whole, f...), text.Bytes()[head:])
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.origin()+"/onboarding/documents/identity?"+about.Encode(), whole.open())
	if err != nil {
		return nil, err
	}
	r.ContentLength = whole.size()
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Accept", "application/json")
	r.AddCookie(p.cookie)
	return r, nil
}

// verdict is what became of a file.
type verdict struct {
	status int
	Next   string
	Error  string
	Field  string
}

// taken says whether the file has gone on to the provider.
func (v verdict) taken() bool { return v.status == http.StatusOK && v.Next != "" && v.Error == "" }

// give sends a file, over a connection of its own as another person's browser does.
func (c *counter) give(ctx context.Context, p person, f file) (v verdict, err error) {
	r, err := c.form(ctx, p, f)
	if err != nil {
		return v, err
	}
	connection := &http.Transport{DisableKeepAlives: true}
	answer, err := connection.RoundTrip(r)
	if err != nil {
		return v, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return v, err
	}
	v.status = answer.StatusCode
	if err := json.Unmarshal(text, &v); err != nil {
		return v, fmt.Errorf("status %d: %w", v.status, err)
	}
	return v, nil
}

// mustTake sends a file that is to be taken.
func (c *counter) mustTake(ctx context.Context, t *testing.T, p person, f file) time.Duration {
	t.Helper()
	began := time.Now()
	v, err := c.give(ctx, p, f)
	took := time.Since(began)
	if err != nil || !v.taken() {
		t.Errorf("after %v: status %d, %q, %q: %v", took.Round(time.Millisecond), v.status, v.Next, v.Error, err)
	}
	return took
}
