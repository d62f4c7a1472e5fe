package stage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/identity"
	"portal/internal/postgres"
)

// Applicant is somebody who is signed in, whom the company knows by the subject.
type Applicant struct {
	Subject identity.Subject
	Token   identity.Token
	Cookie  *http.Cookie
}

// Applicant signs a new applicant in, past the pages and the mailbox.
func (s *Stage) Applicant(ctx context.Context) (Applicant, error) {
	store, token := postgres.New(s.Pool, s.Keys, postgres.NoJobs), identity.NewToken()
	who := identity.Person{Issuer: identity.LinkIssuer, Subject: identity.Subject(rand.Text())}
	if err := store.OpenSession(ctx, who, identity.Opening{Session: token}, time.Now()); err != nil {
		return Applicant{}, err
	}
	cookie, err := s.Cookies.Cookie(token)
	return Applicant{Subject: who.Subject, Token: token, Cookie: cookie}, err
}

// atOnce is how many are helped at once while the stage is set.
const atOnce = 4

// Open signs so many new applicants in and has each start a registration at a portal, up to its form.
func (s *Stage) Open(ctx context.Context, portal *Server, n int) ([]Applicant, error) {
	list := make([]Applicant, n)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i := range list {
		g.Go(func() (err error) {
			if list[i], err = s.Applicant(ctx); err != nil {
				return err
			}
			return StartToForm(ctx, portal, list[i])
		})
	}
	return list, g.Wait()
}

// formWithin is how long the form may take, on a page that says so where it does; lookEvery is how often that page is looked at.
const (
	formWithin = 30 * time.Second
	lookEvery  = 20 * time.Millisecond
)

// StartToForm does what the browser of an applicant does who presses the button, until the form is there.
func StartToForm(ctx context.Context, portal *Server, a Applicant) error {
	form := url.Values{"flow": {"individual"}}
	answer, err := Call{Method: http.MethodPost, URL: portal.Page("/start"), Form: form, Cookies: []*http.Cookie{a.Cookie}}.Make(ctx)
	if err != nil || answer.Status != http.StatusSeeOther {
		return fmt.Errorf("start: status %d: %w", answer.Status, errOr(err, "a redirect is expected"))
	}
	ctx, cancel := context.WithTimeout(ctx, formWithin)
	defer cancel()
	for {
		answer, err = Call{Method: http.MethodGet, URL: portal.Page(""), Cookies: []*http.Cookie{a.Cookie}}.Make(ctx)
		if err != nil || answer.Status != http.StatusOK {
			return fmt.Errorf("after start: status %d: %w", answer.Status, errOr(err, "no form"))
		}
		if bytes.Contains(answer.Body, []byte(`id="customer-request"`)) {
			return nil
		}
		select {
		case <-time.After(lookEvery):
		case <-ctx.Done():
			return fmt.Errorf("after start: no form: %w", ctx.Err())
		}
	}
}

func errOr(err error, otherwise string) error {
	if err != nil {
		return err
	}
	return errors.New(otherwise)
}
