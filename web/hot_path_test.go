package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"portal/internal/i18n"
	"portal/templates"
	"portal/web"
	"portal/web/middleware"
)

// BenchmarkLinkPage is the portal's own share of the page of an e-mailed link: all but what net/http does, with the log line.
func BenchmarkLinkPage(b *testing.B) {
	site := parseURL(b, publicURL)
	embedding, err := middleware.NewEmbedding(collection, nil)
	if err != nil {
		b.Fatal(err)
	}
	look := dress(b, northlight, nil, nil)
	server, err := web.New(web.Options{
		BaseURL: site, Collection: collection, Embedding: embedding, Static: true, LinkParams: [2]string{"request_id", "apikey"},
		Site:    templates.Site{Brand: look.brand, Base: strings.TrimSuffix(site.Path, "/"), Assets: look.assets, Languages: i18n.BuiltIn},
		Observe: func(string, string, int, time.Duration) {}, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/onboarding?request_id=6d0e7b0c-6f3a-4b0e-9a51-0d1f0d0e7a11&apikey=0123456789abcdef0123456789abcdef", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	r.Header.Set("Accept-Language", "de-DE,de;q=0.9,en;q=0.8")
	b.ReportAllocs()
	for b.Loop() {
		w := &nowhere{header: http.Header{}}
		if server.ServeHTTP(w, r); w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
}

// nowhere is a response that nobody reads.
type nowhere struct {
	header http.Header
	status int
}

func (w *nowhere) Header() http.Header         { return w.header }
func (w *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (w *nowhere) WriteHeader(status int)      { w.status = status }
