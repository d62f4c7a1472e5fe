package onboarding

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"
)

// ReviewStatus is where an applicant's verification stands at a provider that checks documents, in Sumsub's words
// (docs.sumsub.com, "Applicant statuses"). There may be others.
type ReviewStatus string

// The review statuses.
const (
	ReviewInit            ReviewStatus = "init"            // data and documents are asked for
	ReviewPending         ReviewStatus = "pending"         // asked to be checked
	ReviewPrechecked      ReviewStatus = "prechecked"      // being checked
	ReviewQueued          ReviewStatus = "queued"          // being checked
	ReviewOnHold          ReviewStatus = "onHold"          // the company's staff have to look at it
	ReviewAwaitingService ReviewStatus = "awaitingService" // another service has to answer
	ReviewAwaitingUser    ReviewStatus = "awaitingUser"    // people behind a company have to act
	ReviewCompleted       ReviewStatus = "completed"       // decided, until something changes
)

// Answers and types of rejection.
const (
	Green = "GREEN"
	Red   = "RED"
	Final = "FINAL" // nothing more is taken
	Retry = "RETRY" // what is wrong may be given anew
)

// Review is the result for an applicant, a step or an image. Of what the provider says it holds only what applicants may
// see: its comments for the company never get here.
type Review struct {
	Answer     string   `json:"answer,omitempty"`      // Green, Red, or empty while there is none
	RejectType string   `json:"reject_type,omitempty"` // Final or Retry; empty unless rejected
	Comment    string   `json:"comment,omitempty"`     // for the applicant, in the applicant's language
	Labels     []string `json:"labels,omitempty"`      // why it was rejected
	Buttons    []string `json:"buttons,omitempty"`     // the same in finer terms, as group or group_button
}

// Rejected says whether the provider has said no, for now or for good.
func (r Review) Rejected() bool { return r.Answer == Red }

// ApplicantData is what an applicant says about themselves, by the provider's names of fields such as "firstName". It is
// personal data and prints as "[data]" everywhere.
type ApplicantData map[string]string

const hiddenData = "[data]"

// Format keeps the data out of everything fmt prints.
func (d ApplicantData) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, hiddenData) }

// LogValue keeps the data out of logs.
func (d ApplicantData) LogValue() slog.Value { return slog.StringValue(hiddenData) }

// MarshalJSON keeps the data out of JSON that contains it by chance.
func (d ApplicantData) MarshalJSON() ([]byte, error) { return []byte(`"` + hiddenData + `"`), nil }

// DataField is a field that a level asks for.
type DataField struct {
	Name     string `json:"name"`
	Required bool   `json:"required,omitempty"`
}

// Image is one picture or file that the provider has.
type Image struct {
	ID       string    `json:"id"`
	Document string    `json:"document,omitempty"` // our id, which is the file's name there; empty for what others have given
	Type     string    `json:"type,omitempty"`
	Side     string    `json:"side,omitempty"` // FrontSide, BackSide or empty
	Country  string    `json:"country,omitempty"`
	Inactive bool      `json:"inactive,omitempty"` // it does not count: replaced, refused or reset
	AddedAt  time.Time `json:"added_at,omitzero"`
	Review   Review    `json:"review,omitzero"`
}

// Step is one thing that a level asks for: data, an identity document, a selfie.
type Step struct {
	Set     string      `json:"set"` // the provider's name of it, such as "IDENTITY"; unique in a level
	Types   []string    `json:"types,omitempty"`
	Sides   []string    `json:"sides,omitempty"` // those that the level names; empty where it leaves that open
	Video   string      `json:"video,omitempty"` // "", "disabled", or how it must be captured live
	All     bool        `json:"all,omitempty"`   // every type is wanted, not one of them
	Chip    bool        `json:"chip,omitempty"`  // the document's chip must be read
	Fields  []DataField `json:"fields,omitempty"`
	Given   bool        `json:"given,omitempty"` // the provider has something for it
	Type    string      `json:"type,omitempty"`  // of the document that was given
	Country string      `json:"country,omitempty"`
	Review  Review      `json:"review,omitzero"`
	Images  []Image     `json:"images,omitempty"`
}

// Verification is how an applicant stands at a provider that checks documents, as of the last read. It holds personal
// data and is stored sealed.
type Verification struct {
	Level      string        `json:"level"`
	Inspection string        `json:"inspection"` // the provider's name of the applicant's images
	Status     ReviewStatus  `json:"status"`
	Review     Review        `json:"review,omitzero"`
	Attempt    int           `json:"attempt,omitempty"`  // grows with each time that a check is asked for anew
	Steps      []Step        `json:"steps,omitempty"`    // in the level's order
	Language   string        `json:"language,omitempty"` // in which the provider writes to the applicant
	Data       ApplicantData `json:"data,omitempty"`     // what was given so far
	Included   []string      `json:"included,omitempty"` // countries whose documents are taken; all where there is none
	Excluded   []string      `json:"excluded,omitempty"`
	Gone       bool          `json:"gone,omitempty"` // the provider has deleted or deactivated the applicant
	ReadAt     time.Time     `json:"read_at"`

	// What the portal knows itself, and carries on from one read to the next.
	Judged    []string `json:"judged,omitempty"`    // the images that counted when the provider rejected something
	Corrected bool     `json:"corrected,omitempty"` // data was given anew since
	Decided   Mail     `json:"decided,omitempty"`   // what the provider decided last
}

// after is the verification as it was just read, with what is to be carried on from the one before, which may be nil.
func (v Verification) after(before *Verification) Verification {
	if before != nil && v.Gone { // nothing more can be read of it, and it may come back as it was
		gone := *before
		gone.Gone, gone.ReadAt = true, v.ReadAt
		return gone
	}
	if before != nil {
		v.Judged, v.Corrected, v.Decided = before.Judged, before.Corrected, before.Decided
	}
	if before == nil || v.Attempt != before.Attempt || v.retrying() != before.retrying() || v.asking() != before.asking() {
		v.Judged, v.Corrected = nil, false
		for _, s := range v.Steps {
			for _, i := range s.Images {
				if before == nil || !before.passed(i.ID) {
					v.Judged = append(v.Judged, i.ID)
				}
			}
		}
	}
	return v
}

// passed says whether an image did not count any more.
func (v Verification) passed(image string) bool {
	return slices.ContainsFunc(v.Steps, func(s Step) bool {
		return slices.ContainsFunc(s.Images, func(i Image) bool { return i.ID == image && i.Inactive })
	})
}

// corrected is the verification of an applicant who has given data. It counts as a correction where one is asked for.
func (v Verification) corrected() Verification {
	v.Corrected = v.Corrected || v.asking()
	return v
}

// Step returns the step of that name.
func (v Verification) Step(set string) (Step, bool) {
	i := slices.IndexFunc(v.Steps, func(s Step) bool { return s.Set == set })
	if i < 0 {
		return Step{}, false
	}
	return v.Steps[i], true
}

// standing is what the verification makes of a registration. An answer counts only once the verification is completed:
// a GREEN beside any other status is of an earlier attempt, or of a part.
func (v Verification) standing() (as Status, evidence string) {
	switch {
	case v.Gone:
		return Closed, "the provider has deleted or deactivated the applicant"
	case v.approved():
		return Completed, "approved"
	case v.Status == ReviewInit:
		return Open, "documents are asked for"
	case v.Status != ReviewCompleted:
		return Checking, "the check is " + printable(string(v.Status))
	case v.Review.Answer == Red && v.Review.RejectType == Retry:
		return Open, "documents are asked for anew"
	case v.Review.Answer == Red && v.Review.RejectType == Final:
		return Rejected, "rejected for good"
	case v.Review.Answer == Red:
		return NeedsAttention, "rejected, and the provider does not say whether for good"
	}
	return Checking, "completed without an answer"
}

// mostPrinted bounds what is repeated of a provider's words, in bytes.
const mostPrinted = 40

// printable is a provider's word as operators may see it.
func printable(word string) string { return fmt.Sprintf("%.*q", mostPrinted, word) }
