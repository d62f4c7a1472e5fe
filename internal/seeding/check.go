package seeding

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// level is what the provider asks documents for by.
const level = "id-and-selfie"

// knownToSumsub is the registration with its applicant at the provider that checks documents, which are asked for.
func (m *maker) knownToSumsub(l *life) {
	l.Profile = onboarding.ProfileID(m.hex(12))
	l.Ask = ""
	l.goes(onboarding.Starting, l.CreatedAt.Add(2*answer), onboarding.ActorPortal, "profile known", "answer of the provider")
	l.goes(onboarding.Open, l.CreatedAt.Add(3*answer), onboarding.ActorPortal, "verification read", "read of the provider: documents are asked for")
	l.Verification = &onboarding.Verification{
		Level: level, Inspection: m.hex(12), Status: onboarding.ReviewInit, ReadAt: m.Now.Add(day), // or pages would have to read it
		Steps: []onboarding.Step{
			{Set: "IDENTITY", Types: []string{"PASSPORT", "ID_CARD", "DRIVERS"}, Video: "disabled"},
			{Set: "SELFIE", Types: []string{"SELFIE"}},
		},
	}
}

// checked is what becomes of an applicant whose documents are asked for: some never give them.
func (m *maker) checked(l *life, age time.Duration) {
	if age < 30*day && m.one(300) || m.one(30) {
		l.readAt = m.nextRead()
		return
	}
	at := m.endOf(l)
	m.give(l, at)
	l.goes(onboarding.Checking, at, onboarding.ActorApplicant, "check wanted", "")
	l.Verification.Status = onboarding.ReviewPending
	if age < 2*day && m.one(200) {
		l.readAt = m.nextRead()
		l.goes(onboarding.Checking, at.Add(2*time.Second), onboarding.ActorPortal, "verification read", `read of the provider: the check is "pending"`)
		return
	}
	to, review, evidence, decided := onboarding.Completed, onboarding.Review{Answer: onboarding.Green}, "approved", onboarding.MailApproved
	if m.one(40) {
		to, review, evidence, decided = onboarding.Rejected, onboarding.Review{Answer: onboarding.Red, RejectType: onboarding.Final}, "rejected for good", onboarding.MailRejected
	}
	l.ended = at.Add(min(time.Minute+m.within(10*time.Minute), m.Now.Sub(at)))
	l.hears("APPLICANTREVIEWED", "", l.ended, m)
	l.Verification.Status, l.Verification.Review, l.Verification.Attempt = onboarding.ReviewCompleted, review, 1
	l.Verification.ReadAt, l.Verification.Decided = l.ended, decided
	l.goes(to, l.ended, onboarding.ActorProvider, "verification read", "read of the provider: "+evidence)
}

// give has the applicant give a passport and a selfie, a little before they ask for the check.
func (m *maker) give(l *life, at time.Time) {
	v := l.Verification
	v.Data = onboarding.ApplicantData{"firstName": m.given(), "lastName": m.family(), "dob": "1980-02-29", "country": "GBR"}
	for i, docType := range []string{"PASSPORT", "SELFIE"} {
		step := &v.Steps[i]
		sent, image := at.Add(time.Duration(i-2)*time.Minute), m.hex(6)
		id := m.v7(sent)
		step.Given, step.Type, step.Country = true, docType, "GBR"
		step.Images = []onboarding.Image{{ID: image, Document: id.String(), Type: docType, Country: "GBR", AddedAt: sent.Truncate(time.Second)}}
		row := m.rows.add(documents).uuid(id).uuid(uuid.UUID(l.ID)).text(step.Set).text(docType).text("").text("GBR").text(string(onboarding.JPEG))
		row.bytes(m.bytes(32)).text(string(onboarding.DocumentSent)).text(image).texts(nil).text("").at(sent).at(sent.Add(time.Second))
	}
}

// storeVerification puts down how the applicant stood when last read. What prints as nothing elsewhere is written out.
func (m *maker) storeVerification(l life) {
	v := l.Verification
	if v == nil {
		return
	}
	text, err := json.Marshal(struct {
		onboarding.Verification
		Data map[string]string `json:"data,omitempty"`
	}{*v, v.Data})
	if err != nil && m.err == nil {
		m.err = err
	}
	row := m.rows.add(verifications).uuid(uuid.UUID(l.ID)).bytes(m.sealed(string(text), "verifications.sealed/"+l.ID.String()))
	row.text(v.Level).text(string(v.Status)).text(v.Review.Answer).text(v.Review.RejectType).at(v.ReadAt)
}
