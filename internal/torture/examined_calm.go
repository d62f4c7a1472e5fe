package torture

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"portal/internal/onboarding"
)

// calmExam lets everything come to rest, looks whether the portal knows how things stand, and has every applicant finish.
func (r *run) calmExam(ctx context.Context) error {
	if err := r.rest(ctx, []span{{time.Second, 20}, {10 * time.Second, 20}, {time.Minute, 20}}, true); err != nil {
		return err
	}
	if !r.blind() {
		if err := r.judgeStanding(ctx); err != nil {
			return err
		}
	}
	if err := r.comeBack(ctx); err != nil {
		return err
	}
	if err := errors.Join(r.judgeStanding(ctx), r.judgeAskedAgain(ctx)); err != nil {
		return err
	}
	return r.insist(ctx)
}

// blind says whether webhooks may be lost for good, so that only who reads the provider knows how things stand.
func (r *run) blind() bool { return r.silent || r.office.lossy }

// comeBack has every applicant look at their page after a while.
func (r *run) comeBack(ctx context.Context) error {
	if err := r.pass(16 * time.Minute); err != nil {
		return err
	}
	list, err := r.examined(ctx)
	if err != nil {
		return err
	}
	for _, id := range list {
		reg, err := r.store.Registration(ctx, id)
		if err != nil {
			return err
		}
		r.processes[0].engine.Latest(ctx, reg)
	}
	_, err = r.settleDown(ctx)
	return err
}

// mostRounds is more than anybody needs to finish.
const mostRounds = 40

// insist has every applicant do what their page asks for, and staff approve, until all are through.
func (r *run) insist(ctx context.Context) error {
	left := map[onboarding.RegistrationID]string{}
	for range mostRounds {
		clear(left)
		list, err := r.examined(ctx)
		if err != nil {
			return err
		}
		wait := 2 * time.Second
		for _, id := range list {
			why, err := r.goThrough(ctx, id)
			if why != "" {
				left[id] = why
			}
			if asked, ok := errors.AsType[*onboarding.Error](err); ok {
				wait = max(wait, asked.RetryAfter)
			} else if err != nil {
				return err
			}
		}
		if len(left) == 0 {
			break
		}
		if err := r.nextRound(ctx, wait); err != nil {
			return err
		}
	}
	for id, why := range left {
		reg, err := r.store.Registration(ctx, id)
		if err != nil {
			return err
		}
		r.say("registration %s cannot be finished: %s; %s", id, why, r.differences(reg))
	}
	return nil
}

func (r *run) nextRound(ctx context.Context, wait time.Duration) error {
	if err := r.pass(wait); err != nil {
		return err
	}
	if r.blind() {
		return r.comeBack(ctx)
	}
	_, err := r.settleDown(ctx)
	return err
}

// goThrough does the next thing for an applicant, and says what is still to come.
func (r *run) goThrough(ctx context.Context, id onboarding.RegistrationID) (left string, err error) {
	reg, err := r.store.Registration(ctx, id)
	if err != nil {
		return "", err
	}
	p, staff := r.processes[0], r.sandbox.Sumsub()
	r.tell("registration %s goes through as %s %s", id, reg.Status, reg.Ask)
	switch v := reg.Verification; {
	case reg.Status == onboarding.Completed, reg.Status == onboarding.Rejected:
		return "", nil
	case reg.Status == onboarding.Open && v.WantsData():
		err = r.correctNow(ctx, p, reg)
	case reg.Status == onboarding.Open && v.Complete():
		err = r.askNow(ctx, p, id)
	case reg.Status == onboarding.Open:
		err = r.giveNext(ctx, p, id)
	case reg.Status == onboarding.Closed:
		err = staff.SetPresence(string(reg.Profile), "activated")
	case reg.Ask == "" && v != nil && (v.Status != onboarding.ReviewInit):
		r.tell("staff approve applicant %s", reg.Profile)
		err = staff.Decide(string(reg.Profile), green())
	}
	left = "it is " + string(reg.Status) + " " + string(reg.Ask)
	if err != nil {
		left += ": " + err.Error()
	}
	return cmp.Or(left, "-"), err
}

// differences are how the steps stand here and at the provider.
func (r *run) differences(reg onboarding.Registration) string {
	d, err := r.sandbox.Sumsub().Detail(string(reg.Profile))
	if err != nil || reg.Verification == nil {
		return "and nobody can read how it stands"
	}
	text := "the provider misses " + strings.Join(d.Missing, ", ")
	for _, s := range reg.Verification.Steps {
		text += "; " + s.Set + " is " + string(reg.Verification.StateOf(s)) + " here"
	}
	return text
}
