package web

import (
	"net/http"

	"github.com/google/uuid"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// Answers to the question what to do with a form that was saved before and says something else now.
const (
	answerChange  = "change"
	answerAnother = "another"
)

// meeting is the entry that was saved with the form of a new one before. The browser's Back leads to such forms.
func (c companyVisit) meeting(t typedAssociate) (there onboarding.Associate, ok bool) {
	there, err := c.structure.Find(t.id)
	return there, err == nil && !t.draft && c.structure.Ending == ""
}

// anotherID is for somebody else who is typed into the form of an entry, whose place they must not take. It is the same
// each time that the same is sent.
func (t typedAssociate) anotherID() onboarding.AssociateID {
	return onboarding.AssociateID(uuid.NewSHA1(uuid.UUID(t.id), []byte(t.details().Tidied().Encode())))
}

// askAgain asks whether the entry is to be changed to what is typed now. The change is made of the entry as it is in the
// question.
func (s *Server) askAgain(r *http.Request, c companyVisit, t typedAssociate, there onboarding.Associate) answer {
	ctx := r.Context()
	name := nameOf(ctx, there, listedName)
	q := &templates.AssociateQuestion{Title: i18n.T(ctx, "associates.again")}
	if there.Draft() {
		q.Sentences = []string{i18n.T(ctx, "associates.again_draft", "name", name)}
		q.Answers = []templates.Answer{{Value: answerChange, Text: i18n.T(ctx, "associates.answer_change", "name", name)}}
	} else {
		q.Sentences = []string{i18n.T(ctx, "associates.again_sent", "name", name)}
	}
	q.Answers = append(q.Answers, templates.Answer{Value: answerAnother, Text: i18n.T(ctx, "associates.answer_another")})
	t.version = there.Version
	v := s.associateView(ctx, c, t)
	v.Question, v.Asked = q, t.id.String()
	if t.asked[t.id.String()] && t.answer == "" {
		unanswered(ctx, &v)
	}
	return answer{status: http.StatusConflict, page: templates.Associate(v)}
}
