package torture

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// browser keeps cookies, follows redirects and sends forms. It may have several tabs: it is safe for concurrent use.
type browser struct {
	http   *http.Client
	origin string
}

// pageWithin is how long somebody waits for a page before loading it again.
const pageWithin = 20 * time.Second

func newBrowser(origin string) *browser {
	jar, _ := cookiejar.New(nil) // without options it cannot fail
	transport := &http.Transport{MaxIdleConnsPerHost: 4}
	return &browser{http: &http.Client{Jar: jar, Timeout: pageWithin, Transport: transport}, origin: origin}
}

func (b *browser) close() { b.http.CloseIdleConnections() }

func (b *browser) get(ctx context.Context, path string) (seenPage, error) {
	return b.do(ctx, http.MethodGet, path, nil)
}

func (b *browser) send(ctx context.Context, f pageForm) (seenPage, error) {
	return b.do(ctx, http.MethodPost, f.action, f.fields)
}

func (b *browser) do(ctx context.Context, method, path string, fields url.Values) (seenPage, error) {
	r, err := http.NewRequestWithContext(ctx, method, b.origin+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return seenPage{}, fmt.Errorf("asking for a page: %w", err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", "en")
	p := seenPage{asked: time.Now()}
	resp, err := b.http.Do(r)
	if err != nil {
		return seenPage{}, fmt.Errorf("asking for a page: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return seenPage{}, fmt.Errorf("reading a page: %w", err)
	}
	p.seen, p.status, p.address, p.html = time.Now(), resp.StatusCode, resp.Request.URL, string(body)
	p.refresh = cmp.Or(html.UnescapeString(firstOf(unscripted, p.html)), firstOf(refreshes, resp.Header.Get("Refresh")))
	return p, nil
}

// Where a page leads by itself without JavaScript: as it says, if it does, and otherwise as its header says.
var (
	unscripted = regexp.MustCompile(`<noscript><meta http-equiv="refresh" content="\d+;url=(/[^"]*)"`)
	refreshes  = regexp.MustCompile(`^\d+;url=(/.*)$`)
)

// cookies are what the browser keeps for the portal: secrets all of them.
func (b *browser) cookies() (values []string) {
	u, err := url.Parse(b.origin + portalPath)
	if err != nil {
		return nil
	}
	for _, c := range b.http.Jar.Cookies(u) {
		values = append(values, c.Value)
	}
	return values
}
