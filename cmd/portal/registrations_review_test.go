package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// examined is a registration whose applicant was rejected without a word whether for good.
func examined(r onboarding.Registration) onboarding.Registration {
	r.Status, r.Profile, r.DueAt, r.Cause = onboarding.NeedsAttention, "5c9e177b0a975a6eeccf5960", time.Time{}, "rejected, and nobody says whether for good"
	r.Verification = &onboarding.Verification{
		Level: "id-and-selfie", Status: onboarding.ReviewCompleted, ReadAt: r.CreatedAt,
		Review: onboarding.Review{Answer: onboarding.Red, Comment: "Dear " + address, Labels: []string{"OTHER"}},
		Data:   onboarding.ApplicantData{"email": address},
	}
	return r
}

// withDocument stores a document that was given.
func (o *office) withDocument(t *testing.T, r onboarding.Registration) onboarding.Document {
	t.Helper()
	d := onboarding.Document{
		ID: onboarding.DocumentID(uuid.Must(uuid.NewV7())), Registration: r.ID, Country: "GBR", Format: onboarding.JPEG, Status: onboarding.DocumentSending,
		Place: onboarding.Place{Set: "IDENTITY", Type: "ID_CARD", Side: onboarding.FrontSide},
	}
	if _, err := o.store.TakePlace(t.Context(), d, time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	d.Status, d.Image, d.Advice, d.Until = onboarding.DocumentSent, "1045510331", []string{"badSelfie"}, time.Now()
	if err := o.store.SettleDocument(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOperatorsSeeHowACheckStandsAndNobodysData(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.registrationAt(t, onboarding.Sumsub, func(r onboarding.Registration) onboarding.Registration {
		r = examined(r)
		r.Status, r.Cause = onboarding.Open, ""
		return r
	})
	o.withDocument(t, r)
	r, err := o.store.Save(t.Context(), withEntry(examined(r), onboarding.ActorProvider, onboarding.Open, time.Now().Truncate(time.Microsecond)), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	page := o.portal(t, exitOK, "registrations", "show", r.ID.String())
	for _, want := range []string{"THE CHECK AT THE PROVIDER", "id-and-selfie", "completed", "RED", "DOCUMENTS GIVEN HERE", "ID_CARD FRONT_SIDE", "1045510331", "badSelfie", "once you have decided there", "--again"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing:\n%s", want, page)
		}
	}
	text := o.portal(t, exitOK, "registrations", "show", r.ID.String(), "--json")
	var row struct {
		Provider  string
		Review    struct{ Answer string }
		Documents []struct{ Image string }
		Commands  []string
	}
	if err := json.Unmarshal([]byte(text), &row); err != nil || row.Provider != "sumsub" || row.Review.Answer != "RED" || len(row.Documents) != 1 || len(row.Commands) != 1 {
		t.Errorf("%v: %s", err, text)
	}
	if strings.Contains(page+text, address) || strings.Contains(page, "--new-profile") {
		t.Errorf("personal data, or what is of no use:\n%s\n%s", page, text)
	}
	if list := o.portal(t, exitOK, "registrations", "list"); !strings.Contains(list, r.ID.String()) {
		t.Errorf("it is not among what a person should look at:\n%s", list)
	}
	o.portal(t, exitOK, "registrations", "resolve", r.ID.String(), "--again", "--why", "decided in the dashboard")
	got, err := o.store.Registration(t.Context(), r.ID)
	if err != nil || got.Status != onboarding.Starting || got.Profile != r.Profile || got.DueAt.IsZero() {
		t.Errorf("it is not read again: %+v, %v", got, err)
	}
}
