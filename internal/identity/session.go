package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// SessionID names a session to its applicant. It is derived from what is kept of the token and is good for nothing
// else.
type SessionID string

// SessionIDOf is the name of the session whose token has that hash.
func SessionIDOf(tokenHash []byte) SessionID {
	sum := sha256.Sum256(append([]byte("session|"), tokenHash...))
	return SessionID(hex.EncodeToString(sum[:8]))
}

// Session says that an applicant is signed in.
type Session struct {
	ID        SessionID
	Applicant ApplicantID
	Issuer    string
	Subject   Subject
	Email     Email      // empty where nothing is known of one
	Name      PersonName // empty where nothing is known of one
	Device    string     // the browser, such as "Firefox on Windows"
	CreatedAt time.Time
	SeenAt    time.Time // the last sign of life
	Provider  ProviderSession
}

// EndsAt is when the session will end unless it shows another sign of life.
func (s Session) EndsAt(l Limits) time.Time {
	idle, absolute := s.SeenAt.Add(l.Idle), s.LastsUntil(l)
	if idle.Before(absolute) {
		return idle
	}
	return absolute
}

// LastsUntil is when the session ends whatever its applicant does.
func (s Session) LastsUntil(l Limits) time.Time { return s.CreatedAt.Add(l.Absolute) }

// SessionWarning is how long before its end people are warned that their session ends.
const SessionWarning = 5 * time.Minute

// Limits say how long sessions last.
type Limits struct {
	Idle     time.Duration // since the last sign of life
	Absolute time.Duration // since sign-in
}

// Opening is a session that is about to begin, in one browser.
type Opening struct {
	Session  Token // a new one
	Replaces Token // the browser's session so far, which ends; may be empty
	Device   string
	Provider ProviderSession
}

// Sessions keeps who is signed in.
type Sessions interface {
	// EndSession ends the token's session, if it has one, and returns it; ErrNobody where it has none.
	EndSession(ctx context.Context, t Token, now time.Time) (Session, error)
	// EndOwn ends a session of the applicant.
	EndOwn(ctx context.Context, a ApplicantID, id SessionID, now time.Time) error
	// EndOthers ends all sessions of the applicant but one.
	EndOthers(ctx context.Context, a ApplicantID, but Token, now time.Time) error
}

// SignOut ends the session on the server and returns it; ErrNobody where there was none.
func (d *Desk) SignOut(ctx context.Context, t Token) (Session, error) {
	return d.Sessions.EndSession(ctx, t, d.Now())
}

// EndOwn signs the applicant out in one place.
func (d *Desk) EndOwn(ctx context.Context, a ApplicantID, id SessionID) error {
	return d.Sessions.EndOwn(ctx, a, id, d.Now())
}

// EndOthers signs the applicant out everywhere but where the token is held.
func (d *Desk) EndOthers(ctx context.Context, a ApplicantID, but Token) error {
	return d.Sessions.EndOthers(ctx, a, but, d.Now())
}

// Visitor is who asks for a page, before it is known who that is.
type Visitor struct {
	Session    Token
	Limits     Limits
	At         time.Time
	Unattended bool // no sign of life: the page came back by itself
}
