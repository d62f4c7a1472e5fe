package sumsub

import (
	"encoding/json"
	"slices"
	"time"
)

// applicant is somebody who is verified, a person or a company.
type applicant struct {
	ID             string             `json:"id"`
	InspectionID   string             `json:"inspection_id"`
	Key            string             `json:"key"`
	ExternalUserID string             `json:"external_user_id"`
	Type           string             `json:"type"` // individual or company
	Email          string             `json:"email,omitempty"`
	Phone          string             `json:"phone,omitempty"`
	Lang           string             `json:"lang,omitempty"`
	SourceKey      string             `json:"source_key,omitempty"`
	Metadata       json.RawMessage    `json:"metadata,omitempty"`
	Questionnaires json.RawMessage    `json:"questionnaires,omitempty"`
	FixedInfo      map[string]any     `json:"fixed_info"`
	Info           map[string]any     `json:"info"`
	Platform       string             `json:"platform"`
	Level          string             `json:"level"`
	Created        time.Time          `json:"created"`
	Deleted        bool               `json:"deleted,omitempty"`
	Deactivated    bool               `json:"deactivated,omitempty"`
	Blocklisted    bool               `json:"blocklisted,omitempty"`
	Review         review             `json:"review"`
	Steps          map[string]*result `json:"steps"`              // results, by idDocSetType
	Images         []*image           `json:"images"`             // oldest first
	Doubtful       int                `json:"doubtful,omitempty"` // how many uploads had errors or warnings
}

// image is one uploaded picture or file, or a document whose data alone was sent.
type image struct {
	ID          string            `json:"id"`
	PreviewID   string            `json:"preview_id"`
	Added       time.Time         `json:"added"`
	FileName    string            `json:"file_name"`
	Type        string            `json:"type"`
	Side        string            `json:"side,omitempty"`
	Country     string            `json:"country,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"` // what else was said of the document
	Deactivated bool              `json:"deactivated,omitempty"`
	Retired     bool              `json:"retired,omitempty"` // by a reset: the same bytes may come again
	AttemptID   string            `json:"attempt_id"`
	Source      string            `json:"source"`
	Result      *result           `json:"result,omitempty"`
	Judged      bool              `json:"judged,omitempty"` // it was there when a verdict was given
	Content     content           `json:"content"`
}

// content is what is kept of a file's bytes.
type content struct {
	Digest   string   `json:"digest"`
	Picture  string   `json:"picture,omitempty"` // digest of what a small picture shows, however it is encoded
	Size     int64    `json:"size"`
	MimeType string   `json:"mime_type"`
	Width    int      `json:"width,omitempty"`
	Height   int      `json:"height,omitempty"`
	Marks    []string `json:"marks,omitempty"` // what stands behind "sandbox:" in it
	Bytes    []byte   `json:"bytes,omitempty"` // of a small file, as long as there is room for them
}

// The review statuses.
const (
	statusInit            = "init"
	statusPending         = "pending"
	statusPrechecked      = "prechecked"
	statusQueued          = "queued"
	statusOnHold          = "onHold"
	statusAwaitingService = "awaitingService"
	statusAwaitingUser    = "awaitingUser"
	statusCompleted       = "completed"
)

// Answers and types of rejection.
const (
	green = "GREEN"
	red   = "RED"
	final = "FINAL"
	retry = "RETRY"
)

// review is where the verification stands.
type review struct {
	ID        string    `json:"id"`
	AttemptID string    `json:"attempt_id"`
	Attempt   int       `json:"attempt"`         // attemptCnt: how many checks came before this one
	Asked     bool      `json:"asked,omitempty"` // a check was ever asked for
	Status    string    `json:"status"`
	Result    *result   `json:"result,omitempty"`
	Mode      string    `json:"mode,omitempty"`
	Created   time.Time `json:"created"`
	Pending   time.Time `json:"pending"`
	Queued    time.Time `json:"queued"`
	Reviewed  time.Time `json:"reviewed"`
}

// result is a reviewResult: of the applicant, a step or an image.
type result struct {
	ModerationComment string   `json:"moderationComment,omitempty"`
	ClientComment     string   `json:"clientComment,omitempty"`
	ReviewAnswer      string   `json:"reviewAnswer,omitempty"`
	RejectLabels      []string `json:"rejectLabels,omitempty"`
	ReviewRejectType  string   `json:"reviewRejectType,omitempty"`
	ButtonIDs         []string `json:"buttonIds,omitempty"`
}

// answer is the review's answer; empty if there is none.
func (r *result) answer() string {
	if r == nil {
		return ""
	}
	return r.ReviewAnswer
}

// rejected says whether this is a rejection.
func (r *result) rejected() bool { return r.answer() == red }

// copied shares nothing with the result.
func (r *result) copied() *result {
	if r == nil {
		return nil
	}
	c := *r
	c.RejectLabels, c.ButtonIDs = slices.Clone(r.RejectLabels), slices.Clone(r.ButtonIDs)
	return &c
}

// shown is the result as the API shows it, where there is always an object.
func (r *result) shown() result {
	if r == nil {
		return result{}
	}
	return *r.copied()
}

// busy says whether the applicant is being checked, so that nothing new is taken.
func (a *applicant) busy() bool {
	return a.Review.Status != statusInit && a.Review.Status != statusCompleted
}

// checking says whether a check has begun that nobody is to disturb.
func (a *applicant) checking() bool {
	return slices.Contains([]string{statusPending, statusPrechecked, statusQueued}, a.Review.Status)
}

// refusedForGood says whether the applicant was rejected finally.
func (a *applicant) refusedForGood() bool {
	return a.Review.Status == statusCompleted && a.Review.Result.rejected() && a.Review.Result.ReviewRejectType == final
}

// image finds an image of the applicant.
func (a *applicant) image(id string) *image {
	i := slices.IndexFunc(a.Images, func(i *image) bool { return i.ID == id })
	if i < 0 {
		return nil
	}
	return a.Images[i]
}

// active are the images of a step that count, the oldest first, front sides before others.
func (a *applicant) active(d DocSet) []*image {
	var list []*image
	for _, i := range a.Images {
		if !i.Deactivated && slices.Contains(d.Types, i.Type) {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(x, y *image) int { return rank(x.Side) - rank(y.Side) })
	return list
}

// rank puts the front before the back.
func rank(side string) int {
	if side == backSide {
		return 1
	}
	return 0
}

// level is the applicant's level, which always exists.
func (p *Provider) level(a *applicant) Level {
	l, _ := p.findLevel(a.Level)
	return l
}

// findLevel finds a level by its name.
func (p *Provider) findLevel(name string) (Level, bool) {
	i := slices.IndexFunc(p.config.Levels, func(l Level) bool { return l.Name == name })
	if i < 0 {
		return Level{}, false
	}
	return p.config.Levels[i], true
}
