package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
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
	s.Handler().ServeHTTP(w, r)
	return w.Result()
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

func TestHeadSendsNoBody(t *testing.T) {
	s := New(nil)
	r := get(s, http.MethodHead, s.URL("app.css"), "")
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Length") == "" || len(body(t, r)) != 0 {
		t.Errorf("HEAD: %d, %v", r.StatusCode, r.Header)
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

func TestAcceptsGzip(t *testing.T) {
	cases := map[string]bool{
		"": false, "gzip": true, "GZIP": true, "br, gzip": true, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=1": true, "br": false, "xgzip": false,
	}
	for header, want := range cases {
		if got := acceptsGzip([]string{header}); got != want {
			t.Errorf("%q: %t", header, got)
		}
	}
}

func TestEveryAssetHasAType(t *testing.T) {
	for u, a := range New(nil).assets {
		if a.contentType == "" {
			t.Errorf("%s has no content type", u)
		}
	}
}

// The first page's style and scripts, compressed, leave room for its HTML within one round of TCP (14 kB).
func TestAssetsStaySmall(t *testing.T) {
	set, total := New(nil), 0
	for _, name := range []string{"app.css", "forms.js"} {
		total += len(set.assets[set.URL(name)].gzipped)
	}
	if total > 7<<10 {
		t.Errorf("the first page's embedded assets are %d bytes compressed", total)
	}
}

// Content security policy and Trusted Types forbid what these words do; a page would break only in the browser.
func TestScriptsKeepToThePolicy(t *testing.T) {
	for u, a := range New(nil).assets {
		for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "document.write", ".style."} {
			if strings.HasSuffix(u, ".js") && bytes.Contains(a.plain, []byte(forbidden)) {
				t.Errorf("%s uses %s", u, forbidden)
			}
		}
	}
}
