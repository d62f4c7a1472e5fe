package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"portal/internal/sandbox/faults"
	"portal/web"
)

func TestEverythingThatIsWrongWithAnAssociateIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	for body, want := range map[string][]string{
		`{}`: {"#/entity_type", "#/roles"},
		`{"entity_type":"INDIVIDUAL","name":"x","roles":["KING"],"email":"ada","nationality":"Britain","date_of_birth":"10.12.1990"}`: {
			"#/date_of_birth", "#/email", "#/entity_type", "#/family_name", "#/nationality", "#/roles",
		},
		`{"entity_type":"COMPANY","roles":"DIRECTOR","country_of_incorporation":"GB","shareholdings":{},"id":"1","distinct":"yes","nme":"x"}`: {
			"#/country_of_incorporation", "#/distinct", "#/id", "#/name", "#/nme", "#/roles", "#/shareholdings",
		},
		with(ada, `"distinct":true`): {"#/id"},
		with(ada, `"distinct":true,"id":"`+noRegistration+`","same_as":"`+noRegistration+`"`): {"#/same_as"},
		strings.Replace(ada, "1990", "2020", 1):                                               {"#/date_of_birth"},
		with(ada, `"appointed_on":"2999-01-01"`):                                              {"#/appointed_on"},
		with(ada, `"authorized_from":"2020-01-02"`):                                           {"#/authorized_from"}, // a director is none
		with(strings.Replace(ada, `"DIRECTOR"`, `"AUTHORIZED_PERSON"`, 1), `"authorized_from":"2020-01-02","authorized_to":"2020-01-01"`): {"#/authorized_to"},
		with(ada, `"shareholdings":[{"share_class":"A","percentage":1}]`):                                                                 {"#/shareholdings"},
		strings.Replace(holding, "60}", `"60","amount":1e3},{"share_class":"B","amount":1.5},5,{"kind":1}`, 1): {
			"#/shareholdings/0/amount", "#/shareholdings/1/amount", "#/shareholdings/2", "#/shareholdings/2/share_class",
			"#/shareholdings/2/percentage", "#/shareholdings/3/kind", "#/shareholdings/3/share_class", "#/shareholdings/3/percentage",
		},
		strings.Replace(holding, "60}", `6e1}`, 1):   {"#/shareholdings/0/percentage"},
		strings.Replace(holding, "60}", `true}`, 1):  {"#/shareholdings/0/percentage"},
		strings.Replace(holding, "60}", `"6,5"}`, 1): {"#/shareholdings/0/percentage"},
		strings.Replace(holding, "60}", `-60}`, 1):   {"#/shareholdings/0/percentage"},
	} {
		a := e.enter(body)
		got := a.problem(http.StatusUnprocessableEntity)
		slices.Sort(got)
		if diff := cmp.Diff(slices.Sorted(slices.Values(want)), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
		if strings.Contains(a.body, `"detail":""`) {
			t.Errorf("%s: nothing is said: %s", body, a.body)
		}
	}
	if n := len(e.behind().Associates); n != 0 {
		t.Errorf("%d entered", n)
	}
}

var wrongKey = regexp.MustCompile(`wrongDetail\(.*"(error\.[a-z_]+)"\)`)

func TestThereAreWordsForEverythingThatCanBeWrongWithAnAssociate(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../internal/onboarding/*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range wrongKey.FindAllSubmatch(text, -1) {
			keys++
			if web.AssociateDetail(string(match[1])) == "" {
				t.Errorf("%s has no words", match[1])
			}
		}
	}
	if keys < 30 {
		t.Errorf("only %d keys were found", keys)
	}
}

func TestAssociateThatResemblesAnotherIsAskedAbout(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	first, company := e.entered(http.StatusCreated, ada), e.entered(http.StatusCreated, holding)
	e.linked(2)
	e.w.pass(25 * time.Hour) // when the provider has been read again, the company itself is known
	eventually(t, "the company to be known", func() bool { return e.w.count("select count(*) from structures where sealed_own is not null") == 1 })
	again := strings.Replace(ada, "DIRECTOR", "TRUSTEE", 1)
	if got := e.enter(again).resemblance(); !slices.Equal(got.Same, []string{first.ID}) || len(got.Elsewhere)+len(got.Above) != 0 {
		t.Errorf("the same person: %+v", got)
	}
	if got := e.enter(with(ada, `"parent":"`+company.ID+`"`)).resemblance(); !slices.Equal(got.Elsewhere, []string{first.ID}) {
		t.Errorf("behind another company: %+v", got)
	}
	if got := e.enter(with(holding, `"parent":"`+company.ID+`"`)).resemblance(); !slices.Equal(got.Above, []string{company.ID}) {
		t.Errorf("behind itself: %+v", got)
	}
	own := `{"entity_type":"COMPANY","name":"Works","number":"1234567","country_of_incorporation":"GBR","roles":["PARTNER"]}`
	if got := e.enter(own).resemblance(); !slices.Equal(got.Above, []string{"registration"}) {
		t.Errorf("the company itself: %+v", got)
	}
	for range 2 {
		if same := e.entered(http.StatusOK, with(again, `"same_as":"`+first.ID+`"`)); !slices.Equal(same.Roles, []string{"DIRECTOR", "TRUSTEE"}) {
			t.Errorf("the same: %+v", same)
		}
	}
	distinct := with(again, `"distinct":true,"id":"`+uuid.NewString()+`"`)
	e.entered(http.StatusCreated, distinct)
	e.entered(http.StatusOK, distinct)
	all := e.linked(3).Associates
	if got := e.w.placesOf(e.w.text("select profile_id from registrations"), all[0].ProfileID); len(got) != 2 {
		t.Errorf("after further roles it is in %v", got)
	}
}

func TestNobodyIsEnteredBehindACompanyThatHasEnded(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	e.entered(http.StatusCreated, ada)
	e.linked(1)
	eventually(t, "the linker to leave the structure, which it stores as it knows it", func() bool {
		return e.w.text("select (claimed_until is null)::text from structures") == "true"
	})
	if _, err := e.w.pool.Exec(t.Context(), "update structures set ending = 'rejected'"); err != nil {
		t.Fatal(err)
	}
	a := e.enter(holding)
	if a.problem(http.StatusConflict); !strings.Contains(a.body, "#company-ended") {
		t.Errorf("%s", a.body)
	}
	if all := e.behind(); all.Ending == nil || *all.Ending != "rejected" || len(all.Associates) != 1 {
		t.Errorf("%+v", all)
	}
}

func TestProviderThatIsAwayKeepsNoAssociateBack(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	e.entered(http.StatusCreated, ada)
	e.linked(1)
	e.w.ruin(faults.Rule{Method: http.MethodGet, Path: "/4.0/profiles/", When: faults.Before, Kind: faults.Status, Status: 503, Count: 1000})
	if all := e.behind(); all.ProviderError != "busy" || len(all.Associates) != 1 || all.Associates[0].Seen || all.Associates[0].Status != "linked" {
		t.Errorf("%+v", all)
	}
}

func TestCauseOfAnAssociateIsToldWhereItHasStopped(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	e.entered(http.StatusCreated, ada)
	e.linked(1)
	for status, want := range map[string]string{"needs_attention": "nobody knows", "removed": "nobody knows", "created": "", "linked": ""} {
		_, err := e.w.pool.Exec(t.Context(), "update associates set status = $1, cause = 'nobody knows'", status)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.behind().Associates[0]; got.Status != status || got.Cause != want {
			t.Errorf("%+v", got)
		}
	}
}
