package passfort_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	setup "portal/internal/sandbox/passfort/account"
)

// addBusiness creates a company that applies for the business account and has its tasks.
func (a *account) addBusiness(t *testing.T) string {
	t.Helper()
	r := a.api(t, "POST", "/4.0/profiles",
		`{"role":"COMPANY_CUSTOMER","applications":[{"product":{"alias":"business-account"}}],"collected_data":{"entity_type":"COMPANY"}}`)
	a.advance(t, appears)
	return r.text("id")
}

// roles are the roles in which a profile applies.
func (a *account) roles(t *testing.T, id string) []any {
	t.Helper()
	return a.profile(t, id).each("associated_role", "applications")
}

func variantID(alias string) string {
	task, _ := setup.Default().Task(alias)
	return task.VariantID()
}

func TestAssociateAppliesOncePerRoleAfterAWhile(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	company, person := a.addBusiness(t), a.addAssociate(t, "INDIVIDUAL")
	entry := "[" + linked("INDIVIDUAL", person, "") + "]"

	r := a.mustReplace(t, company, `{"entity_type":"COMPANY","officers":{"directors":`+entry+`},"ownership_structure":{"beneficial_owners":`+entry+`}}`)

	// A beneficial owner is on two lists and has one application all the same.
	want := []any{variantID("identify-owners"), variantID("assess-ownership")}
	if diff := cmp.Diff(want, r.at("ownership_structure", "beneficial_owners", 0, "task_variant_ids")); diff != "" {
		t.Error(diff)
	}
	if got := a.roles(t, person); len(got) != 0 {
		t.Errorf("at once: %v", got)
	}
	a.advance(t, appears)
	shown := a.profile(t, person)
	if diff := cmp.Diff([]any{"DIRECTOR", "BENEFICIAL_OWNER"}, shown.each("associated_role", "applications")); diff != "" {
		t.Error(diff)
	}
	if len(shown.each("id", "tasks")) != 2 || shown.at("applications", 0, "product", "alias") != "associate-checks" || shown.at("category") != "APPLICANT" {
		t.Errorf("answer: %s", shown.raw)
	}
	a.mustReplace(t, company, r.raw)
	a.advance(t, appears)
	if got := a.roles(t, person); len(got) != 2 {
		t.Errorf("after the data was sent back: %v", got)
	}
}

func TestAutomaticAdditionHasExceptions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		role, more string
		added      bool
	}{
		"director":                           {"DIRECTOR", "", true},
		"partner":                            {"PARTNER", "", true},
		"trustee":                            {"TRUSTEE", "", true},
		"beneficial owner":                   {"BENEFICIAL_OWNER", "", true},
		"controlling shareholder":            {"CONTROLLING_SHAREHOLDER", "", true},
		"global ultimate owner":              {"GLOBAL_ULTIMATE_OWNER", "", true},
		"authorized person":                  {"AUTHORIZED_PERSON", "", true},
		"shareholder of a total":             {"SHAREHOLDER", `,"total_percentage":12.5`, true},
		"shareholder of a share class":       {"SHAREHOLDER", `,"shareholdings":[{"share_class":"A","percentage":1}]`, true},
		"authorized until tomorrow":          {"AUTHORIZED_PERSON", `,"resigned_on":"2026-03-02"`, true},
		"authorized until today":             {"AUTHORIZED_PERSON", `,"resigned_on":"2026-03-01"`, false},
		"authorized in the past":             {"AUTHORIZED_PERSON", `,"appointed_on":"2019-01-01","resigned_on":"2020-01-01"`, false},
		"shareholder of unknown percentage":  {"SHAREHOLDER", `,"shareholdings":[{"share_class":"A","amount":1}]`, false},
		"shareholder of nothing known":       {"SHAREHOLDER", "", false},
		"company secretary":                  {"COMPANY_SECRETARY", "", false},
		"officer of another kind":            {"OTHER", "", false},
		"resigned officer":                   {"RESIGNED_OFFICER", "", false},
		"person who is not authorized":       {"UNAUTHORIZED_PERSON", "", false},
		"secretary named for the list":       {"COMPANY_SECRETARY", `,"task_variant_ids":["` + variantID("identify-officers") + `"]`, true},
		"secretary named for the wrong list": {"COMPANY_SECRETARY", `,"task_variant_ids":["` + variantID("identify-owners") + `"]`, false},
		"shareholder named for the list":     {"SHAREHOLDER", `,"task_variant_ids":["` + variantID("identify-owners") + `"]`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			company, person := a.addBusiness(t), a.addAssociate(t, "INDIVIDUAL")
			a.mustReplace(t, company, companyWith(lists[c.role], linked("INDIVIDUAL", person, c.more)))
			a.advance(t, appears)

			if got := a.roles(t, person); slices.Equal(got, []any{c.role}) != c.added {
				t.Errorf("applications in the roles %v", got)
			}
		})
	}
}

func TestManualListsNeedTheIDsOfTaskVariants(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{ManualLists: true})
	company, named, other := a.addBusiness(t), a.addAssociate(t, "INDIVIDUAL"), a.addAssociate(t, "INDIVIDUAL")
	required := a.profile(t, company).at("applications", 0, "required_tasks", 1)
	officers, _ := required.(map[string]any)["id"].(string)

	r := a.mustReplace(t, company, companyWith("officers.directors",
		linked("INDIVIDUAL", named, `,"task_variant_ids":["`+officers+`"]`), linked("INDIVIDUAL", other, "")))
	a.advance(t, appears)

	if diff := cmp.Diff([]any{[]any{officers}, []any{}}, r.each("task_variant_ids", "officers", "directors")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{"DIRECTOR"}, a.roles(t, named)); diff != "" {
		t.Error(diff)
	}
	if got := a.roles(t, other); len(got) != 0 {
		t.Errorf("not named, but applies as %v", got)
	}
}

func TestVerificationBeginsWhenTheCompanyHasItsTasks(t *testing.T) {
	t.Parallel()
	for name, get := range map[string]string{
		"by an application": `applications {"product":{"alias":"business-account"}}`,
		"one by one":        `tasks {"variant":{"alias":"identify-officers"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			person := a.addAssociate(t, "INDIVIDUAL")
			company := a.addProfile(t, "COMPANY_CUSTOMER", companyWith("officers.directors", linked("INDIVIDUAL", person, "")))
			a.advance(t, appears)
			if got := a.roles(t, person); len(got) != 0 {
				t.Errorf("before: %v", got)
			}
			path, body, _ := strings.Cut(get, " ")
			a.api(t, "POST", "/4.0/profiles/"+company+"/"+path, body)
			a.advance(t, appears)
			a.advance(t, appears)
			if diff := cmp.Diff([]any{"DIRECTOR"}, a.roles(t, person)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAssociatesOfAssociatesAreVerifiedToo(t *testing.T) {
	t.Parallel()
	for name, delay := range map[string]int{"after a while": 0, "without a delay": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openWith(t, func(c *passfort.Config) {
				c.Options.AppearDelayMS = delay
				c.Account = setup.Default()
				c.Account.Products[2].CompanyTasks = []string{"verify-company", "identify-officers"}
			})
			person, middle := a.addAssociate(t, "INDIVIDUAL"), a.addAssociate(t, "COMPANY")
			a.mustReplace(t, middle, companyWith("officers.directors", linked("INDIVIDUAL", person, "")))
			a.mustReplace(t, a.addBusiness(t), companyWith("officers.partners", linked("COMPANY", middle, "")))
			for range 2 {
				a.advance(t, appears)
			}

			if diff := cmp.Diff([]any{"PARTNER"}, a.roles(t, middle)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]any{"DIRECTOR"}, a.roles(t, person)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAssociateIsNotVerifiedByAProductThatIsNotForIt(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = setup.Default()
		c.Account.Products[2].CompanyTasks = nil
		c.Account.Tasks[5].AssociateProduct = "business-account" // so that companies may be associates at all
	})
	business, company := a.addBusiness(t), a.addAssociate(t, "COMPANY")
	a.mustReplace(t, business, companyWith("officers.directors", linked("COMPANY", company, "")))
	a.advance(t, appears)

	if got := a.roles(t, company); len(got) != 0 {
		t.Errorf("applies as %v", got)
	}
}
