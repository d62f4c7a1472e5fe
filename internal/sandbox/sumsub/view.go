package sumsub

import (
	"encoding/json"
	"maps"
	"net/http"
	"time"
)

// The layouts of times.
const (
	layoutPlain = "2006-01-02 15:04:05"
	layoutZone  = "2006-01-02 15:04:05-0700"
	layoutMS    = "2006-01-02 15:04:05.000"
)

// clientID is the company's name at Sumsub.
const clientID = "sandboxClient"

// view is an applicant as the API shows it.
type view struct {
	ID                string          `json:"id"`
	CreatedAt         string          `json:"createdAt"`
	Key               string          `json:"key"`
	ClientID          string          `json:"clientId"`
	InspectionID      string          `json:"inspectionId"`
	ExternalUserID    string          `json:"externalUserId"`
	SourceKey         string          `json:"sourceKey,omitempty"`
	Info              map[string]any  `json:"info"`
	FixedInfo         map[string]any  `json:"fixedInfo,omitempty"`
	Email             string          `json:"email,omitempty"`
	Phone             string          `json:"phone,omitempty"`
	Lang              string          `json:"lang,omitempty"`
	Metadata          json.RawMessage `json:"metadata,omitempty"`
	Questionnaires    json.RawMessage `json:"questionnaires,omitempty"`
	ApplicantPlatform string          `json:"applicantPlatform"`
	RequiredIDDocs    Requirement     `json:"requiredIdDocs"`
	Review            reviewView      `json:"review"`
	Type              string          `json:"type"`
	Deleted           bool            `json:"deleted,omitempty"`
	Inactive          bool            `json:"inactive,omitempty"`
}

// view shows an applicant. The lock is held.
func (p *Provider) view(a *applicant) view {
	return view{
		ID: a.ID, CreatedAt: a.Created.Format(layoutPlain), Key: a.Key, ClientID: clientID, InspectionID: a.InspectionID,
		ExternalUserID: a.ExternalUserID, SourceKey: a.SourceKey, Info: maps.Clone(a.Info), FixedInfo: maps.Clone(a.FixedInfo),
		Email: a.Email, Phone: a.Phone, Lang: a.Lang, Metadata: a.Metadata, Questionnaires: a.Questionnaires,
		ApplicantPlatform: a.Platform, RequiredIDDocs: p.level(a).RequiredIDDocs, Review: p.reviewView(a), Type: a.Type,
		Deleted: a.Deleted, Inactive: a.Deactivated,
	}
}

// reviewView is where the verification stands, as the API shows it.
type reviewView struct {
	ReviewID              string  `json:"reviewId"`
	AttemptID             string  `json:"attemptId"`
	AttemptCnt            int     `json:"attemptCnt"`
	ElapsedSincePendingMS *int64  `json:"elapsedSincePendingMs,omitempty"`
	ElapsedSinceQueuedMS  *int64  `json:"elapsedSinceQueuedMs,omitempty"`
	Reprocessing          bool    `json:"reprocessing"`
	LevelName             string  `json:"levelName"`
	LevelAutoCheckMode    *string `json:"levelAutoCheckMode"`
	CreateDate            string  `json:"createDate"`
	ReviewDate            string  `json:"reviewDate,omitempty"`
	StartDate             string  `json:"startDate,omitempty"`
	ReviewResult          *result `json:"reviewResult,omitempty"`
	ReviewStatus          string  `json:"reviewStatus"`
	Priority              int     `json:"priority"`
	AutoChecked           bool    `json:"autoChecked"`
}

func (p *Provider) reviewView(a *applicant) reviewView {
	r := a.Review
	v := reviewView{
		ReviewID: r.ID, AttemptID: r.AttemptID, AttemptCnt: r.Attempt, LevelName: a.Level,
		CreateDate: r.Created.Format(layoutZone), ReviewResult: r.Result.copied(), ReviewStatus: r.Status,
	}
	end := p.now()
	if !r.Reviewed.IsZero() {
		end = r.Reviewed
		v.ReviewDate = r.Reviewed.Format(layoutZone)
	}
	v.ElapsedSincePendingMS, v.ElapsedSinceQueuedMS = elapsed(r.Pending, end), elapsed(r.Queued, end)
	if !r.Pending.IsZero() {
		v.StartDate = r.Pending.Format(layoutZone)
	}
	return v
}

// elapsed is the time between two moments in milliseconds; nil if the first has not come.
func elapsed(from, to time.Time) *int64 {
	if from.IsZero() {
		return nil
	}
	ms := max(to.Sub(from).Milliseconds(), 0)
	return &ms
}

// showApplicant answers GET /resources/applicants/{id}/one.
func (p *Provider) showApplicant(_ *http.Request, a *applicant) (answer, error) {
	return answer{body: p.view(a)}, nil
}

// findApplicant answers GET /resources/applicants/-/byExternalUserId/{external}, which is no error for a stranger.
func (p *Provider) findApplicant(r *http.Request) (answer, error) {
	a := p.index.externals[pathValue(r, "external")]
	if a == nil {
		return answer{body: map[string]any{"exists": false}}, nil
	}
	return answer{body: map[string]any{"exists": true, "applicant": p.view(a)}}, nil
}

// showStatus answers GET /resources/applicants/{id}/status.
func (p *Provider) showStatus(_ *http.Request, a *applicant) (answer, error) {
	return answer{body: p.reviewView(a)}, nil
}

// showSteps answers GET /resources/applicants/{id}/requiredIdDocsStatus.
func (p *Provider) showSteps(_ *http.Request, a *applicant) (answer, error) {
	return answer{body: p.stepViews(a)}, nil
}

// list is how the API wraps lists.
func list[T any](items []T) map[string]any {
	return map[string]any{"list": map[string]any{"items": items, "totalItems": len(items)}}
}

// listLevels answers GET /resources/applicants/-/levels.
func (p *Provider) listLevels(*http.Request) (answer, error) {
	shown := []Level{}
	for _, l := range p.config.Levels {
		l.Verdict = "" // the sandbox's own
		shown = append(shown, l)
	}
	return answer{body: list(shown)}, nil
}
