package stage

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Page is the address of a page of the portal.
func (s *Server) Page(path string) string { return "http://" + s.Address + "/onboarding" + path }

// Call is a request of whoever is in no hurry: what loads are made of is in package load.
type Call struct {
	Method, URL string
	Header      http.Header
	Cookies     []*http.Cookie
	Form        url.Values // sent where it is not nil
	Body        string     // sent otherwise
}

// Answer is the whole answer to a call.
type Answer struct {
	Status  int
	Header  http.Header
	Cookies []*http.Cookie
	Body    []byte
}

// client keeps its connections, though none idle for as long as a server would, follows no redirects, holds no cookies and undoes no coding.
var client = &http.Client{
	Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 10 * time.Second, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Make makes the call and reads its whole answer.
func (c Call) Make(ctx context.Context) (Answer, error) {
	body := c.Body
	if c.Form != nil {
		body = c.Form.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, c.Method, c.URL, strings.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	for name, values := range c.Header {
		r.Header[name] = values
	}
	if c.Form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, cookie := range c.Cookies {
		r.AddCookie(cookie)
	}
	resp, err := client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode, Header: resp.Header, Cookies: resp.Cookies()}
	a.Body, err = io.ReadAll(resp.Body)
	return a, err
}
