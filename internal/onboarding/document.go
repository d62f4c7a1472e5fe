package onboarding

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// DocumentID identifies a document here, and is the name of its file at the provider.
type DocumentID uuid.UUID

// String returns the id in its usual spelling.
func (id DocumentID) String() string { return uuid.UUID(id).String() }

// Digest tells whether two files are the same without keeping either.
type Digest [sha256.Size]byte

// DocumentStatus is what has become of a document.
type DocumentStatus string

// The statuses of a document.
const (
	DocumentSending DocumentStatus = "sending" // on its way, or nobody knows yet whether it has arrived
	DocumentSent    DocumentStatus = "sent"    // the provider has it
	DocumentLost    DocumentStatus = "lost"    // it has not arrived
	DocumentRefused DocumentStatus = "refused" // the provider did not take it, and its applicant was told
)

// Document is one file of an applicant on its way to the provider: what it is, never its bytes.
type Document struct {
	ID           DocumentID
	Registration RegistrationID
	Place
	Country string // ISO 3166 alpha-3
	Format  Format
	Digest  Digest
	Status  DocumentStatus
	Image   string    // the provider's name of it; empty until it is known
	Advice  []string  // what the provider found to be doubtful as it came in, in its words
	Cause   string    // why it is lost, for operators
	Until   time.Time // when it runs out of time, while it is being sent
}

// Content is a document's bytes. They are in memory only as long as the call that sends them.
type Content interface {
	Size() int64
	// Open returns the bytes from the start, as often as it is called.
	Open() io.Reader
}

// Documents keeps what is known of documents. Every method may fail with Busy when the store cannot be reached.
type Documents interface {
	// TakePlace stores the document as being sent until a time; Conflict while another is being sent to its place, which is
	// returned. One whose time has run out is in the way, too, until [Documents.SettleDocument] says what has become of it.
	// ErrClosed is in the chain of the Conflict where the registration is not open, and ErrFree where the place is free now.
	TakePlace(ctx context.Context, d Document, now, until time.Time) (inTheWay Document, err error)
	// KeepPlace prolongs the time of a document that is being sent.
	KeepPlace(ctx context.Context, d Document, until time.Time) error
	// SettleDocument stores what has become of a document that was on its way, or that one which was given up has arrived.
	SettleDocument(ctx context.Context, d Document) error
	// DocumentsOf lists the registration's documents, the oldest first.
	DocumentsOf(ctx context.Context, id RegistrationID) ([]Document, error)
}

// Receipt is the provider's answer to a document.
type Receipt struct {
	Image string
	// Advice is what the provider found to be doubtful, in its words. Refused says that it does not count because of that.
	Advice  []string
	Refused bool
}

// NewApplicant is an applicant at a provider that checks documents, as it is created with everything known.
type NewApplicant struct {
	Reference string // the applicant is known by it, once and for all
	Level     string
	Company   bool
	Language  string // of what the provider writes to the applicant
	Facts     Facts
}

// Verifier is a provider that checks documents. Errors carry a [Kind]; of the calls that change something, only
// Unanswered leaves open whether they took effect.
type Verifier interface {
	// CreateApplicant creates the applicant, or brings the one of that reference up to date.
	CreateApplicant(ctx context.Context, a NewApplicant) (ProfileID, error)
	// FindApplicant returns the applicant of a reference; NotFound where there is none.
	FindApplicant(ctx context.Context, reference string) (ProfileID, error)
	// Reference reads the reference of an applicant.
	Reference(ctx context.Context, id ProfileID) (string, error)
	// Verification reads how the applicant stands.
	Verification(ctx context.Context, id ProfileID) (Verification, error)
	// AddDocument sends a document. ErrTwice is in the chain of the Conflict of one whose bytes the provider has already.
	AddDocument(ctx context.Context, id ProfileID, d Document, c Content) (Receipt, error)
	// RemoveImage makes an image count no more. That it does not count already is no error.
	RemoveImage(ctx context.Context, inspection, image string) error
	// SetData stores what the applicant says about themselves, field by field.
	SetData(ctx context.Context, id ProfileID, d ApplicantData) error
	// RequestCheck asks for the check; ErrAsked is in the chain of the Conflict where it was asked for already, and
	// ErrMissing where something is still missing.
	RequestCheck(ctx context.Context, id ProfileID) error
	// AccessToken opens the provider's own forms for the applicant of a reference, for the time that is returned.
	AccessToken(ctx context.Context, reference, level string) (SDKToken, time.Duration, error)
}

// SDKToken opens the provider's own forms for one applicant. It prints as "[secret]" everywhere; only [SDKToken.Reveal]
// gives it away.
type SDKToken string

// Reveal returns the token itself, for its own applicant's page.
func (t SDKToken) Reveal() string { return string(t) }

// Format keeps the token out of everything fmt prints.
func (t SDKToken) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue keeps the token out of logs.
func (t SDKToken) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the token out of JSON and other encodings.
func (t SDKToken) MarshalText() ([]byte, error) { return []byte(redacted), nil }
