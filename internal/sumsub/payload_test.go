package sumsub

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
)

// hasty answers without having read the request, which it goes on reading later, as a transport does.
type hasty struct{ late *http.Request }

// RoundTrip is part of http.RoundTripper.
func (h *hasty) RoundTrip(r *http.Request) (*http.Response, error) {
	h.late = r
	return &http.Response{StatusCode: http.StatusRequestEntityTooLarge, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

// counted is a file that counts how often it is opened.
type counted struct {
	zeros
	opened int
}

// Open is part of [onboarding.Content].
func (c *counted) Open() io.Reader { c.opened++; return c.zeros.Open() }

// TestNothingIsReadOnceTheCallIsOver holds because the file's memory is somebody else's by then.
func TestNothingIsReadOnceTheCallIsOver(t *testing.T) {
	t.Parallel()
	c, h := New(Options{BaseURL: &url.URL{Scheme: "https", Host: "sumsub"}, Now: time.Now}), &hasty{}
	c.transport = h
	file := &counted{zeros: 1 << 20}
	_, err := c.AddDocument(t.Context(), "a", onboarding.Document{Format: onboarding.PNG}, file)
	if onboarding.KindOf(err) != onboarding.Invalid || file.opened != 2 {
		t.Errorf("opened %d times, want once to sign and once to send: %v", file.opened, err)
	}
	again, err := h.late.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []io.ReadCloser{h.late.Body, again} {
		if n, err := body.Read(make([]byte, 100)); n > 0 || !errors.Is(err, errReturned) {
			t.Errorf("%d bytes were read, %v", n, err)
		}
	}
}

func TestABodyCanBeSentAgainFromItsStart(t *testing.T) {
	t.Parallel()
	var l loan
	p := &payload{head: []byte("ab"), file: zeros(3), tail: []byte("cd")}
	for range 2 {
		got, err := io.ReadAll(l.lend(p.open()))
		if err != nil || string(got) != "ab\x00\x00\x00cd" || p.size() != 7 {
			t.Errorf("%q of %d, %v", got, p.size(), err)
		}
	}
}

func TestOnlyFilesNamedByUsAreDocumentsOfOurs(t *testing.T) {
	t.Parallel()
	const id = "0198f0aa-0000-7000-8000-000000000001"
	for name, want := range map[string]string{
		id + ".jpg": id, id: id, strings.ToUpper(id) + ".JPG": id, "": "", "IMG 1.jpg": "", "{" + id + "}.jpg": "", "urn:uuid:" + id: "",
		strings.ReplaceAll(id, "-", "") + ".jpg": "", id + ".jpg.jpg": "", "x" + id: "",
	} {
		if got := documentOf(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
