package torture

import (
	"context"

	"portal/internal/onboarding"
)

// askForCheck is the press of the button that sends everything for review, wherever it is still shown.
func (r *run) askForCheck(ctx context.Context) error {
	return r.desk(ctx, "asking for the check", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		return func(ctx context.Context) error { return r.askNow(ctx, p, reg.ID) }
	})
}

func (r *run) askNow(ctx context.Context, p *replica, id onboarding.RegistrationID) error {
	reg, err := r.store.Registration(ctx, id)
	if err != nil {
		return err
	}
	if _, err = p.engine.RequestCheck(ctx, reg); err != nil {
		return err
	}
	return p.engine.Advance(ctx, id)
}

// visit is an applicant who looks how things stand.
func (r *run) visit(ctx context.Context) error {
	return r.desk(ctx, "visiting", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		return func(ctx context.Context) error {
			p.engine.Latest(ctx, reg)
			return nil
		}
	})
}

// correct is an applicant who says who they are once more, where that is asked for.
func (r *run) correct(ctx context.Context) error {
	return r.desk(ctx, "correcting data", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		if reg.Verification == nil || !reg.Verification.WantsData() {
			return nil
		}
		return func(ctx context.Context) error { return r.correctNow(ctx, p, reg) }
	})
}

func (r *run) correctNow(ctx context.Context, p *replica, reg onboarding.Registration) error {
	d := onboarding.ApplicantData{}
	for _, f := range reg.Verification.DataFields() {
		d[f.Name] = corrections[f.Name]
	}
	r.exam.said[string(reg.Profile)] = true
	_, err := p.uploads.Provide(ctx, reg, d)
	return err
}

// corrections are what applicants say of themselves.
var corrections = map[string]string{
	onboarding.FieldFirstName: "Adamantia", onboarding.FieldLastName: "Papadopoulou-Weiß", onboarding.FieldBirth: "1980-02-29",
	onboarding.FieldEmail: "adamantia@facts.example", onboarding.FieldMiddleName: "Maria",
}
