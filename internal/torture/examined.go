package torture

import (
	"context"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/sandbox"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/sumsub"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
)

// documentsFlow is the flow of those who give documents, at the provider that checks them.
const documentsFlow = "documents"

// What that provider's account is opened with, and what it asks for at first.
const (
	appToken    = "sbx:torture-app-token"
	secretKey   = "torture-secret-key"
	askingLevel = "id-and-selfie"
)

// exam is what a run knows that is about applicants who give documents.
type exam struct {
	gifts    []gift                                  // what was given, or tried to be
	pictures int                                     // that there are
	looked   int                                     // effects of the provider that were looked at
	asked    map[string]bool                         // applicants whose check has begun before
	renewed  map[string]bool                         // those with something new since
	reopened map[string]int                          // how often staff had somebody send in the same again
	said     map[string]bool                         // those who have corrected what is known of them
	reads    map[onboarding.RegistrationID]time.Time // when what is stored of an applicant was read
	verdicts map[string]int                          // the last effect that was one, by applicant
	added    map[string]int                          // the effect that added an image
}

func newExam() *exam {
	return &exam{
		asked: map[string]bool{}, renewed: map[string]bool{}, reopened: map[string]int{}, said: map[string]bool{}, reads: map[onboarding.RegistrationID]time.Time{}, verdicts: map[string]int{}, added: map[string]int{},
	}
}

// documentUnknowns chooses how that provider behaves where its documentation does not say.
func documentUnknowns(choose Chooser) sumsub.Options {
	return sumsub.Options{
		NoRateLimits: true, CreateStatus: []int{200, 201}[choose(2, "create status")], ExtraFields: choose(2, "extra fields") == 1,
		NoImageResults: choose(3, "image results") == 2, AfterReupload: []string{"completed", "init"}[choose(2, "after reupload")],
		ProcessingMS: []int{500, 60_000, -1}[choose(3, "processing")], Verdict: []string{"none", "none", "green"}[choose(3, "verdicts")],
	}
}

// setUpExam gives the provider that checks documents its account.
func (r *run) setUpExam(o *sandbox.Options) {
	if r.exam == nil {
		return
	}
	r.office.lossy = r.choose(6, "webhooks get lost") == 5
	o.AppToken, o.SecretKey, o.Sumsub = appToken, secretKey, documentUnknowns(r.choose)
	o.SumsubWebhooks = sumsubwebhooks.Options{URL: r.receiver.URL, Secret: webhookSecret}
}

// examMoves are what happens in a run that is about applicants who give documents, each in any of their tabs.
func (r *run) examMoves() []move {
	return []move{
		{"starting", 2, func(context.Context) error { return r.startOf(documentsFlow) }},
		{"giving", 8, func(ctx context.Context) error { return r.give(ctx, 1) }},
		{"giving in two tabs", 2, func(ctx context.Context) error { return r.give(ctx, 2) }},
		{"asking for the check", 3, r.askForCheck},
		{"visiting", 1, r.visit},
		{"correcting data", 1, r.correct},
		{"staff", 5, r.staffAct},
		{"sweeping", 3, r.sweep},
		{"processing", 3, r.process},
		{"delivering", 5, r.deliver},
		{"reading silent ones", 1, r.readSilent},
	}
}

// foundExam lets a run that is about documents begin where something has been given already, or asked for.
func (r *run) foundExam(ctx context.Context) error {
	if r.exam == nil {
		return nil
	}
	begun := r.choose(4, "head start")
	if begun == 0 {
		return nil
	}
	r.wire.calm = true
	defer func() { r.wire.calm = false }()
	if err := r.startOf(documentsFlow); err != nil {
		return err
	}
	r.finish()
	regs, err := r.examined(ctx)
	if err != nil || begun == 1 {
		return err
	}
	for range 4 { // more than the level wants
		if err := r.giveNext(ctx, r.processes[0], regs[0]); err != nil {
			return err
		}
	}
	if begun == 2 {
		return nil
	}
	return r.askNow(ctx, r.processes[0], regs[0])
}

// examined lists the registrations of those who give documents.
func (r *run) examined(ctx context.Context) (list []onboarding.RegistrationID, err error) {
	ids, err := rowsOf[struct{ ID uuid.UUID }](ctx, r.bench.Pool, `select id from registrations where provider = 'sumsub' order by id`)
	for _, row := range ids {
		list = append(list, onboarding.RegistrationID(row.ID))
	}
	return list, err
}

// desk has something done about a registration in a tab of its own, which shows it as it is stored now. Nothing is done where
// open returns nothing.
func (r *run) desk(ctx context.Context, what string, open func(p *replica, reg onboarding.Registration) func(ctx context.Context) error) error {
	list, err := r.examined(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	reg, err := r.store.Registration(ctx, one(r, list, "which registration"))
	if err != nil {
		return err
	}
	p := r.any()
	if do := open(p, reg); do != nil {
		r.begin(&p.process, what, do)
	}
	return nil
}

// lookAtEffects notes what has happened at the provider since the last look, and judges every check that has begun: nothing
// that it is about can change before its end.
func (r *run) lookAtEffects() {
	if r.exam == nil {
		return
	}
	all := r.sandbox.Effects()
	for _, e := range all[r.exam.looked:] {
		switch e.Kind {
		case effects.DocumentAdd:
			r.exam.added[e.ID] = e.Seq
			r.exam.renewed[e.ProfileID] = true
		case effects.ApplicantReset, effects.ApplicantUpdate:
			r.exam.renewed[e.ProfileID] = true
		case effects.Verdict:
			r.exam.verdicts[e.ProfileID] = e.Seq
		case effects.CheckRequest:
			r.judgeCheck(e)
			r.exam.asked[e.ProfileID], r.exam.renewed[e.ProfileID] = true, false
		}
	}
	r.exam.looked = len(all)
}

// readInOrder makes sure that nothing older is stored of an applicant than what is stored already.
func (r *run) readInOrder(saved onboarding.Registration) {
	if r.exam == nil || saved.Verification == nil {
		return
	}
	if last := r.exam.reads[saved.ID]; saved.Verification.ReadAt.Before(last) {
		r.say("registration %s: what was read at %s is stored over what was read at %s", saved.ID, saved.Verification.ReadAt, last)
	}
	r.exam.reads[saved.ID] = saved.Verification.ReadAt
}
