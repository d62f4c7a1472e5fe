package web

import (
	"context"
	"maps"
	"slices"
	"strings"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// Answers to the question whether somebody is there already.
const (
	answerSame     = "same:" // and the id of the one they are
	answerDistinct = "distinct"
	answerRemove   = "remove" // of a draft that was changed, and turns out to be there twice
)

// mostAsked is how many of those who resemble somebody are named.
const mostAsked = 5

// askedAbout says whether a resemblance is to nobody but those who were asked about.
func (t typedAssociate) askedAbout(like *onboarding.Resemblance) bool {
	for _, id := range slices.Concat(like.Same, like.Elsewhere, like.Above) {
		if !t.asked[id.String()] {
			return false
		}
	}
	return true
}

// ask puts the question into the view whether somebody is there already.
func (s *Server) ask(ctx context.Context, v *templates.AssociateView, c companyVisit, t typedAssociate, like *onboarding.Resemblance) {
	q := &templates.AssociateQuestion{Title: i18n.T(ctx, "associates.question")}
	company := t.form.Type == string(onboarding.Company)
	say := func(key string, id onboarding.AssociateID) {
		q.Sentences = append(q.Sentences, i18n.T(ctx, key, "name", resembling(ctx, c, id), "place", placeInStructure(ctx, c, id)))
	}
	for _, id := range first(like.Same) {
		say("associates.same", id)
		if !t.draft {
			q.Answers = append(q.Answers, templates.Answer{Value: answerSame + id.String(), Text: sameText(ctx, c, id, company)})
		}
	}
	if len(like.Same) > 0 && t.draft {
		q.Answers = append(q.Answers, templates.Answer{Value: answerRemove, Text: i18n.T(ctx, "associates.answer_remove")})
	}
	for _, id := range first(like.Elsewhere) {
		say("associates.elsewhere", id)
	}
	for _, id := range first(like.Above) {
		say("associates.above", id)
	}
	q.Answers = append(q.Answers, templates.Answer{Value: answerDistinct, Text: i18n.T(ctx, distinctKey(like, company))})
	v.Question = q
	ids := map[string]bool{}
	for _, id := range slices.Concat(like.Same, like.Elsewhere, like.Above) {
		ids[id.String()] = true
	}
	v.Asked = strings.Join(slices.Sorted(maps.Keys(ids)), " ")
	if len(t.asked) > 0 && t.answer == "" {
		unanswered(ctx, v)
	}
}

// unanswered says that the question needs an answer.
func unanswered(ctx context.Context, v *templates.AssociateView) {
	text := i18n.T(ctx, "error.associate_answer")
	v.Errors = map[string]string{"answer": text}
	v.Troubles = []templates.Trouble{{To: "#answer", Text: text}}
}

func first(ids []onboarding.AssociateID) []onboarding.AssociateID {
	return ids[:min(len(ids), mostAsked)]
}

// distinctKey is the message key of the answer that it is nobody who is there.
func distinctKey(like *onboarding.Resemblance, company bool) string {
	switch {
	case company && len(like.Same)+len(like.Above) > 0:
		return "associates.answer_other_company"
	case len(like.Same) > 0:
		return "associates.answer_other_person"
	}
	return "associates.answer_here_too"
}

// sameText is the answer that it is one who is there. What is added to an entry that was sent is passed on at once.
func sameText(ctx context.Context, c companyVisit, id onboarding.AssociateID, company bool) string {
	there, err := c.structure.Find(id)
	sent := err == nil && !there.Draft()
	key := "associates.answer_same_person"
	switch {
	case company && sent:
		key = "associates.answer_same_company_sent"
	case company:
		key = "associates.answer_same_company"
	case sent:
		key = "associates.answer_same_person_sent"
	}
	return i18n.T(ctx, key, "name", resembling(ctx, c, id))
}

// resembling is the name of one who is there; the zero id stands for the registration's own company.
func resembling(ctx context.Context, c companyVisit, id onboarding.AssociateID) string {
	a, err := c.structure.Find(id)
	if err != nil {
		return ownName(ctx, c.structure)
	}
	return nameOf(ctx, a, listedName)
}

// placeInStructure is the company that has an associate behind it.
func placeInStructure(ctx context.Context, c companyVisit, id onboarding.AssociateID) string {
	a, err := c.structure.Find(id)
	if err != nil {
		return ownName(ctx, c.structure)
	}
	return resembling(ctx, c, a.Parent)
}
