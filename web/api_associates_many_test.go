package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// mostAnswer is how large the answer about 500 associates may be, in bytes.
const mostAnswer = 250 << 10

func TestFiveHundredAssociatesAreToldInOneAnswer(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	store := postgres.New(e.w.pool, sealKeys(t), postgres.NoJobs)
	reg := onboarding.RegistrationID(uuid.MustParse(e.behind().Registration.ID))
	for range 10 {
		err := store.Edit(t.Context(), reg, func(onboarding.Structure) (edit onboarding.Edit, err error) {
			for i := range 50 {
				edit.Put = append(edit.Put, onboarding.Associate{
					ID: onboarding.AssociateID(uuid.New()), Status: onboarding.AssociateDraft, Source: onboarding.SourceApplicant,
					CreatedAt: e.w.sandbox.Now(), Details: onboarding.Details{
						EntityType: onboarding.Individual, FamilyName: fmt.Sprint("Lovelace ", i), Roles: onboarding.AssociatedRoles,
					},
				})
			}
			return edit, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var all behind
	a := e.get("/registrations/ada/associates")
	if a.into(http.StatusOK, &all); len(all.Associates) != 500 || len(a.body) > mostAnswer {
		t.Errorf("%d associates in %d bytes", len(all.Associates), len(a.body))
	}
	e.entered(http.StatusCreated, ada)
}
