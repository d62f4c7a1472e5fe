package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"portal/internal/bench/stage"
)

// visitor is a new applicant with a browser of their own, which follows redirects within the portal.
type visitor struct {
	run     *Run
	portal  *stage.Server
	browser *http.Client
	address string
}

// visitorWithin is how long one request of a visitor's may take, the stream of events among them.
const visitorWithin = 30 * time.Second

// visitors share their connections, as the browsers behind a proxy do, and leave none idle for as long as a portal would.
var visitors = &http.Transport{MaxIdleConnsPerHost: 2 * peopleAtOnce, IdleConnTimeout: 10 * time.Second}

func (r *Run) newVisitor(portal *stage.Server) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // without options there is nothing to be wrong
	}
	return &visitor{run: r, portal: portal, address: strings.ToLower(rand.Text()) + "@example.com", browser: &http.Client{
		Transport: visitors, Jar: jar, Timeout: visitorWithin,
		CheckRedirect: func(to *http.Request, _ []*http.Request) error {
			if to.URL.Host != portal.Address {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}}
}

func (v *visitor) get(ctx context.Context, path string) (string, error) {
	return v.page(ctx, http.MethodGet, path, nil)
}

func (v *visitor) post(ctx context.Context, path string, form url.Values) (string, error) {
	return v.page(ctx, http.MethodPost, path, form)
}

// page reads the page that a request leads to.
func (v *visitor) page(ctx context.Context, method, path string, form url.Values) (string, error) {
	answer, err := v.ask(ctx, method, path, form)
	if err != nil {
		return "", err
	}
	return whole(answer)
}

// whole reads an answer to its end.
func whole(answer *http.Response) (string, error) {
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

func (v *visitor) ask(ctx context.Context, method, path string, form url.Values) (*http.Response, error) {
	contentType := ""
	if form != nil {
		contentType = "application/x-www-form-urlencoded"
	}
	return v.send(ctx, method, path, contentType, form.Encode())
}

// send makes a request, which must not be answered with an error.
func (v *visitor) send(ctx context.Context, method, path, contentType, body string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, v.portal.Page(path), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, values := range browser("") { // the codings are the transport's
		r.Header[name] = values
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := v.browser.Do(r)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		_ = answer.Body.Close()
		err = fmt.Errorf("%s %s: %s", method, path, answer.Status)
	}
	return answer, err
}
