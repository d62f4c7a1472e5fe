package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func get(s *Set, method, path, encoding string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	served(s).ServeHTTP(w, r)
	return w.Result()
}

// served answers with a bare status for what is no asset, and what nobody does with one.
func served(s *Set) http.Handler {
	refused := func(status int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	}
	return s.Handler(refused(http.StatusNotFound), refused(http.StatusMethodNotAllowed))
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestURLCarriesTheContentsHash(t *testing.T) {
	one, other := New(map[string][]byte{"brand.css": []byte("a{}")}), New(map[string][]byte{"brand.css": []byte("b{}")})
	if !regexp.MustCompile(`^/static/brand\.[0-9a-f]{12}\.css$`).MatchString(one.URL("brand.css")) {
		t.Errorf("URL = %s", one.URL("brand.css"))
	}
	if one.URL("brand.css") == other.URL("brand.css") {
		t.Error("different contents have the same address")
	}
	if one.URL("app.css") != other.URL("app.css") {
		t.Error("the same contents have different addresses")
	}
}

func TestURLPanicsForAnUnknownName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	New(nil).URL("nothing.css")
}

func TestHandlerServesForEver(t *testing.T) {
	s := New(map[string][]byte{"icon.svg": []byte("<svg/>")})
	types := map[string]string{
		"app.css": "text/css; charset=utf-8", "loader.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	}
	for name, contentType := range types {
		r := get(s, http.MethodGet, s.URL(name), "")
		want := map[string]string{
			"Content-Type": contentType, "Cache-Control": "public, max-age=31536000, immutable",
			"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding", "Content-Encoding": "",
		}
		for header, value := range want {
			if got := r.Header.Get(header); got != value {
				t.Errorf("%s: %s is %q, want %q", name, header, got, value)
			}
		}
		if r.StatusCode != http.StatusOK || len(body(t, r)) == 0 {
			t.Errorf("%s: status %d", name, r.StatusCode)
		}
	}
}

func TestHandlerCompressesWhenAsked(t *testing.T) {
	s := New(nil)
	for accept, want := range map[string]string{"gzip, deflate, br, zstd": "zstd", "gzip;q=0": "", "": ""} {
		if got := get(s, http.MethodGet, s.URL("app.css"), accept).Header.Get("Content-Encoding"); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
	plain := body(t, get(s, http.MethodGet, s.URL("app.css"), "identity"))
	r := get(s, http.MethodGet, s.URL("app.css"), "br, gzip;q=0.8")
	if r.Header.Get("Content-Encoding") != "gzip" {
		t.Fatal("not compressed")
	}
	unzip, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(unzip); err != nil || !bytes.Equal(plain, unpacked) {
		t.Errorf("unpacked it differs: %v", err)
	}
}

func TestHandlerLeavesSmallFilesAlone(t *testing.T) {
	s := New(map[string][]byte{"tiny.css": []byte("a{}")})
	if r := get(s, http.MethodGet, s.URL("tiny.css"), "gzip"); r.Header.Get("Content-Encoding") != "" {
		t.Error("a file is sent larger than it is")
	}
}

func TestHeadSendsTheHeaderAlone(t *testing.T) {
	s := New(nil)
	for _, accept := range []string{"", "gzip", "zstd"} {
		whole, r := get(s, http.MethodGet, s.URL("app.css"), accept), get(s, http.MethodHead, s.URL("app.css"), accept)
		if r.StatusCode != http.StatusOK || !reflect.DeepEqual(whole.Header, r.Header) || len(body(t, r)) != 0 {
			t.Errorf("HEAD: %d, %v, want %v", r.StatusCode, r.Header, whole.Header)
		}
	}
}

// What pages say of themselves would be larger than a small script.
func TestAssetsSayNothingOfPages(t *testing.T) {
	s, w := New(nil), httptest.NewRecorder()
	for _, name := range []string{"Permissions-Policy", "Referrer-Policy", "Content-Language", "Cross-Origin-Opener-Policy"} {
		w.Header().Set(name, "for pages")
	}
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	served(s).ServeHTTP(w, httptest.NewRequest(http.MethodGet, s.URL("app.css"), nil))
	want := http.Header{
		"Cache-Control": {"public, max-age=31536000, immutable"}, "Content-Length": w.Header()["Content-Length"],
		"Content-Security-Policy": {"default-src 'none'"}, "Content-Type": {"text/css; charset=utf-8"},
		"Cross-Origin-Resource-Policy": {"same-origin"}, "Vary": {"Accept-Encoding"}, "X-Content-Type-Options": {"nosniff"},
	}
	if !reflect.DeepEqual(w.Header(), want) {
		t.Errorf("%v, want %v", w.Header(), want)
	}
}

// A drawing on a page is a page of its own to Firefox: its styles must be let.
func TestPicturesMayHaveStylesAndDoNothingElse(t *testing.T) {
	s := New(map[string][]byte{"logo.svg": []byte("<svg/>")})
	r := get(s, http.MethodGet, s.URL("logo.svg"), "")
	if got := r.Header.Get("Content-Security-Policy"); got != "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox" {
		t.Errorf("%q", got)
	}
}

func TestHandlerRefusesTheRest(t *testing.T) {
	s := New(nil)
	for _, path := range []string{"/static/", "/static/app.css", "/static/app.000000000000.css", "/static/css/app.css", "/static/../static.go"} {
		if r := get(s, http.MethodGet, path, ""); r.StatusCode != http.StatusNotFound || r.Header.Get("Cache-Control") != "" {
			t.Errorf("%s: %d, %s", path, r.StatusCode, r.Header.Get("Cache-Control"))
		}
	}
	if r := get(s, http.MethodPost, s.URL("app.css"), ""); r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", r.StatusCode)
	}
}

func TestEveryAssetHasAType(t *testing.T) {
	for u, a := range New(nil).assets {
		if a.contentType == "" {
			t.Errorf("%s has no content type", u)
		}
	}
}

// Content security policy and Trusted Types forbid what these words do; a page would break only in the browser.
func TestScriptsKeepToThePolicy(t *testing.T) {
	for u, a := range New(nil).assets {
		plain, _ := a.body.For(nil)
		script := string(plain)
		for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "document.write", ".style."} {
			if strings.HasSuffix(u, ".js") && strings.Contains(script, forbidden) {
				t.Errorf("%s uses %s", u, forbidden)
			}
		}
	}
}

// A page says what a script must be, so that nobody on the way can put another in its place.
func TestIntegrityIsThatOfTheContent(t *testing.T) {
	s := New(map[string][]byte{"tiny.js": []byte("a()")})
	if got, want := s.Integrity("tiny.js"), "sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
