package passfort_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
)

func TestBehindTellsEverybodyOnce(t *testing.T) {
	t.Parallel()
	const application = `{"id":"a-1","product":{"alias":"checks","name":"Checks"},"associated_role":"DIRECTOR","status":"NEW_WORD","flag":7,
		"required_tasks":[{"id":"v-1","name":"Identity","task_type":"INDIVIDUAL_VERIFY_IDENTITY"}]}`
	text := `{"metadata":{"name":"Zimmer Ltd","number":"1","country_of_incorporation":"RKS"},
		"officers":{"directors":[{"linked_profile":{"id":"P-1"}},{"linked_profile":{"id":"P-2","applications":null}},{"immediate_data":{}}],
			"partners":[{"linked_profile":{"id":"C-1","collected_data":{"officers":{"directors":[{"linked_profile":{"id":"P-3","applications":[` + application + `]}}]}}}}]},
		"ownership_structure":{"global_ultimate_owners":[{"linked_profile":{"id":"p-1","applications":[` + application + `]}}]},
		"unauthorized_persons":[{"linked_profile":{"id":"P-4"}},{"linked_profile":{"id":"no id/"}}]}`
	seen := []onboarding.Application{{
		ID: "a-1", ProductAlias: "checks", ProductName: "Checks", Role: "DIRECTOR", Status: "NEW_WORD",
		RequiredTasks: []onboarding.RequiredTask{{ID: "v-1", Type: "INDIVIDUAL_VERIFY_IDENTITY", Name: "Identity"}},
	}}
	none := []onboarding.Application{}
	want := onboarding.BehindView{
		Own: onboarding.Details{EntityType: onboarding.Company, Name: "Zimmer Ltd", Number: "1", Country: "XKX"},
		Associates: []onboarding.AssociateView{
			{Profile: "P-1", Roles: roles(onboarding.Director, onboarding.GlobalUltimateOwner), Applications: seen},
			{Profile: "P-2", Roles: roles(onboarding.Director), Applications: none},
			{Profile: "C-1", Roles: roles(onboarding.Partner), Applications: none},
			{Profile: "P-3", Roles: roles(onboarding.Director), Applications: seen},
			{Profile: "P-4", Roles: roles("UNAUTHORIZED_PERSON"), Applications: none},
		},
	}
	got, err := placing.Behind(fileOf(text))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, (-want +got):\n%s", err, diff)
	}
}

func roles(list ...onboarding.AssociatedRole) []onboarding.AssociatedRole { return list }

func TestBehindMakesTheBestOfWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{}`, `{"metadata":"x"}`, `{"metadata":{"name":7}}`, `{"officers":null,"authorized_persons":null}`} {
		got, err := placing.Behind(fileOf(text))
		if diff := cmp.Diff(onboarding.BehindView{Own: onboarding.Details{EntityType: onboarding.Company}}, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", text, err, diff)
		}
	}
}

// TestBehindOverlooksNobody holds that who cannot be read is not taken for somebody who is not there.
func TestBehindOverlooksNobody(t *testing.T) {
	t.Parallel()
	const link = `{"officers":{"directors":[{"linked_profile":{"id":"P-1",%s}}]}}`
	for _, text := range []string{
		``, `[]`, `{"officers":"Zimmer"}`, `{"authorized_persons":{}}`, `{"authorized_persons":["Zimmer"]}`,
		fmt.Sprintf(link, `"applications":{"Zimmer":1}`), fmt.Sprintf(link, `"collected_data":"Zimmer"`),
		fmt.Sprintf(link, `"collected_data":{"officers":"Zimmer"}`),
	} {
		got, err := placing.Behind(fileOf(text))
		wantKind(t, err, onboarding.Busy)
		if !errors.Is(err, onboarding.ErrUnreadable) || !cmp.Equal(got, onboarding.BehindView{}) || strings.Contains(err.Error(), "Zimmer") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestBehindLooksTenLevelsDeep(t *testing.T) {
	t.Parallel()
	text := `{}`
	for level := 12; level > 0; level-- {
		text = fmt.Sprintf(`{"officers":{"partners":[{"linked_profile":{"id":"C-%d","collected_data":%s}}]}}`, level, text)
	}
	got, err := placing.Behind(fileOf(text))
	if err != nil || len(got.Associates) != 10 || got.Associates[9].Profile != "C-10" {
		t.Errorf("%+v, %v", got, err)
	}
}
