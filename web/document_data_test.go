package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
	checks "portal/internal/sandbox/sumsub"
)

const dataLevel = "applicant-data-and-id"

// adasData is everything that the level asks for, in a script of its own.
var adasData = []string{"firstName", "Ада Мария", "lastName", "Лавлейс-Ó Briain", "dob", "1985-12-10", "country", "GBR", "phone", "+44 20 7946 0000"}

// provide sends the form of the applicant's data, with fields in turn.
func (v *verification) provide(fields ...string) page {
	v.w.t.Helper()
	return v.post("/documents/data", append([]string{"registration", v.id, "asked", "firstName lastName dob country placeOfBirth phone"}, fields...)...)
}

func TestDataIsAskedForWhereTheLevelDoes(t *testing.T) {
	t.Parallel()
	v := verifying(t, dataLevel)
	if row := v.get("/documents").row("Your details"); !strings.Contains(row, say("en", "documents.state_wanted")) {
		t.Errorf("the list says %s", row)
	}
	v.get(v.about("/applicant-data")).leads(v.about("/data"))
	v.get(v.about("/data")).shows(ok, "documents.data_lead", "documents.field_first_name", "documents.optional").ordinary()
	v.provide(adasData...).leads(v.about("", "done", "data"))
	if row := v.get(v.about("", "done", "data")).shows(ok, "documents.done_data").row("Your details"); !strings.Contains(row, say("en", "documents.state_given")) {
		t.Errorf("the list says %s", row)
	}
	p := v.get(v.about("/data")).shows(ok)
	for _, field := range []string{"firstName", "lastName", "dob"} {
		if got, want := p.value(field), valueOf(adasData, field); got != want {
			t.Errorf("%s is filled in with %q, want %q", field, got, want)
		}
	}
	if strings.Contains(v.w.log.String(), "Лавлейс") {
		t.Error("the log holds what was typed")
	}
}

func valueOf(fields []string, name string) string {
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == name {
			return fields[i+1]
		}
	}
	return ""
}

func TestWhatIsWrongWithDataStandsBesideItAndIsKept(t *testing.T) {
	t.Parallel()
	v := verifying(t, dataLevel)
	p := v.provide("firstName", " ", "lastName", "Lovelace", "dob", "2185-12-10", "country", "ATLANTIS", "phone", "call me").shows(odd)
	for field, key := range map[string]string{"firstName": "documents.wrong_missing", "dob": "documents.wrong_date", "phone": "documents.wrong_phone"} {
		said := p.elements("p").with("id", field+"-error")
		want, _, _ := strings.Cut(say("en", key), "{field}")
		if len(said) != 1 || !strings.Contains(said[0].text, want) {
			t.Errorf("beside %s stands %v, want %q", field, said, want)
		}
		if len(p.elements("a").with("href", "#"+field)) != 1 {
			t.Errorf("the summary does not lead to %s", field)
		}
	}
	if p.value("lastName") != "Lovelace" || p.value("phone") != "call me" || p.value("dob") != "2185-12-10" {
		t.Error("what was typed is lost")
	}
	if v.w.effects()["applicant.update"] != 0 {
		t.Error("it was passed on all the same")
	}
}

func TestDataTypedByWhoWasSignedOutIsKept(t *testing.T) {
	t.Parallel()
	v := verifying(t, dataLevel)
	v.w.pass(limits.Idle + time.Minute)
	p := v.provide(adasData...).shows(lock, "documents.lost_title", "documents.lost")
	if p.value("firstName") != "Ада Мария" || p.value("phone") != valueOf(adasData, "phone") || strings.Contains(p.body, "ada@example.com") {
		t.Error("what was typed is lost, or the page says who it was")
	}
	v.signIn("ada@example.com")
	form := url.Values{}
	for _, input := range p.elements("input") {
		form.Set(input.attrs["name"], input.attrs["value"])
	}
	form.Set("country", "GBR")
	v.do(v.request(http.MethodPost, "/documents/data", form)).leads(v.about("", "done", "data"))
}

func TestDataThatDoesNotFitTheDocumentsIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for level, first := range map[string]bool{dataLevel: true, "id-only": false} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			v := verifying(t, level)
			if first {
				v.provide(adasData...).leads(v.about("", "done", "data"))
			}
			v.give("identity", photo(t, "passport"), "type", "PASSPORT", "country", "GBR").leads(v.about("", "done", "given"))
			v.post("/documents/check", "registration", v.id).leads("?flow=" + level)
			v.await("checking")
			v.decided(red(onboarding.Retry, "", onboarding.DataLabel))
			list := v.shown().shows(ok, "documents.lead_again", "documents.data_again")
			if at := strings.Index(list.body, "<h2>"); !strings.HasPrefix(list.body[at:], "<h2>Your details") {
				t.Errorf("the details do not come first:\n%s", list.body)
			}
			v.get(v.about("/data")).shows(ok, "documents.data_again")
			v.provide("firstName", "Ada", "lastName", "Lovelace", "dob", "1985-12-10", "country", "GBR", "phone", "+44 20 7946 0000", "email", "ada@example.com").
				leads(v.about("", "done", "data"))
			v.get("/documents").shows(ok, "documents.complete")
			v.post("/documents/check", "registration", v.id).leads("?flow=" + level)
			v.await("checking")
			v.must(v.w.sandbox.Sumsub().Decide(v.id, checks.Verdict{Finding: green}))
			v.shown()
			v.await("completed")
		})
	}
}

func TestNoDataIsAskedForWhereTheLevelDoesNot(t *testing.T) {
	t.Parallel()
	v := verifying(t, "id-only")
	v.get(v.about("/data")).leads(v.about(""))
	if strings.Contains(v.get("/documents").body, "Your details") {
		t.Error("the list asks for details")
	}
}
