package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"portal/templates/gallery"
)

// get is the answer at an address of the gallery.
func (w *world) get(t *testing.T, path string) (status int, body string, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.origin+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Header
}

func TestIndexFramesEveryPage(t *testing.T) {
	t.Parallel()
	_, index, _ := newWorld(t).get(t, "/?family=all&lang=ar&scheme=dark&width=1280")
	for _, p := range gallery.Pages() {
		if !strings.Contains(index, `title="`+p.Name+`"`) {
			t.Errorf("%s is not there", p.Name)
		}
	}
	if !strings.Contains(index, `class="width-1280"`) || !strings.Contains(index, `lang=ar&amp;name=landing&amp;scheme=dark`) {
		t.Errorf("the frames are not of what was chosen:\n%.2000s", index)
	}
}

func TestIndexBeginsWithOneFamily(t *testing.T) {
	t.Parallel()
	_, index, _ := newWorld(t).get(t, "/?lang=tlh&family=none")
	if !strings.Contains(index, `title="landing"`) || strings.Contains(index, `title="sessions"`) || !strings.Contains(index, "lang=en&amp;name=landing") {
		t.Errorf("%.2000s", index)
	}
}

func TestPagesAreThoseOfTheSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	status, page, header := w.get(t, "/page?name=landing&lang=ar&scheme=dark")
	for _, want := range []string{"Northlight", `<html lang="ar" dir="rtl">`, `href="/dark/static/brand.`, `content="dark"`} {
		if status != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%d, without %s:\n%.1500s", status, want, page)
		}
	}
	if strings.Contains(page, "<script") || !strings.Contains(header.Get("Content-Security-Policy"), "script-src 'none'") {
		t.Error("its scripts run, and may change its state")
	}
}

func TestPseudoLanguageIsShown(t *testing.T) {
	t.Parallel()
	if _, page, _ := newWorld(t).get(t, "/page?name=landing&lang=en-XA"); !strings.Contains(page, "⟦") {
		t.Errorf("%.1500s", page)
	}
}

func TestStylesheetsAreForOneScheme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for scheme, want := range map[string]string{"light": "@media not all", "dark": "@media all"} {
		_, page, _ := w.get(t, "/page?name=landing&scheme="+scheme)
		_, after, _ := strings.Cut(page, `href="/`+scheme+`/static/brand.`)
		name, _, _ := strings.Cut(after, `"`)
		status, style, _ := w.get(t, "/"+scheme+"/static/brand."+name)
		if status != http.StatusOK || !strings.Contains(style, want) || strings.Contains(style, "prefers-color-scheme") {
			t.Errorf("%s: %d\n%s", scheme, status, style)
		}
	}
}

func TestLinksOfPagesLeadNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/light/sign-in", "/page?name=none", "/dark/static/none.css"} {
		if status, _, _ := w.get(t, path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestRunSaysWhereItIsAndEnds(t *testing.T) {
	t.Parallel()
	settings := map[string]string{"PORTAL_CONFIG": "../../portal.toml", "GALLERY_LISTEN": "127.0.0.1:0"}
	ctx, stop := context.WithCancel(t.Context())
	said, saying := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, func(name string) string { return settings[name] }, saying) }()
	line := make([]byte, 100)
	n, err := said.Read(line)
	if err != nil || !strings.HasPrefix(string(line[:n]), "gallery ready: http://127.0.0.1:") {
		t.Errorf("%q, %v", line[:n], err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRunNamesTheSettingThatIsWrong(t *testing.T) {
	t.Parallel()
	for want, settings := range map[string]map[string]string{
		"PORTAL_CONFIG":  {"PORTAL_CONFIG": "none.toml"},
		"GALLERY_LISTEN": {"PORTAL_CONFIG": "../../portal.toml", "GALLERY_LISTEN": "nowhere"},
	} {
		err := run(t.Context(), func(name string) string { return settings[name] }, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestArgumentsAreAnsweredWithTheSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args     []string
		code     int
		ends     bool
		out, err string
	}{
		{nil, 0, false, "", ""}, {[]string{"--help"}, 0, true, usage + "\n", ""}, {[]string{"--port", "1"}, 2, true, "", usage + "\n"},
	} {
		var out, err strings.Builder
		if code, ends := asked(c.args, &out, &err); code != c.code || ends != c.ends || out.String() != c.out || err.String() != c.err {
			t.Errorf("%q: %d, %v, %q, %q", c.args, code, ends, out.String(), err.String())
		}
	}
}
