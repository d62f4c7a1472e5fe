package web

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"

	"portal/internal/onboarding"
	"portal/templates"
)

// verificationPage is the page for where a registration stands at a provider that checks documents.
func (s *Server) verificationPage(r *http.Request, v visit, reg onboarding.Registration) answer {
	reg = s.latest(r.Context(), reg)
	v = v.knowing(reg)
	switch {
	case reg.Moving(), reg.Status == onboarding.Open && reg.Verification == nil: // and cannot be read just now
		return s.waitingPage(r, v, reg)
	case s.asksHere(reg):
		return s.documentsPage(r, v, reg)
	case reg.Status == onboarding.Open:
		return s.sdkPage(r, v, reg)
	case reg.Status == onboarding.Checking:
		return s.checkPage(r, v, reg)
	}
	return s.verifiedPage(r, v, reg)
}

// latest reads the provider where what is known is old, or cannot be opened any more. Where it cannot be read the page shows
// what is known.
func (s *Server) latest(ctx context.Context, reg onboarding.Registration) onboarding.Registration {
	ctx, cancel := context.WithTimeout(ctx, readFor)
	defer cancel()
	if reg.Verification != nil {
		return s.Applicants.Engine.Latest(ctx, reg)
	}
	read, err := s.Applicants.Engine.Confirm(ctx, reg, false)
	if err != nil {
		s.Log.WarnContext(ctx, "verification not read", slog.String("registration_id", reg.ID.String()), slog.Any("error", err))
	}
	return read
}

// startsAnew says whether everything is asked for once more although there was a decision: somebody has reset it.
func startsAnew(v onboarding.Verification) bool {
	return v.Status == onboarding.ReviewInit && v.Decided != "" && !v.Review.Rejected()
}

// The stages of a check, as pages and scripts tell them apart, and that of a wait for a provider that does not answer. What
// is none of them is an empty one.
const (
	stageAway    = "away"
	stageSent    = "sent" // and nothing is known but that
	stageOnHold  = "on_hold"
	stageService = "awaiting_service"
	stageUser    = "awaiting_user"
)

// stages are those of the provider's statuses.
var stages = map[onboarding.ReviewStatus]string{
	onboarding.ReviewPending: stageSent, onboarding.ReviewQueued: stageSent, onboarding.ReviewPrechecked: stageSent,
	onboarding.ReviewOnHold: stageOnHold, onboarding.ReviewAwaitingService: stageService, onboarding.ReviewAwaitingUser: stageUser,
}

// isAway says whether a registration waits for a provider that does not answer, or has too much to do.
func isAway(reg onboarding.Registration) bool {
	unread := reg.Provider == onboarding.Sumsub && reg.Status == onboarding.Open && reg.Verification == nil
	return unread || reg.Moving() && reg.Tries > 0
}

// stageOf is how far the check of a registration is, or what it waits for; empty where there is nothing to tell.
func stageOf(reg onboarding.Registration) string {
	switch {
	case isAway(reg):
		return stageAway
	case reg.Status != onboarding.Checking:
		return ""
	case reg.Ask == onboarding.AskCheck, reg.Verification == nil: // what was read is from before
		return stageSent
	}
	return stages[reg.Verification.Status]
}

// checkPage is for somebody whose documents are being checked. It may be open for days, which is no sign of life.
func (s *Server) checkPage(r *http.Request, v visit, reg onboarding.Registration) answer {
	a := answer{page: templates.CheckUnderWay(templates.CheckView{
		Kind: stageOf(reg), Title: s.title(r.Context(), reg.Flow), StatusURL: unattendedPage(s.flowAddress("/status", reg.Flow)),
		Status: string(reg.Status), Stage: stageOf(reg), Mails: s.hears(v, reg), Days: s.flows[reg.Flow].ReviewDays, Reference: reg.ID.String(),
		Account: v.account(), Others: s.choices(r.Context(), v, reg.Flow),
	})}
	return s.watchedPage(r, v, a, personRefresh, s.flowAddress("", reg.Flow))
}

// hears says whether the applicant is told of the next decision by e-mail, whatever it is: of one that repeats what was decided
// before, nobody is told.
func (s *Server) hears(v visit, reg onboarding.Registration) bool {
	var before onboarding.Mail
	if reg.Verification != nil {
		before = reg.Verification.Decided
	}
	told := s.flows[reg.Flow].ResultMails
	switch before {
	case "":
		return v.Email != "" && told == onboarding.MailAlways
	case onboarding.MailRetry:
		return v.Email != "" && (told == onboarding.MailAlways || told == onboarding.MailChanges)
	}
	return false
}

// outcomesOf are the kinds of pages about what has become of checked documents.
var outcomesOf = map[onboarding.Status]string{
	onboarding.Completed: "approved", onboarding.Rejected: "rejected", onboarding.Closed: "removed",
}

// verifiedPage says what has become of a registration whose check has ended, or that a person has to look at.
func (s *Server) verifiedPage(r *http.Request, v visit, reg onboarding.Registration) answer {
	kind := cmp.Or(outcomesOf[reg.Status], string(reg.Status))
	if reg.Status == onboarding.NeedsAttention && reg.Verification != nil && reg.Verification.Review.Rejected() {
		kind = "undecided"
	}
	a := answer{page: templates.Outcome(templates.OutcomeView{
		Kind: kind, Title: s.title(r.Context(), reg.Flow), Flow: reg.Flow, Case: reg.Case,
		ContinueURL: s.flows[reg.Flow].CompletionURL, Reference: reg.ID.String(), Reasons: s.rejection(r.Context(), reg),
		Account: v.account(), Others: s.choices(r.Context(), v, reg.Flow),
	})}
	if reg.Status == onboarding.NeedsAttention {
		return s.lookingAgain(r, v, a, personRefresh, s.flowAddress("", reg.Flow))
	}
	return s.warned(r, v, a)
}
