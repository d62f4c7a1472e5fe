package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Uploads carries out the use cases of what applicants give on the portal's own pages. All fields are required.
type Uploads struct {
	Engine    *Engine
	Documents Documents
	NewID     func() DocumentID
}

// Upload is a file that an applicant wants to give.
type Upload struct {
	Place
	Country string
	Format  Format
	Digest  Digest
	Content Content
}

// sendTries is how often one file is sent before its applicant is asked to look again later.
const sendTries = 2

// Add sends a file to the provider and returns what that makes of the registration. Sending the same file to the same place
// again changes nothing. The error of a file whose fate is not known is Unanswered: it is found out with the next look.
func (u *Uploads) Add(ctx context.Context, r Registration, up Upload) (Registration, Receipt, error) {
	if err := u.fits(r, up); err != nil {
		return r, Receipt{}, err
	}
	d := Document{
		ID: u.NewID(), Registration: r.ID, Place: up.Place, Country: up.Country, Format: up.Format, Digest: up.Digest, Status: DocumentSending,
	}
	if err := u.reserve(ctx, r, d); err != nil {
		return r, Receipt{}, err
	}
	receipt, err := u.holding(ctx, r, &d, up.Content)
	if err := u.settle(ctx, d); err != nil {
		return r, receipt, err
	}
	if err != nil {
		return r, receipt, err
	}
	read, _ := u.Refresh(ctx, r, d.Set)
	return read, receipt, nil
}

// fits refuses what the level does not ask for.
func (u *Uploads) fits(r Registration, up Upload) error {
	unwanted := func(why string) error {
		return &Error{Kind: Invalid, Key: "error.document_unwanted", Err: errors.New(why)}
	}
	if r.Status != Open || r.Verification == nil {
		return &Error{Kind: Conflict, Key: "error.document_closed", Err: fmt.Errorf("registration %s is %s", r.ID, r.Status)}
	}
	v := *r.Verification
	s, ok := v.Step(up.Set)
	switch {
	case !ok || s.Set == DataStep:
		return unwanted("no such step")
	case v.StateOf(s) == StepAccepted:
		return unwanted("the step was found good already")
	case !slices.Contains(s.Types, up.Type):
		return unwanted("no such document in the step")
	case !slices.Contains(s.SidesOf(up.Type), up.Side):
		return unwanted("no such side of the document")
	case up.Country == "" || !v.Takes(up.Country):
		return &Error{Kind: Invalid, Key: "error.document_country", Field: "country", Err: errors.New("a country whose documents are not taken")}
	case !v.mayGive(s, up.Place):
		return unwanted("what is there was not rejected, and stays")
	case up.Side == BackSide && slices.Contains(v.Wanted(s, up.Type), FrontSide):
		return &Error{Kind: Invalid, Key: "error.document_front_first", Err: errors.New("the front is not there yet")}
	}
	return nil
}

// mayGive says whether a picture is wanted at a place, or one that is there may be replaced.
func (v Verification) mayGive(s Step, p Place) bool {
	_, there := s.At(p)
	return !there || v.Replaceable(s, p)
}

// Takes says whether documents of a country are taken.
func (v Verification) Takes(country string) bool {
	return (len(v.Included) == 0 || slices.Contains(v.Included, country)) && !slices.Contains(v.Excluded, country)
}

// takePlace makes sure that one file at most is on its way to a place. Whatever was on its way there and has run out of time
// is settled first.
func (u *Uploads) takePlace(ctx context.Context, r Registration, d Document) error {
	for range lookTries {
		now := u.Engine.Now()
		inTheWay, err := u.Documents.TakePlace(ctx, d, now, now.Add(claimFor))
		switch {
		case err == nil:
			return nil
		case errors.Is(err, ErrClosed): // its check was asked for meanwhile
			return &Error{Kind: Conflict, Key: "error.document_closed", Err: err}
		case errors.Is(err, ErrFree):
			continue
		case KindOf(err) != Conflict:
			return fmt.Errorf("taking a place for a document: %w", err)
		case now.Before(inTheWay.Until):
			return &Error{Kind: Conflict, Key: "error.document_under_way", RetryAfter: inTheWay.Until.Sub(now), Err: errors.New("another is being sent there")}
		}
		if err := u.settleOld(ctx, r, inTheWay); err != nil {
			return err
		}
	}
	return &Error{Kind: Conflict, Key: "error.document_under_way", Err: errors.New("others are quicker")}
}

// settleOld finds out what became of a file whose sender has gone. It may still arrive until it has settled.
func (u *Uploads) settleOld(ctx context.Context, r Registration, d Document) error {
	asked := u.Engine.Now() // before the look, which must see everything that took effect
	v, err := u.Engine.Verifier.Verification(ctx, r.Profile)
	if err != nil {
		return fmt.Errorf("reading what has arrived: %w", err)
	}
	settled, wait := u.Engine.inTheLight(d, v, asked)
	if wait > 0 {
		return &Error{Kind: Busy, Key: "error.document_unclear", RetryAfter: wait, Err: errors.New("an earlier file may still arrive")}
	}
	return u.settle(ctx, settled)
}

// holding sends the file while prolonging the time that its place is taken for.
func (u *Uploads) holding(ctx context.Context, r Registration, d *Document, c Content) (Receipt, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	held := *d // what becomes of the document is written to it meanwhile
	defer beat(ctx,
		func(ctx context.Context) error {
			err := u.Documents.KeepPlace(ctx, held, u.Engine.Now().Add(claimFor))
			if KindOf(err) == Conflict { // somebody else has it now
				cancel()
			}
			return err
		},
		func(ctx context.Context, err error) {
			u.Engine.Log.WarnContext(ctx, "place of a document not kept", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
		})()
	return u.send(ctx, r, d, c)
}

// send sends the file, once more where the first call ended without an answer and the file is not there: the provider knows
// the same bytes again, so they never arrive twice. That the second call is refused says nothing of the first.
func (u *Uploads) send(ctx context.Context, r Registration, d *Document, c Content) (Receipt, error) {
	for try := 1; ; try++ {
		receipt, err := u.Engine.Verifier.AddDocument(ctx, r.Profile, *d, c)
		switch {
		case err == nil:
			d.Status, d.Image, d.Advice = DocumentSent, receipt.Image, receipt.Advice
			return receipt, nil
		case errors.Is(err, ErrTwice):
			return u.again(ctx, r, d, err)
		case KindOf(err) != Unanswered && try == 1:
			d.Status, d.Cause = DocumentRefused, err.Error()
			return Receipt{}, err
		}
		u.Engine.Log.WarnContext(ctx, "document without an answer", slog.String("registration_id", r.ID.String()), slog.Int("try", try), slog.Any("error", err))
		v, looked := u.Engine.Verifier.Verification(ctx, r.Profile)
		if image, ok := v.ImageOf(*d); looked == nil && ok {
			d.Status, d.Image = DocumentSent, image.ID
			return Receipt{Image: image.ID, Refused: image.Inactive}, nil
		}
		if try == sendTries || KindOf(err) != Unanswered || looked != nil || ctx.Err() != nil {
			return Receipt{}, &Error{Kind: Unanswered, Key: "error.document_unclear", Err: err}
		}
	}
}

// again deals with bytes that the provider has already. Where they are at the same place, everything is well: an earlier
// attempt of the same applicant has arrived.
func (u *Uploads) again(ctx context.Context, r Registration, d *Document, cause error) (Receipt, error) {
	v, err := u.Engine.Verifier.Verification(ctx, r.Profile)
	if err != nil {
		return Receipt{}, &Error{Kind: Unanswered, Key: "error.document_unclear", Err: err}
	}
	if image, ok := v.ImageOf(*d); ok {
		d.Status, d.Image = DocumentSent, image.ID
		return Receipt{Image: image.ID, Refused: image.Inactive}, nil
	}
	d.Status, d.Cause = DocumentRefused, "the provider has the same file already"
	known, err := u.Documents.DocumentsOf(ctx, r.ID)
	if err != nil {
		return Receipt{}, err
	}
	for _, k := range known {
		if k.ID == d.ID || k.Digest != d.Digest || k.Place != d.Place || k.Country != d.Country {
			continue
		}
		if image, ok := v.ImageOf(k); ok && !image.Inactive && !r.rejectsImage(image.ID) {
			return Receipt{Image: image.ID, Advice: k.Advice}, nil
		}
	}
	return Receipt{}, &Error{Kind: Invalid, Key: "error.document_twice", Err: cause}
}

// rejectsImage says whether the picture is one that is to be given anew.
func (r Registration) rejectsImage(id string) bool {
	for _, s := range r.Verification.Steps {
		for _, i := range s.Images {
			if i.ID == id {
				return r.Verification.rejects(s, i)
			}
		}
	}
	return false
}

// settle stores what has become of a document, even when the applicant has gone. One whose fate is not known stays on its
// way, and its time runs out at once.
func (u *Uploads) settle(ctx context.Context, d Document) error {
	d.Until = u.Engine.Now()
	return settled(ctx, u.Documents, d)
}

// Refresh reads the provider after something was given, takes away what was replaced, and returns the registration, as it
// was where it cannot be read; ok says whether it was.
func (u *Uploads) Refresh(ctx context.Context, r Registration, set string) (read Registration, ok bool) {
	read, err := u.Engine.lookVerified(ctx, r, ActorApplicant, nil)
	if err != nil {
		u.Engine.Log.WarnContext(ctx, "verification not read", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
		return r, false
	}
	if read.Verification == nil || len(read.Verification.surplus(set)) == 0 {
		return read, true
	}
	if err := u.Engine.tidy(ctx, read, set); err != nil { // it is tried again with the next picture, and before the check
		u.Engine.Log.WarnContext(ctx, "replaced picture not taken away", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
	}
	if tidied, err := u.Engine.lookVerified(ctx, read, ActorApplicant, nil); err == nil {
		return tidied, true
	}
	return read, true
}

// Provide sends what the applicant says about themselves.
func (u *Uploads) Provide(ctx context.Context, r Registration, d ApplicantData) (Registration, error) {
	if r.Status != Open || r.Verification == nil {
		return r, &Error{Kind: Conflict, Key: "error.document_closed", Err: fmt.Errorf("registration %s is %s", r.ID, r.Status)}
	}
	if err := r.Verification.CheckData(d, u.Engine.Now()); err != nil {
		return r, err
	}
	if err := u.Engine.Verifier.SetData(ctx, r.Profile, r.Verification.changes(d)); err != nil {
		return r, fmt.Errorf("sending data: %w", err)
	}
	read, err := u.Engine.lookVerified(ctx, r, ActorApplicant, Verification.corrected)
	if err != nil {
		return r, fmt.Errorf("reading what was sent: %w", err)
	}
	return read, nil
}

// Latest is the registration as the provider shows it, where it was last read so long ago that a change may have been missed.
func (e *Engine) Latest(ctx context.Context, r Registration) Registration {
	if r.Provider != Sumsub || r.Verification == nil || e.Now().Sub(r.Verification.ReadAt) < latestWithin || r.Ask != "" {
		return r
	}
	read, err := e.lookVerified(ctx, r, ActorPortal, nil)
	if err != nil {
		e.Log.WarnContext(ctx, "verification not read", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
		return r
	}
	return read
}

// latestWithin is how old a page may show a verification: longer than a webhook takes, and shorter than a person waits.
const latestWithin = 15 * time.Minute
