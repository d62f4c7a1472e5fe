package middleware_test

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"portal/web/middleware"
)

// long is a text that is worth compressing.
var long = strings.Repeat("What happens next? ", 100)

// telling is a handler that knows its whole answer, with more headers.
func telling(status int, text string, headers ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	})
}

// compressing puts the compression before a handler; whoever has the cookie is known.
func compressing(h http.Handler) http.Handler {
	return middleware.Compress(func(r *http.Request) bool { return r.Header.Get("Cookie") != "" })(h)
}

func TestTextsAreCompressedForWhoTakesThat(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{"gzip": "gzip", "gzip, deflate, br, zstd": "zstd", "": "", "br": "", "gzip;q=0": ""} {
		for _, status := range []int{http.StatusOK, http.StatusNotFound, http.StatusServiceUnavailable} {
			w := get(compressing(telling(status, long)), "/", "Accept-Encoding", accept)
			if got := w.Header().Get("Content-Encoding"); got != want || w.Code != status {
				t.Errorf("%q: %d in %q, want %d in %q", accept, w.Code, got, status, want)
			}
			if length := w.Header().Get("Content-Length"); length != strconv.Itoa(w.Body.Len()) || (want != "") != (w.Body.Len() < len(long)) {
				t.Errorf("%q: Content-Length is %s, the body has %d bytes", accept, length, w.Body.Len())
			}
			if vary := w.Header().Values("Vary"); len(vary) != 1 || vary[0] != "Accept-Encoding" {
				t.Errorf("%q: Vary is %q", accept, vary)
			}
		}
	}
}

func TestCompressedTextsAreTheSame(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(compressing(telling(http.StatusOK, long)))
	t.Cleanup(srv.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip") // so that the client does not unpack by itself
	answer, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	unzip, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(unzip); err != nil || string(body) != long {
		t.Errorf("unpacked it is %q, %v", body, err)
	}
}

func TestHeadHasTheHeaderOfGet(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(compressing(telling(http.StatusOK, long)))
	t.Cleanup(srv.Close)
	var lengths []string
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r, err := http.NewRequestWithContext(t.Context(), method, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "zstd")
		answer, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		lengths = append(lengths, answer.Header.Get("Content-Encoding")+answer.Header.Get("Content-Length"))
	}
	if lengths[0] != lengths[1] || !strings.HasPrefix(lengths[0], "zstd") {
		t.Errorf("GET and HEAD say %q", lengths)
	}
}

func TestOnlyWholeTextsAreCompressed(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.Handler{
		"short":              telling(http.StatusOK, "short"),
		"a picture":          telling(http.StatusOK, long, "Content-Type", "image/png"),
		"events":             telling(http.StatusOK, long, "Content-Type", "text/event-stream"),
		"compressed already": telling(http.StatusOK, long, "Content-Encoding", "br"),
		"without a length":   says(long),
		"the first part": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Length", strconv.Itoa(len(long)))
			_, _ = io.WriteString(w, long[:1000])
			_, _ = io.WriteString(w, long[1000:])
		}),
	} {
		w := get(compressing(h), "/", "Accept-Encoding", "gzip, zstd")
		if got := w.Header().Get("Content-Encoding"); got != "" && got != "br" || w.Body.Len() != len(long) && name != "short" {
			t.Errorf("%s: %q, %d bytes", name, got, w.Body.Len())
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: Vary is %q", name, w.Header().Get("Vary"))
		}
	}
}

func TestStreamsAreSentAsTheyCome(t *testing.T) {
	t.Parallel()
	read := make(chan struct{})
	srv := httptest.NewServer(compressing(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: 1\n\n")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-read // the second event comes when the first has been read
		_, _ = io.WriteString(w, "data: 2\n\n")
	})))
	t.Cleanup(srv.Close)
	answer, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	first := make([]byte, len("data: 1\n\n"))
	if _, err := io.ReadFull(answer.Body, first); err != nil || string(first) != "data: 1\n\n" {
		t.Errorf("read %q, %v", first, err)
	}
	close(read)
	if rest, err := io.ReadAll(answer.Body); err != nil || string(rest) != "data: 2\n\n" {
		t.Errorf("read %q, %v", rest, err)
	}
}

// What somebody may know of a page's length when another site asks for it must not depend on how its parts resemble each other.
func TestNothingIsCompressedThatAnotherSiteAsksSomebodysBrowserFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		site, cookie string
		want         string
	}{
		"a page of ours":                           {"same-origin", "session=1", "gzip"},
		"the person":                               {"none", "session=1", "gzip"},
		"another site":                             {"cross-site", "session=1", ""},
		"another host of the domain":               {"same-site", "session=1", ""},
		"a browser that does not say":              {"", "session=1", ""},
		"another site, of a stranger":              {"cross-site", "", "gzip"},
		"a browser that does not say, of a nobody": {"", "", "gzip"},
	} {
		w := get(compressing(telling(http.StatusOK, long)), "/", "Accept-Encoding", "gzip", "Sec-Fetch-Site", test.site, "Cookie", test.cookie)
		if got := w.Header().Get("Content-Encoding"); got != test.want {
			t.Errorf("asked by %s: %q, want %q", name, got, test.want)
		}
	}
}

func TestTagsOfCompressedTextsAreWeak(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{`"1"`: `W/"1"`, `W/"1"`: `W/"1"`} {
		w := get(compressing(telling(http.StatusOK, long, "ETag", tag)), "/", "Accept-Encoding", "gzip")
		if got := w.Header().Get("ETag"); got != want {
			t.Errorf("%s has become %s", tag, got)
		}
		w = get(compressing(telling(http.StatusOK, long, "ETag", tag)), "/")
		if got := w.Header().Get("ETag"); got != tag {
			t.Errorf("%s has become %s, uncompressed", tag, got)
		}
	}
}

func TestAnswersWithoutABodyHaveNoCoding(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusNoContent, http.StatusNotModified, http.StatusSeeOther} {
		srv := httptest.NewServer(compressing(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"1"`)
			w.WriteHeader(http.StatusEarlyHints) // is not the answer yet
			w.WriteHeader(status)
			w.WriteHeader(http.StatusTeapot) // is too late
		})))
		answer, err := srv.Client().Get(srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		srv.Close()
		h := answer.Header
		if answer.StatusCode != status || h.Get("Content-Encoding") != "" || h.Get("Vary") != "Accept-Encoding" || h.Get("ETag") != `"1"` {
			t.Errorf("%d has become %d, %v", status, answer.StatusCode, h)
		}
	}
}

func TestAbortedAnswersAreNotEnded(t *testing.T) {
	t.Parallel()
	defer func() {
		if cause, _ := recover().(error); !errors.Is(cause, http.ErrAbortHandler) {
			t.Errorf("the panic has become %v", cause)
		}
	}()
	get(compressing(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		panic(http.ErrAbortHandler)
	})), "/")
}
