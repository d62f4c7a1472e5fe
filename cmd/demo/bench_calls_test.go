package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func cookieAnd(c *http.Cookie, contentType string) http.Header {
	header := http.Header{"Content-Type": {contentType}}
	if c != nil {
		header.Set("Cookie", c.Name+"="+c.Value)
	}
	return header
}

// request makes a call and reads its whole answer.
func (h *house) request(ctx context.Context, method, address, body string, header http.Header) (status int, answer string, err error) {
	status, answer, _, err = h.answer(ctx, method, address, body, header)
	return status, answer, err
}

// answer is request with the answer's header.
func (h *house) answer(ctx context.Context, method, address, body string, header http.Header) (status int, answer string, with http.Header, err error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return 0, "", nil, err
	}
	r.Header = header
	resp, err := h.client.Do(r)
	if err != nil {
		return 0, "", nil, err
	}
	defer resp.Body.Close()
	var text bytes.Buffer
	_, err = io.Copy(&text, resp.Body)
	return resp.StatusCode, text.String(), resp.Header, err
}

// cpuSeconds is how long the portal's process has had a processor so far.
func (h *house) cpuSeconds(b *testing.B) float64 {
	b.Helper()
	const name = "\nprocess_cpu_seconds_total "
	_, text, err := h.request(b.Context(), http.MethodGet, "http://"+h.debug+"/metrics", "", http.Header{})
	var seconds float64
	if err == nil {
		_, after, _ := strings.Cut(text, name)
		_, err = fmt.Sscan(after, &seconds)
	}
	if err != nil {
		b.Fatalf("reading the portal's metrics: %v", err)
	}
	return seconds
}
