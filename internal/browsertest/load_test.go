package browsertest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"portal/internal/browsertest"
)

// shifting is a page that names a file, which and a script that moves what it shows.
func shifting(t *testing.T) (address string) {
	t.Helper()
	parts := map[string]string{
		"/":      `<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><link rel="stylesheet" href="a.css"><p id="p">Text</p><script src="a.js" defer></script></html>`,
		"/a.css": "p { margin-top: 0 }" + strings.Repeat("/* */", 2000),
		"/a.js":  "requestAnimationFrame(() => requestAnimationFrame(() => { p.style.marginTop = '200px'; p.textContent = 'Moved'; }));",
		"/still": `<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><p>Text</p></html>`,
	}
	types := map[string]string{"": "text/html", "css": "text/css", "js": "text/javascript"}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, ext, _ := strings.Cut(r.URL.Path, ".")
		w.Header().Set("Content-Type", types[ext])
		w.Header().Set("Cache-Control", "max-age=60")
		_, _ = io.WriteString(w, parts[r.URL.Path])
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestOpenColdTellsWhatAPageLoadsAndWhy(t *testing.T) {
	t.Parallel()
	address := shifting(t)
	p := browsertest.New(t).Page(t)
	for range 2 { // the second time everything would be in the cache
		parts := p.OpenCold(address + "/")
		from := map[string]string{}
		for _, part := range parts {
			from[strings.TrimPrefix(part.URL, address)] = part.From
			if css := strings.HasSuffix(part.URL, ".css"); css != part.Blocks || css && (part.Bytes < 10000 || part.Bytes > 11000) {
				t.Errorf("%s: %d bytes, blocks: %t", part.URL, part.Bytes, part.Blocks)
			}
		}
		for path, want := range map[string]string{"/": "other", "/a.css": "parser", "/a.js": "parser"} {
			if from[path] != want {
				t.Errorf("%s is from %q, want %q", path, from[path], want)
			}
		}
	}
}

func TestShiftsAreWhatMovesByItself(t *testing.T) {
	t.Parallel()
	address := shifting(t)
	p := browsertest.New(t).Page(t)
	p.Open(address + "/still")
	if got := p.Shifts(); len(got) != 0 {
		t.Errorf("a page that stands still has shifted by %v", got)
	}
	p.Open(address + "/")
	p.See("Moved")
	if got := p.Shifts(); len(got) == 0 {
		t.Errorf("a page that moves has shifted by %v", got)
	}
}
