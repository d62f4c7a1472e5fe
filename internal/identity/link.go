package identity

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// LinkIssuer is the issuer of identities that the company's back end vouches for; their subject is the company's own.
const LinkIssuer = "link"

// LinkValidity is how long a one-time link can be pressed. The company's page makes it when its visitor is about to
// follow it, so that minutes are enough for a slow phone.
const LinkValidity = 10 * time.Minute

// pressAgain is how long the browser that pressed a link may press it again: whoever presses twice, or loses the
// answer on the way, is not locked out by it.
const pressAgain = time.Minute

// Errors of one-time links.
var (
	ErrLinkUnknown = errors.New("no such link")
	ErrLinkUsed    = errors.New("the link has been used")
	ErrLinkExpired = errors.New("the link has expired")
)

// Link is a one-time link for a subject of the company, into one flow.
type Link struct {
	Subject   Subject
	Email     Email // as the company knows it; may be empty
	Wish            // never finishing
	Locale    string
	Facts     Facts
	FactsVoid bool   // there were some, but their seal does not open
	Key       string // the name of the API key that asked for it
	ExpiresAt time.Time
}

// Links keeps one-time links.
type Links interface {
	// PutLink stores a new link.
	PutLink(ctx context.Context, t Token, l Link, now time.Time) error
	// Link returns a link. With ErrLinkUsed or ErrLinkExpired what is known of it comes back all the same.
	Link(ctx context.Context, t Token, now time.Time) (Link, error)
	// PressLink uses the link up and opens a session for its subject, all or nothing. The browser that used it may do so
	// again for a moment: a use by it at or after since does not count.
	PressLink(ctx context.Context, t, browser Token, o Opening, now, since time.Time) (Link, error)
}

// NewLink makes a one-time link. The link's expiry comes back with it.
func (d *Desk) NewLink(ctx context.Context, l Link) (Token, Link, error) {
	now, t := d.Now(), NewToken()
	l.ExpiresAt = now.Add(LinkValidity)
	if err := d.Links.PutLink(ctx, t, l, now); err != nil {
		return "", Link{}, fmt.Errorf("storing a link: %w", err)
	}
	return t, l, nil
}

// Link looks at a one-time link and changes nothing: mail scanners and previews look, too.
func (d *Desk) Link(ctx context.Context, t Token) (Link, error) {
	return d.Links.Link(ctx, t, d.Now())
}

// PressLink signs the link's subject in. The browser's token is what it held when it was shown the link.
func (d *Desk) PressLink(ctx context.Context, t, browser Token, o Opening) (Token, Link, error) {
	now := d.Now()
	o.Session = NewToken()
	l, err := d.Links.PressLink(ctx, t, browser, o, now, now.Add(-pressAgain))
	if err != nil {
		return "", l, fmt.Errorf("pressing a link: %w", err)
	}
	return o.Session, l, nil
}
