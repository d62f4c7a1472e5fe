package web_test

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/postgres"
	checks "portal/internal/sandbox/sumsub"
)

// verification is one applicant's, with what the provider's staff can do to it.
type verification struct {
	*browser
	flow string
	id   string // of the registration, by which the provider knows the applicant
}

// verify signs somebody in and starts a flow whose documents are checked.
func (w *world) verify(email, flow string) *verification {
	w.t.Helper()
	b := w.browser().signIn(email)
	b.post("/start", "flow", flow).leads("")
	b.await("open")
	id := w.text("select id::text from registrations where flow = '" + flow + "' order by created_at desc limit 1")
	return &verification{browser: b, flow: flow, id: id}
}

// shown is the applicant's page once the portal has read what is new at the provider.
func (v *verification) shown() page {
	v.w.t.Helper()
	v.w.pass(16 * time.Minute) // what was read before is old now
	return v.get("?flow=" + v.flow)
}

// becomes brings the verification into a status that is not the end.
func (v *verification) becomes(status onboarding.ReviewStatus) {
	v.w.t.Helper()
	v.must(v.w.sandbox.Sumsub().SetStatus(v.id, string(status)))
}

// decided gives it a verdict.
func (v *verification) decided(f checks.Finding) {
	v.w.t.Helper()
	v.must(v.w.sandbox.Sumsub().Decide(v.id, checks.Verdict{Finding: f}))
}

// resets has everything asked for anew.
func (v *verification) resets() {
	v.w.t.Helper()
	v.must(v.w.sandbox.Sumsub().ResetApplicant(v.id, ""))
}

// stored changes what the portal knows, into something that the sandbox never says.
func (v *verification) stored(change func(r *onboarding.Registration)) {
	v.w.t.Helper()
	store := postgres.New(v.w.pool, sealKeys(v.w.t), postgres.NoJobs)
	r, err := store.Registration(v.w.t.Context(), onboarding.RegistrationID(uuid.MustParse(v.id)))
	v.must(err)
	change(&r)
	_, err = store.Save(v.w.t.Context(), r, time.Time{})
	v.must(err)
}

func (v *verification) must(err error) {
	v.w.t.Helper()
	if err != nil {
		v.w.t.Fatal(err)
	}
}

// told is what scripts are told.
func (v *verification) told() status {
	v.w.t.Helper()
	return v.get("/status?flow=" + v.flow).statusAnswer(http.StatusOK)
}

var green = checks.Finding{Answer: onboarding.Green}

// red is a rejection of that type, with words for the applicant and others for the company.
func red(rejectType, comment string, labels ...string) checks.Finding {
	return checks.Finding{Answer: onboarding.Red, RejectType: rejectType, Comment: comment, Labels: labels, ClientComment: forStaff}
}

// forStaff is what the provider says to the company alone.
const forStaff = "No applicant may ever read this"
