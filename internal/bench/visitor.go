package bench

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
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

// visitors share their connections, as the browsers behind a proxy do.
var visitors = &http.Transport{MaxIdleConnsPerHost: 2 * peopleAtOnce}

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

var requestID = regexp.MustCompile(`"request_id":"([^"]+)"`)

// register goes from the first page to the end: it loads the first page and its files, signs in by a code from the mailbox,
// presses the button, follows the registration while the provider's form is open, which the provider says to be completed, by
// its webhooks, and comes back to the page that leads on to the company.
func (v *visitor) register(ctx context.Context) error {
	first, err := v.get(ctx, "")
	if err != nil {
		return err
	}
	for _, file := range asset.FindAllString(first, -1) {
		if _, err := v.get(ctx, strings.TrimPrefix(file, "/onboarding")); err != nil {
			return err
		}
	}
	if _, err := v.post(ctx, "/sign-in", url.Values{"email": {v.address}}); err != nil {
		return err
	}
	mails := v.run.Sandbox.Mailbox().Messages(v.address)
	if len(mails) != 1 {
		return fmt.Errorf("%d e-mails with a code", len(mails))
	}
	if _, err := v.post(ctx, "/sign-in/code", url.Values{"code": {code.FindString(mails[0].Text)}}); err != nil {
		return err
	}
	form, err := v.post(ctx, "/start", url.Values{"flow": {"individual"}})
	if err != nil {
		return err
	}
	found := requestID.FindStringSubmatch(form)
	if found == nil {
		return errors.New("no form after the start")
	}
	if err := v.complete(ctx, found[1]); err != nil {
		return err
	}
	_, err = v.get(ctx, "/complete?flow=individual")
	return err
}

// complete has the provider end the form, and waits until the page is told.
func (v *visitor) complete(ctx context.Context, request string) error {
	ctx, cancel := context.WithTimeout(ctx, visitorWithin)
	defer cancel()
	events, err := v.ask(ctx, http.MethodGet, "/events?flow=individual", nil)
	if err != nil {
		return err
	}
	defer events.Body.Close()
	lines := bufio.NewScanner(events.Body)
	for begun := false; lines.Scan(); {
		told, ok := strings.CutPrefix(lines.Text(), "data: ")
		switch {
		case !ok:
		case strings.Contains(told, `"status":"completed"`):
			return nil
		case !begun:
			begun = true
			if err := v.run.control(ctx, http.MethodPost, "/_sandbox/passfort/requests/"+request+"/state", `{"state":"COMPLETED"}`); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the stream has ended before the form: %w", errors.Join(lines.Err(), errEnded))
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
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

func (v *visitor) ask(ctx context.Context, method, path string, form url.Values) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, v.portal.Page(path), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	for name, values := range browser("") { // the codings are the transport's
		r.Header[name] = values
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := v.browser.Do(r)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		_ = answer.Body.Close()
		err = fmt.Errorf("%s %s: %s", method, path, answer.Status)
	}
	return answer, err
}
