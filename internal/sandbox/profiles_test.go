package sandbox_test

import (
	"errors"
	"testing"

	"portal/internal/sandbox"
	"portal/internal/sandbox/settings"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
)

func TestCompanyAndAssociateLinkToEachOther(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	create := func(body string) string {
		_, _, answer := w.do(t, "POST", "/4.0/profiles", body, "apikey", sandbox.DefaultMasterKey)
		return decode[map[string]any](t, answer)["id"].(string)
	}
	company := create(stub)
	person := create(`{"role":"INDIVIDUAL_ASSOCIATED","collected_data":{"entity_type":"INDIVIDUAL","personal_details":{"name":{"given_names":["Ines"],"family_name":"Falk"}}}}`)
	data := `{"entity_type":"COMPANY","officers":{"directors":[{"entity_type":"INDIVIDUAL","linked_profile":{"id":"` + person + `"}}]}}`
	if status, _, body := w.do(t, "POST", "/4.0/profiles/"+company+"/collected_data", data, "apikey", sandbox.DefaultMasterKey); status != 200 {
		t.Fatalf("linking: %d %s", status, body)
	}

	if page := w.page(t, "/profiles/"+company); !contains(page, `<a href="/profiles/`+person+`">Ines Falk</a> <span class="hint">officers.directors</span>`) {
		t.Error("the company does not link to its associate")
	}
	if page := w.page(t, "/profiles/"+person); !contains(page, `Associate of</dt><dd><a href="/profiles/`+company+`">`) {
		t.Error("the associate does not link to its company")
	}
}

func TestProfilePageOffersWhatIsPossible(t *testing.T) {
	t.Parallel()
	w := openSeeded(t)
	id := w.find("{profile}")
	page := w.page(t, "/profiles/"+id)

	for _, part := range []string{
		`value="APPROVED">Approve<`, `value="REJECTED">Reject<`, `value="COMPLETED_PASS">Pass<`, ">Request from customer<",
		`name="decision" value="PASS"`, "Not determined.", `href="/profiles"`, "&#34;entity_type&#34;: &#34;COMPANY&#34;",
	} {
		if !contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	if contains(page, `value="CANCELLED"`) {
		t.Error("the page offers a status that cannot follow")
	}
	if list := w.page(t, "/profiles"); !contains(list, `<a href="/profiles/`+id+`">No name yet</a>`) || !contains(list, "business-account") {
		t.Errorf("the list lacks the profile: %s", list)
	}
}

func TestEveryOptionHasAField(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	err := errors.Join(
		w.Webhooks().SetOptions(withSecret),
		w.SumsubWebhooks().SetOptions(sumsubwebhooks.Options{URL: withSecret.URL, Secret: withSecret.Secret}),
	)
	if err != nil {
		t.Fatal(err)
	}
	for path, options := range map[string]any{
		"/options": w.PassFort().Options(), "/webhooks": w.Webhooks().Options(), "/options/sumsub": w.Sumsub().Options(), "/webhooks/sumsub": w.SumsubWebhooks().Options(),
	} {
		page := w.page(t, path)
		for _, field := range settings.Fields(options) {
			if !contains(page, ` name="`+field.Name+`"`) {
				t.Errorf("%s lacks %s", path, field.Name)
			}
		}
		if contains(page, withSecret.Secret) {
			t.Errorf("%s shows the secret", path)
		}
	}
}
