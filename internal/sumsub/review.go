package sumsub

import (
	"strings"
	"unicode"

	"portal/internal/onboarding"
)

// review is a result as it is sent, but for the comment to the company, which is not even decoded: it must never be shown.
type review struct {
	Answer     text  `json:"reviewAnswer"`
	RejectType text  `json:"reviewRejectType"`
	Comment    text  `json:"moderationComment"`
	Labels     words `json:"rejectLabels"`
	Buttons    words `json:"buttonIds"`
}

// domain is the review in the domain's form.
func (r review) domain() onboarding.Review {
	got := onboarding.Review{Answer: word(r.Answer), Comment: comment(r.Comment), Labels: r.Labels, Buttons: r.Buttons}
	if got.Rejected() {
		got.RejectType = word(r.RejectType)
	}
	return got
}

// or is the review, or another where this one has no answer.
func (r review) or(other review) review {
	if r.Answer == "" {
		return other
	}
	return r
}

// maxComment bounds a comment, in characters.
const maxComment = 2000

// comment is a comment as it can be shown: its lines, without what controls how text is shown.
func comment(t text) string {
	shown := strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control)) {
			return -1
		}
		return r
	}, string(t))
	if runes := []rune(shown); len(runes) > maxComment {
		shown = string(runes[:maxComment])
	}
	return strings.TrimSpace(shown)
}

// standing is where an applicant's review stands, as it is sent.
type standing struct {
	Level   text   `json:"levelName"`
	Status  text   `json:"reviewStatus"`
	Attempt count  `json:"attemptCnt"`
	Result  review `json:"reviewResult"`
}

// rejected says whether there may be reasons of a rejection.
func (s standing) rejected() bool { return s.Result.Answer == onboarding.Red }
