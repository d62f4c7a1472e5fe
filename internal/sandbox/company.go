package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// What the company's back end takes and keeps.
const (
	keptNotices = 200
	maxNotice   = 20_000 // bytes, as Standard Webhooks advises
)

// Notice is what the company's back end was told by the portal, once for each time that it was.
type Notice struct {
	ID         string          `json:"id"`
	ReceivedAt time.Time       `json:"received_at"`
	Body       json.RawMessage `json:"body"`
}

// company plays the company's own back end: it believes what is signed with its secret.
type company struct {
	secret *standardwebhooks.Webhook // nil where the secret cannot be used: then nothing is believed

	mu  sync.Mutex
	got []Notice // oldest first
}

func newCompany(secret string) *company {
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return &company{}
	}
	return &company{secret: verifier}
}

// CheckNoticesSecret says what is wrong with the secret of notices, if anything, without repeating it.
func CheckNoticesSecret(secret string) error {
	if _, err := standardwebhooks.NewWebhook(secret); err != nil || secret == "" {
		return errors.New("must be whsec_ and then base64")
	}
	return nil
}

var errUnsigned = errors.New("the notice is not signed with the company's secret")

// take keeps a notice whose signature is right.
func (c *company) take(header http.Header, body []byte, now time.Time) error {
	if c.secret == nil || c.secret.Verify(body, header) != nil {
		return errUnsigned
	}
	if !json.Valid(body) {
		return errors.New("the notice is not JSON")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, Notice{ID: header.Get(standardwebhooks.HeaderWebhookID), ReceivedAt: now, Body: body})
	c.got = c.got[max(0, len(c.got)-keptNotices):]
	return nil
}

// notices are the last that came, newest first.
func (c *company) notices() []Notice {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := append([]Notice{}, c.got...)
	slices.Reverse(list)
	return list
}

func (c *company) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = nil
}

// receiveNotice is the address that the company has given the portal.
func (s *Sandbox) receiveNotice(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	if err != nil {
		http.Error(w, fmt.Sprintf("reading the notice: %v", err), statusOf(err))
		return
	}
	if err := s.company.take(r.Header, body, s.clock.Now()); err != nil {
		http.Error(w, err.Error(), statusOf(err))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Sandbox) listNotices(*http.Request) (any, error) { return s.company.notices(), nil }

func (s *Sandbox) showNotices(*http.Request) (view, error) {
	return view{template: "notices.html", title: "The company’s back end", data: s.company.notices()}, nil
}

// Notices are the last two hundred things that the company's back end was told, newest first.
func (s *Sandbox) Notices() []Notice { return s.company.notices() }
