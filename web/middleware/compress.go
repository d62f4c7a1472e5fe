package middleware

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"portal/internal/coding"
)

// worthwhile is the size in bytes from which an answer is compressed. What is smaller is one packet with its header anyway.
const worthwhile = 512

// Compress compresses texts in a coding that the client takes. An answer of which the handler knows the whole, and says so
// by its Content-Length, is compressed at once and has a Content-Length again; all others, such as streams of events, go
// through untouched, and so does what is compressed already.
//
// Compression can tell a secret. Where a page holds one beside something that came with the request, it is a little shorter
// when both are alike: another site makes a browser ask again and again, with a guess in the address, and somebody who
// listens on the way sees how long the answers are (BREACH). The portal's pages name who is signed in, and the choice of
// language repeats the page's address. So an answer to somebody who is known, which must not be nil and judges by cookies,
// is compressed only if the browser says that no other site has asked for it. In answers to strangers there is nothing to
// guess, and programs with a key of the API cannot be made to ask. Padding of random length would make such an attack
// longer; this ends it, and costs those some bytes who come back by a link on another site.
func Compress(known func(*http.Request) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := &compressed{ResponseWriter: w}
			if ownWish(r) || !known(r) {
				c.as = coding.Pick(r.Header.Values("Accept-Encoding"))
			}
			next.ServeHTTP(c, r)
			c.begin(nil)
		})
	}
}

// ownWish says whether a page of ours, or the person by themselves, has made the browser ask. Browsers that do not say so
// count as if another site had.
func ownWish(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "same-origin" || site == "none"
}

// compressed is a ResponseWriter that holds the header back until it sees how much of a body comes with it.
type compressed struct {
	http.ResponseWriter
	as     coding.Coding
	status int // 0 until the handler says it
	begun  bool
}

// WriteHeader is part of http.ResponseWriter.
func (c *compressed) WriteHeader(status int) {
	switch {
	case status < http.StatusOK: // is not the answer yet
		c.ResponseWriter.WriteHeader(status)
	case c.status == 0:
		c.status = status
	}
}

// Write is part of http.ResponseWriter.
func (c *compressed) Write(p []byte) (int, error) {
	if c.begun {
		return c.ResponseWriter.Write(p)
	}
	small := c.begin(p)
	if small == nil {
		return c.ResponseWriter.Write(p)
	}
	if _, err := c.ResponseWriter.Write(small); err != nil {
		return 0, err
	}
	return len(p), nil
}

// FlushError lets http.ResponseController flush.
func (c *compressed) FlushError() error {
	c.begin(nil)
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach what is underneath.
func (c *compressed) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// begin sends the header, unless it has been sent. It returns the body compressed, or nil where it stays as it is.
func (c *compressed) begin(body []byte) (small []byte) {
	if c.begun {
		return nil
	}
	c.begun = true
	h := c.Header()
	vary(h)
	if c.whole(body) && len(body) >= worthwhile && coding.IsText(h.Get("Content-Type")) && h.Get("Content-Encoding") == "" {
		if small = c.as.Compress(body); small != nil {
			describe(h, c.as, len(small))
		}
	}
	if c.status != 0 {
		c.ResponseWriter.WriteHeader(c.status)
	}
	return small
}

func (c *compressed) whole(body []byte) bool {
	return len(body) > 0 && c.Header().Get("Content-Length") == strconv.Itoa(len(body))
}

// describe says what has become of the body. Its tag is the same whatever the coding, so it becomes a weak one, which
// comparisons for If-None-Match take for the same.
func describe(h http.Header, as coding.Coding, size int) {
	h.Set("Content-Encoding", string(as))
	h.Set("Content-Length", strconv.Itoa(size))
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		h.Set("ETag", "W/"+tag)
	}
}

// vary says that the coding is the client's choice, also with an answer that has none: one with 304 stands for one that has.
func vary(h http.Header) {
	if !slices.Contains(h.Values("Vary"), "Accept-Encoding") {
		h.Add("Vary", "Accept-Encoding")
	}
}
