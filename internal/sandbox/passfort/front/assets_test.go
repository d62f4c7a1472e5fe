package front_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"portal/internal/sandbox/passfort/front"
)

func TestEmbedHasTheNamesOfTheLinks(t *testing.T) {
	t.Parallel()
	odd := front.Options{LinkParams: func() [2]string { return [2]string{`i"d`, "</script>"} }}
	for want, o := range map[string]front.Options{
		`const names = ["request_id","apikey"];`:        {},
		`const names = ["i\"d","\u003c/script\u003e"];`: odd,
	} {
		status, h, script := newSite(t, o).get(t, "/embed.js")
		if status != http.StatusOK || !strings.Contains(script, want) {
			t.Errorf("%d, without %s", status, want)
		}
		if h.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Error("other sites may not load the script")
		}
	}
}

func TestEveryFileThatAPageNamesIsThere(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{})
	name := regexp.MustCompile(`["'](/(?:collect|theme)/[\w.-]+)["']`)
	seen, todo := map[string]bool{}, []string{"/collect", "/theme"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		status, h, body := s.get(t, path)
		if status != http.StatusOK || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, status, h)
		}
		for _, found := range name.FindAllStringSubmatch(body, -1) {
			todo = append(todo, found[1])
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d files are named: %v", len(seen), seen)
	}
}

func TestNothingElseIsServed(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{})
	for _, path := range []string{"/collect/collect.html", "/collect/preview.html", "/collect/default.toml", "/collect/..%2ffront.go", "/theme/logo.svg", "/collect/none.js"} {
		if status, _, _ := s.get(t, path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestUnchangedFilesAreNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{})
	_, h, _ := s.get(t, "/collect/walk.js")
	r, err := http.NewRequest(http.MethodGet, s.url+"/collect/walk.js", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", h.Get("ETag"))
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusNotModified {
		t.Errorf("status %d", answer.StatusCode)
	}
}
