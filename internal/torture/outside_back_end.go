package torture

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// backEnd is the company's own program. It sends applicants to the portal and enters who is behind their companies, at
// whichever portal answers.
type backEnd struct {
	http        *http.Client
	origin, key string
}

func newBackEnd(origin, key string) *backEnd {
	return &backEnd{&http.Client{Timeout: pageWithin, Transport: &http.Transport{}}, origin, key}
}

func (b *backEnd) close() {
	if b != nil {
		b.http.CloseIdleConnections()
	}
}

// post makes a call and reads what comes back, where that is JSON. The error means that no whole answer came.
func (b *backEnd) post(ctx context.Context, path string, body, answer any) (status int, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, fmt.Errorf("writing a call: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.origin+portalPath+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return 0, fmt.Errorf("calling the portal: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+b.key)
	r.Header.Set("Content-Type", "application/json")
	resp, err := b.http.Do(r)
	if err != nil {
		return 0, fmt.Errorf("calling the portal: %w", err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, fmt.Errorf("reading the portal's answer: %w", err)
	}
	_ = json.Unmarshal(said, answer) // the balancer's own page is none
	return resp.StatusCode, nil
}

// linkFor is the path of a new link for an applicant; false where no portal made one.
func (r *ordeal) linkFor(ctx context.Context, v *visitor) (path string, ok bool) {
	var made struct{ URL string }
	status, err := r.backEnd.post(ctx, "/links", map[string]string{"subject": v.subject, "flow": v.flow}, &made)
	switch {
	case status == http.StatusCreated:
	case err != nil || away(status):
		return "", false
	default:
		r.violated("%s: the back end gets no link, but status %d", v.name, status)
		return "", false
	}
	u, err := url.Parse(made.URL)
	if err != nil {
		r.violated("%s: the back end gets a link that is none", v.name)
		return "", false
	}
	r.secrets.add("one-time link", u.Path[len(portalPath+"/sign-in/link/"):])
	return u.Path, true
}

// away says whether a status is that of a portal, or of what is behind it, that is not there for the moment.
func away(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests
}
