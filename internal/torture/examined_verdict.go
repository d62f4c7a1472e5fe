package torture

import (
	"context"
	"slices"
	"strings"

	"portal/internal/onboarding"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/sumsub"
)

// ExamOutcome is what came of the documents of a run.
type ExamOutcome struct {
	Given    int // pictures that the provider took
	Replaced int // of them, taken away again
	Asked    int // checks that began
}

func (r *run) examOutcome() (o ExamOutcome) {
	if r.exam == nil {
		return o
	}
	for _, e := range r.sandbox.Effects() {
		switch e.Kind {
		case effects.DocumentAdd:
			o.Given++
		case effects.DocumentRemove:
			o.Replaced++
		case effects.CheckRequest:
			o.Asked++
		}
	}
	return o
}

// judgeExam compares what the provider that checks documents has with what was given, asked for and recorded.
func (r *run) judgeExam(ctx context.Context, records Records) error {
	if r.exam == nil {
		return nil
	}
	rows, err := r.documentRows(ctx)
	if err != nil {
		return err
	}
	for _, reg := range records.Registrations {
		created := r.created(effects.ApplicantCreate, refPrefix+reg.ID)
		if len(created) > 1 || reg.Profile != "" && !slices.Equal(created, []string{reg.Profile}) {
			r.say("registration %s has applicant %q, and created were %q", reg.ID, reg.Profile, created)
		}
		if len(created) != 1 {
			continue
		}
		d, err := r.sandbox.Sumsub().Detail(created[0])
		if err != nil {
			return err
		}
		r.judgeFacts(reg, d)
		r.judgeImages(reg, d, rows)
		asked := r.created(effects.CheckRequest, refPrefix+reg.ID)
		if len(asked) > reg.Checks+r.exam.reopened[d.ID] { // which may undo a check before the portal has seen it
			r.say("registration %s: %d checks began, and %d were promised", reg.ID, len(asked), reg.Checks)
		}
	}
	r.judgeStrangers(records)
	return r.judgeStanding(ctx)
}

// created are the ids of what was made with a reference, or for it.
func (r *run) created(kind, reference string) (ids []string) {
	for _, e := range r.sandbox.Effects() {
		if e.Kind == kind && e.CustomerRef == reference {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// judgeStrangers makes sure that nobody was created at the provider for no registration.
func (r *run) judgeStrangers(records Records) {
	for _, a := range r.sandbox.Sumsub().Overviews(1000) {
		id, _ := strings.CutPrefix(a.ExternalUserID, refPrefix)
		if !slices.ContainsFunc(records.Registrations, func(reg Registration) bool { return reg.ID == id }) {
			r.say("applicant %s was created for nobody: %s", a.ID, a.ExternalUserID)
		}
	}
}

// judgeFacts makes sure that the provider knows what was known from the start, unless the applicant has corrected it.
func (r *run) judgeFacts(reg Registration, d sumsub.Detail) {
	f := r.given[registrationID(reg.ID)].facts
	known := strings.TrimSpace(strings.Join(f.GivenNames, " ") + " " + f.FamilyName)
	if !r.exam.said[d.ID] && d.Name != known {
		r.say("applicant %s is called %q, and was known as %q", d.ID, d.Name, known)
	}
}

// judgeStanding makes sure that every registration stands as the provider has it.
func (r *run) judgeStanding(ctx context.Context) error {
	records, err := Read(ctx, r.bench.Pool)
	if err != nil {
		return err
	}
	for _, reg := range records.Registrations {
		if reg.Profile == "" {
			continue
		}
		d, err := r.sandbox.Sumsub().Detail(reg.Profile)
		if err != nil {
			return err
		}
		if want := standing(d.Overview); reg.Status != want {
			r.say("registration %s is %s and should be %s: its applicant is %s %s %s", reg.ID, reg.Status, want, d.Status, d.Answer, d.RejectType)
		}
	}
	return nil
}

// standing is what an applicant's state at the provider means.
func standing(a sumsub.Overview) string {
	switch {
	case a.Deleted || a.Deactivated:
		return "closed"
	case a.Status == "init":
		return "open"
	case a.Status != "completed":
		return "checking"
	}
	switch a.Answer + " " + a.RejectType {
	case "GREEN ":
		return "completed"
	case "RED RETRY":
		return "open"
	case "RED FINAL":
		return "rejected"
	}
	return "needs_attention"
}

// judgeAskedAgain makes sure that nobody is asked once more for a picture that the provider has and has not rejected since.
func (r *run) judgeAskedAgain(ctx context.Context) error {
	list, err := r.examined(ctx)
	if err != nil {
		return err
	}
	r.lookAtEffects()
	for _, id := range list {
		reg, err := r.store.Registration(ctx, id)
		if err != nil {
			return err
		}
		if reg.Status != onboarding.Open {
			continue
		}
		d, err := r.sandbox.Sumsub().Detail(string(reg.Profile))
		if err != nil {
			return err
		}
		for _, s := range d.Steps {
			r.judgeStepAskedAgain(*reg.Verification, d.ID, s)
		}
	}
	return nil
}

func (r *run) judgeStepAskedAgain(v onboarding.Verification, applicant string, s sumsub.StepOverview) {
	step, ok := v.Step(s.Set)
	if !ok {
		r.say("applicant %s is not asked for %s", applicant, s.Set)
		return
	}
	for _, i := range s.Images {
		fresh := r.exam.added[i.ID] > r.exam.verdicts[applicant]
		if !i.Deactivated && (fresh || i.Answer == "GREEN") && slices.Contains(v.Wanted(step, i.Type), i.Side) {
			r.say("applicant %s is asked once more for %s %s of %s, which is there as image %s", applicant, i.Type, i.Side, s.Set, i.ID)
		}
	}
}
