package passfort_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"portal/internal/sandbox/passfort"
)

// schemaFile is PassFort's own schema of 2019, which is not part of this repository.
const schemaFile = "../../../../shared/reference/passfort-openapi-2019.json"

// deviations are where the sandbox follows later documentation or recorded answers instead of the schema of 2019. Each
// changes the schema and says why. There are no others.
var deviations = map[string]func(openapi3.Schemas){
	"COMPANY_ASSESS_OWNERSHIP is a task type of later documentation": func(s openapi3.Schemas) {
		s["TaskType"].Value.Enum = append(s["TaskType"].Value.Enum, "COMPANY_ASSESS_OWNERSHIP")
	},
	"later documentation adds the roles of global ultimate owners and controlling shareholders": func(s openapi3.Schemas) {
		s["AssociatedRole"].Value.Enum = append(s["AssociatedRole"].Value.Enum, "GLOBAL_ULTIMATE_OWNER", "CONTROLLING_SHAREHOLDER")
	},
	"the guide's samples show a risk that is not determined as an empty object": func(s openapi3.Schemas) {
		s["RiskOverviewResource"].Value.Required = nil
	},
}

// schema is the schema of 2019 with the deviations.
func schema(t *testing.T) *openapi3.T {
	t.Helper()
	raw, err := os.ReadFile(schemaFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("PassFort's schema of 2019 is not beside the checkout: nothing to validate against")
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, deviate := range deviations {
		deviate(doc.Components.Schemas)
	}
	return doc
}

// validated is an account whose answers are held to a schema.
type validated struct {
	*account
	doc  *openapi3.T
	seen map[string]bool // the operations that were answered
}

// call calls the API and checks that the answer is what the schema says.
func (v validated) call(t *testing.T, method, path, body string) reply {
	t.Helper()
	r := v.api(t, method, "/4.0"+path, body)
	if r.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, r.status, r.raw)
	}
	template, operation := v.operation(method, path)
	if operation == nil {
		t.Fatalf("%s %s is not in the schema", method, path)
	}
	v.seen[method+" "+template] = true
	var value any
	if err := json.Unmarshal([]byte(r.raw), &value); err != nil {
		t.Fatal(err)
	}
	answer := operation.Responses.Status(http.StatusOK).Value.Content.Get("application/json").Schema.Value
	if err := answer.VisitJSON(value, openapi3.MultiErrors()); err != nil {
		t.Errorf("%s %s: %v\nin %s", method, template, err, r.raw)
	}
	return r
}

// operation finds the operation of the schema that an address belongs to.
func (v validated) operation(method, path string) (string, *openapi3.Operation) {
	path, _, _ = strings.Cut(path, "?")
	for template, item := range v.doc.Paths.Map() {
		if op := item.GetOperation(method); op != nil && fitsTemplate(template, path) {
			return template, op
		}
	}
	return "", nil
}

func fitsTemplate(template, path string) bool {
	want, have := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, have, func(w, h string) bool { return w == h || strings.HasPrefix(w, "{") })
}

// item is a text in the first item of a list in the answer.
func (r reply) item(t *testing.T, list, name string) string {
	t.Helper()
	items, _ := r.body[list].([]any)
	if len(items) == 0 {
		t.Fatalf("there are no %s in %s", list, r.raw)
	}
	first, _ := items[0].(map[string]any)
	text, _ := first[name].(string)
	return text
}

func TestAnswersFitTheSchemaOf2019(t *testing.T) {
	t.Parallel()
	v := validated{open(t, passfort.Options{}), schema(t), map[string]bool{}}

	person := v.person(t)
	v.company(t)
	v.call(t, "GET", "/whoami", "")
	v.call(t, "GET", "/profiles?limit=10&q=a", "")
	v.call(t, "GET", "/search/companies?country=GBR&query=aerial", "")
	v.call(t, "GET", "/tags/search/vip", "")
	v.call(t, "GET", person+"/status", "")
	v.call(t, "POST", person+"/status", `"SUSPENDED"`)

	if len(v.seen) < 27 {
		t.Errorf("only %d operations were answered: %v", len(v.seen), v.seen)
	}
}

// person leads a person through everything that a profile can have.
func (v validated) person(t *testing.T) string {
	t.Helper()
	r := v.call(t, "POST", "/profiles", `{"role":"INDIVIDUAL_CUSTOMER","applications":[{"product":{"alias":"personal-account"}}],
		"collected_data":{"entity_type":"INDIVIDUAL","customer_ref":"r-1",
		"personal_details":{"name":{"given_names":["Alex"],"family_name":"Wheeler"},"dob":"1990-03"},
		"address_history":[{"address":{"type":"FREEFORM","country":"GBR","text":"1 Harbour Street, London"},"start_date":"2019-01"},
		{"address":{"type":"STRUCTURED","country":"GBR","route":"Quay Road","street_number":"2"}}]}}`)
	id := r.text("id")
	if _, err := v.RaiseEvent(id, "PEP_FLAG"); err != nil {
		t.Fatal(err)
	}
	if err := v.SetRisk(id, "HIGH", 7); err != nil {
		t.Fatal(err)
	}
	v.advance(t, time.Minute)
	one := "/profiles/" + id
	v.call(t, "POST", one+"/tags", `{"name":"VIP"}`)
	v.call(t, "POST", one+"/collected_data/documents", `{"category":"PROOF_OF_IDENTITY","document_type":"PASSPORT","images":[]}`)
	v.call(t, "POST", one+"/checks", `{"check_type":"IDENTITY_CHECK"}`)
	v.advance(t, time.Minute)
	r = v.call(t, "GET", one, "")
	application := one + "/applications/" + r.item(t, "applications", "id")
	task := one + "/tasks/" + r.item(t, "tasks", "id")
	v.call(t, "GET", one+"/checks/"+r.item(t, "checks", "id"), "")
	v.call(t, "GET", one+"/checks", "")
	v.call(t, "GET", one+"/tasks", "")
	v.call(t, "GET", task, "")
	v.call(t, "POST", task, `{"is_complete":true}`)
	v.call(t, "POST", one+"/tasks", `{"variant":{"alias":"assess-exposure"}}`)
	v.call(t, "GET", one+"/applications", "")
	v.call(t, "GET", application, "")
	v.call(t, "POST", application, `{"status":"REJECTED"}`)
	v.call(t, "POST", application+"/revert_decision", `{"comment":"too early"}`)
	v.call(t, "GET", one+"/collected_data", "")
	v.call(t, "GET", one+"/document_images", "")
	v.call(t, "GET", one+"/events", "")
	v.call(t, "GET", one+"/audit-items", "")
	v.call(t, "GET", one+"/collection_steps", "")
	return one
}

// company gives a company an associate in several roles and what the register knows.
func (v validated) company(t *testing.T) {
	t.Helper()
	associate := v.call(t, "POST", "/profiles", `{"role":"INDIVIDUAL_ASSOCIATED","collected_data":{"entity_type":"INDIVIDUAL",
		"personal_details":{"name":{"given_names":["Nayab"],"family_name":"Khan"}}}}`).text("id")
	id := v.call(t, "POST", "/profiles", `{"role":"COMPANY_CUSTOMER","applications":[{"product":{"alias":"business-account"}}],
		"collected_data":{"entity_type":"COMPANY","metadata":{"name":"Aerial Traders","number":"10000001","country_of_incorporation":"GBR",
		"addresses":[{"type":"registered_address","address":{"type":"FREEFORM","country":"GBR","text":"1 Harbour Street"}}]}}}`).text("id")
	one := "/profiles/" + id
	v.advance(t, time.Minute)
	entry := `[{"entity_type":"INDIVIDUAL","linked_profile":{"id":"` + associate + `"}}]`
	v.call(t, "POST", one+"/collected_data", `{"entity_type":"COMPANY",
		"metadata":{"name":"Aerial Traders","number":"10000001","country_of_incorporation":"GBR"},
		"officers":{"directors":`+entry+`},"ownership_structure":{"beneficial_owners":`+entry+`,"global_ultimate_owners":`+entry+`}}`)
	v.advance(t, time.Minute)
	v.call(t, "POST", one+"/checks", `{"check_type":"COMPANY_REGISTRY"}`)
	v.advance(t, time.Minute)
	v.call(t, "GET", one, "")
	v.call(t, "GET", one+"/collected_data", "")
	v.call(t, "GET", "/profiles/"+associate, "")
	v.call(t, "GET", one+"/audit-items", "")
}
