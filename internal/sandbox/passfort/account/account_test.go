package account_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort/account"
)

// small is an account with nothing wrong in it.
const small = `{
	"institution": "Northlight",
	"products": [{"alias": "basic", "name": "Basic", "individual_tasks": ["identity"]}],
	"tasks": [
		{"alias": "identity", "name": "Verify identity", "task_type": "INDIVIDUAL_VERIFY_IDENTITY", "request_form": "details"},
		{"alias": "officers", "name": "Identify officers", "task_type": "COMPANY_IDENTIFY_OFFICERS", "associate_product": "basic"}
	],
	"forms": [{"alias": "details", "title": "Details", "type": "UPDATE_COLLECTED_DATA", "task": "identity", "check": "IDENTITY_CHECK",
		"sections": [{"questions": [{"name": "family_name", "label": "Family name", "type": "text"}]}]}],
	"flow_templates": [{"alias": "flow", "title": "Flow", "entity_type": "INDIVIDUAL", "forms": ["details"], "product": "basic"}],
	"themes": ["default"],
	"email": {"sender_address": "staff@company.example", "reminders": {"max": 3, "every_days": 7}},
	"companies": [{"name": "Aerial Traders", "number": "1a", "country": "GBR"}]
}`

// read reads an account from a file that holds a text.
func read(t *testing.T, text string) (*account.Account, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "account.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return account.Read(path)
}

func TestBuiltInAccountIsValid(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("account.json")
	if err != nil {
		t.Fatal(err)
	}

	a, err := read(t, string(raw))
	if err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(account.Default(), a); diff != "" {
		t.Error(diff)
	}
}

func TestThingsAreFoundByAliasAndIdentifier(t *testing.T) {
	t.Parallel()
	a, err := read(t, small)
	if err != nil {
		t.Fatal(err)
	}

	product, byAlias := a.Product("basic")
	_, byID := a.ProductByID(product.ID())
	task, isTask := a.Task("officers")
	_, byVariant := a.TaskByVariant(task.VariantID())
	_, isForm := a.Form("details")
	_, isFlow := a.FlowTemplate("flow")
	_, isCompany := a.Company("GBR", "1A")
	if !byAlias || !byID || !isTask || !byVariant || !isForm || !isFlow || !isCompany {
		t.Error(byAlias, byID, isTask, byVariant, isForm, isFlow, isCompany)
	}
	_, none := a.Product(product.ID())
	_, noID := a.ProductByID("basic")
	_, noCompany := a.Company("FRA", "1a")
	if none || noID || noCompany {
		t.Error("found what is not there:", none, noID, noCompany)
	}
}

func TestAKindOfEntityWithoutAListCannotApply(t *testing.T) {
	t.Parallel()
	a, err := read(t, strings.Replace(small, `"individual_tasks": ["identity"]`, `"individual_tasks": []`, 1))
	if err != nil {
		t.Fatal(err)
	}

	if product, _ := a.Product("basic"); !product.IsFor("INDIVIDUAL") || product.IsFor("COMPANY") {
		t.Error("an empty list must be a smart policy that wants nothing, and a missing one none")
	}
}

func TestBothSpellingsOfAuthorizedAreRead(t *testing.T) {
	t.Parallel()
	a, err := read(t, strings.Replace(small, "COMPANY_IDENTIFY_OFFICERS", "COMPANY_IDENTIFY_AUTHORISED_PERSONS", 1))
	if err != nil {
		t.Fatal(err)
	}

	if task, _ := a.Task("officers"); task.Type != "COMPANY_IDENTIFY_AUTHORIZED_PERSONS" {
		t.Errorf("type %s", task.Type)
	}
}
