package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portal/internal/browsertest"
)

// changedOnTheWay is a portal of links alone behind something that changes its answers, as a way in for an attacker would.
func changedOnTheWay(t *testing.T, change func(path string, body []byte) []byte) (w *world, address string) {
	t.Helper()
	w = newWorld(t, wanted{url: "http://127.0.0.1/onboarding", linkOnly: true})
	between := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(parseURL(t, w.server.URL))
			r.Out.Header.Set("Accept-Encoding", "identity")
		},
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			body = change(r.Request.URL.Path, body)
			if strings.HasSuffix(r.Request.URL.Path, "/gap.js") {
				r.StatusCode = http.StatusOK
				r.Header.Set("Content-Type", "text/javascript")
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			r.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return err
		},
	})
	t.Cleanup(between.Close)
	return w, between.URL + "/onboarding"
}

// A script of ours with a gap in it would be the portal's own, which its policy lets run.
func TestTextBecomesNoPartOfAPageAndIsReported(t *testing.T) {
	t.Parallel()
	w, address := changedOnTheWay(t, func(path string, body []byte) []byte {
		if path == "/onboarding/gap.js" {
			return []byte(`try { document.createElement('p').innerHTML = location.hash; document.title = 'Taken'; } catch { document.title = 'Kept out'; }`)
		}
		return bytes.Replace(body, []byte("</main>"), []byte(`</main><script src="/onboarding/gap.js"></script>`), 1)
	})
	p := browsertest.New(t).Page(t)
	for _, expected := range []string{"TrustedHTML", "trusted types"} {
		p.Allow(expected)
	}
	p.Open(address + "#<img src=x onerror=alert(1)>")
	if got := p.Title(); got != "Kept out" {
		t.Errorf("the page is called %q", got)
	}
	const report = "require-trusted-types-for eval"
	eventually(t, "the report", func() bool { return slices.Contains(w.reports.heard(), report) })
}

func TestScriptThatIsChangedOnTheWayDoesNotRun(t *testing.T) {
	t.Parallel()
	_, address := changedOnTheWay(t, func(path string, body []byte) []byte {
		if strings.HasSuffix(path, ".js") {
			return append(body, "\ndocument.title = 'Taken';"...)
		}
		return body
	})
	p := browsertest.New(t).Page(t)
	p.Allow("integrity")
	p.Open(address)
	p.See(say("en", "link.open_title"))
	if p.Title() == "Taken" {
		t.Error("it has run")
	}
}
