package torture

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/sumsub"
)

// joinUploads gives a process what asks the provider that checks documents, and what takes them.
func (r *run) joinUploads(p *replica) {
	base, err := url.Parse(r.server.URL)
	if err != nil {
		panic(err) // a test server's address
	}
	p.engine.CheckSettle, p.engine.Documents = settle, r.ledger()
	p.engine.Verifier = examiner{run: r, Verifier: sumsub.New(sumsub.Options{
		BaseURL: base, AppToken: appToken, SecretKey: secretKey, Now: r.sandbox.Now, BreakAfter: -1,
	})}
	p.uploads = &onboarding.Uploads{Engine: p.engine, Documents: p.engine.Documents, NewID: r.newDocumentID}
}

// newDocumentID counts, so that a run repeats.
func (r *run) newDocumentID() onboarding.DocumentID {
	r.begun++
	return onboarding.DocumentID(uuid.MustParse(fmt.Sprintf("00000000-0000-7000-9000-%012d", r.begun)))
}

func (l ledger) TakePlace(ctx context.Context, d onboarding.Document, now, until time.Time) (onboarding.Document, error) {
	return around(ctx, "taking a place", func(ctx context.Context) (inTheWay onboarding.Document, err error) {
		before, after := l.away()
		if !before {
			inTheWay, err = l.Store.TakePlace(ctx, d, now, until)
		}
		if before || after {
			return onboarding.Document{}, errAway
		}
		return inTheWay, err
	})
}

// KeepPlace does nothing, like [ledger.Extend].
func (l ledger) KeepPlace(context.Context, onboarding.Document, time.Time) error { return nil }

func (l ledger) SettleDocument(ctx context.Context, d onboarding.Document) error {
	return l.done(ctx, "settling a document as "+string(d.Status), func(ctx context.Context) error { return l.Store.SettleDocument(ctx, d) })
}

func (l ledger) DocumentsOf(ctx context.Context, id onboarding.RegistrationID) ([]onboarding.Document, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	return l.Store.DocumentsOf(ctx, id)
}

// examiner makes the calls of the provider that checks documents behind the stage, some of them in trouble.
type examiner struct {
	onboarding.Verifier
	run *run
}

// errUnread is what callers hear of a read that failed, however often it was repeated.
var errUnread = &onboarding.Error{Kind: onboarding.Busy, Err: errors.New("the provider cannot be read")}

// read decides about a read. While an applicant is read, which takes several calls, staff may do something in between.
func (e examiner) read() error {
	if e.run.wire.calm {
		return nil
	}
	switch e.run.guarded(e.run.choose)(10, "read") {
	case 8:
		return errUnread
	case 9:
		if do, ok := e.run.chooseDeed(); ok {
			e.run.tell("which happens while the applicant is being read")
			e.run.wire.inBetween(do)
		}
	}
	return nil
}

func (e examiner) Verification(ctx context.Context, id onboarding.ProfileID) (onboarding.Verification, error) {
	return around(ctx, "reading an applicant", func(ctx context.Context) (onboarding.Verification, error) {
		if err := e.read(); err != nil {
			return onboarding.Verification{}, err
		}
		if _, err := e.run.sandbox.Advance(time.Millisecond); err != nil { // so that the times tell which read is the newer one
			return onboarding.Verification{}, err
		}
		return e.Verifier.Verification(ctx, id)
	})
}

func (e examiner) FindApplicant(ctx context.Context, reference string) (onboarding.ProfileID, error) {
	return around(ctx, "looking for an applicant", func(ctx context.Context) (onboarding.ProfileID, error) {
		if err := e.read(); err != nil {
			return "", err
		}
		return e.Verifier.FindApplicant(ctx, reference)
	})
}

func (e examiner) Reference(ctx context.Context, id onboarding.ProfileID) (string, error) {
	if err := alive(ctx); err != nil {
		return "", err
	}
	return e.Verifier.Reference(ctx, id)
}

func (e examiner) CreateApplicant(ctx context.Context, a onboarding.NewApplicant) (onboarding.ProfileID, error) {
	return around(ctx, "creating an applicant", func(ctx context.Context) (onboarding.ProfileID, error) {
		e.run.wire.disturb(true)
		return e.Verifier.CreateApplicant(ctx, a)
	})
}

func (e examiner) AddDocument(ctx context.Context, id onboarding.ProfileID, d onboarding.Document, c onboarding.Content) (onboarding.Receipt, error) {
	return around(ctx, "sending a document", func(ctx context.Context) (onboarding.Receipt, error) {
		e.run.wire.disturb(true)
		return e.Verifier.AddDocument(ctx, id, d, c)
	})
}

// changing makes a call that changes something and answers nothing but that.
func (e examiner) changing(ctx context.Context, name string, call func(ctx context.Context) error) error {
	_, err := around(ctx, name, func(ctx context.Context) (struct{}, error) {
		e.run.wire.disturb(true)
		err := call(ctx)
		e.run.lookAtEffects()
		return struct{}{}, err
	})
	return err
}

func (e examiner) RemoveImage(ctx context.Context, inspection, image string) error {
	return e.changing(ctx, "removing an image", func(ctx context.Context) error { return e.Verifier.RemoveImage(ctx, inspection, image) })
}

func (e examiner) SetData(ctx context.Context, id onboarding.ProfileID, d onboarding.ApplicantData) error {
	return e.changing(ctx, "sending data", func(ctx context.Context) error { return e.Verifier.SetData(ctx, id, d) })
}

func (e examiner) RequestCheck(ctx context.Context, id onboarding.ProfileID) error {
	return e.changing(ctx, "asking for a check", func(ctx context.Context) error { return e.Verifier.RequestCheck(ctx, id) })
}
