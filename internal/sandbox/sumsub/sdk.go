package sumsub

import (
	"errors"
	"io"
	"time"
)

// What the frame of the WebSDK does for an applicant, authorised by an access token instead of a signature. Every method
// looks at the token first: ErrToken means that the frame has to ask for a new one.

// ErrToken refuses an access token that is unknown or has expired by the sandbox's clock.
var ErrToken = errors.New("invalid-token")

// SDKApplicant is an applicant as the frame sees it.
type SDKApplicant struct {
	ApplicantID    string
	ExternalUserID string
	Level          string
	Lang           string // as the applicant was created with; may be empty
	Status         string // reviewStatus: init, pending, queued, prechecked, onHold, awaitingService, awaitingUser, completed
	Answer         string // GREEN, RED or empty
	RejectType     string // FINAL, RETRY or empty
	Comment        string // for the applicant
	AttemptID      string
	Open           bool      // whether documents and data are taken now
	Complete       bool      // whether everything is there that a check needs
	Steps          []SDKStep // in the order of the level
	Countries      []string  // the only ones whose documents are taken; empty is all of them
	Excluded       []string
	Expires        time.Time // of the token
}

// SDKStep is a step of the level.
type SDKStep struct {
	Set      string            // idDocSetType, such as IDENTITY
	Types    []string          // of documents
	Sides    []string          // of the chosen or else of any two-sided document: FRONT_SIDE, BACK_SIDE
	Video    string            // videoRequired; empty or disabled takes files
	Live     bool              // whether only a live capture is taken
	Fields   []Field           // of APPLICANT_DATA
	Data     map[string]string // what was given of them
	State    string            // StepWanted, StepPartly, StepGiven, StepRejected or StepAccepted
	Type     string            // of the document that was given
	Country  string
	Missing  []string // the sides still to be given of that document; an empty text is the only side of a one-sided one
	Comment  string   // for the applicant, of a rejection
	Labels   []string
	ImageIDs []string
}

// SDKFile is a picture or a file of the applicant's.
type SDKFile struct {
	Type    string // idDocType
	Side    string // FRONT_SIDE, BACK_SIDE or empty
	Country string // alpha-3
	Name    string // of the file
	Live    bool   // it was captured just now
	Content io.Reader
}

// SDKReceipt is what became of a file.
type SDKReceipt struct {
	ImageID  string
	Errors   []string // the image does not count because of these
	Warnings []string
}

// TokenApplicant is the applicant whom an access token is for.
func (p *Provider) TokenApplicant(token string) (SDKApplicant, error) {
	p.enter()
	defer p.leave()
	a, t, err := p.byToken(token)
	if err != nil {
		return SDKApplicant{}, err
	}
	return p.sdkView(a, t), nil
}

// SDKUpload adds a picture or a file. What the API would refuse is refused here with the same [Refusal].
func (p *Provider) SDKUpload(token string, f SDKFile) (SDKReceipt, error) {
	content, err := readContent(f.Content, f.Name, "")
	if err != nil {
		return SDKReceipt{}, err
	}
	p.enter()
	defer p.leave()
	a, _, err := p.byToken(token)
	if err != nil {
		return SDKReceipt{}, err
	}
	d := document{Type: f.Type, Side: f.Side, Country: f.Country, name: f.Name, live: f.Live, warn: true, source: "liveness"}
	if !f.Live {
		d.source = "fileupload"
	}
	got, err := p.addDocument(a, d, content)
	if err != nil {
		return SDKReceipt{}, err
	}
	return SDKReceipt{ImageID: got.image, Errors: got.Errors, Warnings: got.Warnings}, nil
}

// SDKSetData stores what the applicant says about themselves, by the names of the step's fields.
func (p *Provider) SDKSetData(token string, data map[string]string) (SDKApplicant, error) {
	p.enter()
	defer p.leave()
	a, t, err := p.byToken(token)
	if err != nil {
		return SDKApplicant{}, err
	}
	if err := p.setData(a, data); err != nil {
		return SDKApplicant{}, err
	}
	return p.sdkView(a, t), nil
}

// SDKRequestCheck asks for the check, as the frame does by itself when everything is there.
func (p *Provider) SDKRequestCheck(token string) (SDKApplicant, error) {
	p.enter()
	defer p.leave()
	a, t, err := p.byToken(token)
	if err != nil {
		return SDKApplicant{}, err
	}
	if err := p.requestCheck(a); err != nil {
		return SDKApplicant{}, err
	}
	return p.sdkView(a, t), nil
}
