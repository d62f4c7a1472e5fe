package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// press follows a link and presses its button.
func (w *world) press(t identity.Token) *browser {
	w.t.Helper()
	b := w.browser()
	b.get("/sign-in/link/" + t.Reveal()).shows(http.StatusOK)
	if p := b.post("/sign-in/link/" + t.Reveal()); p.status != http.StatusSeeOther {
		w.t.Fatalf("pressed: status %d:\n%s", p.status, p.body)
	}
	return b
}

// openLink is a link with its secrets open, to be compared.
type openLink struct {
	subject, email, flow, caseName, locale string
	facts                                  onboarding.Facts
	key                                    string
}

func opened(t *testing.T, l identity.Link) openLink {
	t.Helper()
	facts, err := onboarding.DecodeFacts(l.Facts.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	return openLink{l.Subject.Reveal(), l.Email.Reveal(), l.Flow, l.Case, l.Locale, facts, l.Key}
}

func TestLinkKeepsWhatItWasAskedForWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	desk := newDesk(postgres.New(w.pool, sealKeys(t), postgres.NoJobs), nil, w.sandbox.Now)
	for body, want := range map[string]openLink{
		`{"subject":"s","flow":"individual"}`: {subject: "s", flow: "individual"},
		`{"subject":"a/b %41 ø 你","flow":"individual","email":" Ada@Example.com","locale":"pt-br",
			"prefill":{"given_names":["Ada","Augusta"],"family_name":"Lovelace","name":"dropped"}}`: {
			subject: "a/b %41 ø 你", email: "ada@example.com", flow: "individual", locale: "pt-BR",
			facts: onboarding.Facts{GivenNames: []string{"Ada", "Augusta"}, FamilyName: "Lovelace", Email: "ada@example.com"},
		},
		`{"subject":"s","flow":"subsidiary","case":"engine-works.2","email":"ada@example.com","prefill":{"email":"office@example.com",
			"name":"Engine Works","number":"01234567","country_of_incorporation":"GBR","family_name":"dropped"}}`: {
			subject: "s", email: "ada@example.com", flow: "subsidiary", caseName: "engine-works.2",
			facts: onboarding.Facts{Email: "office@example.com", Name: "Engine Works", Number: "01234567", Country: "GBR"},
		},
		`{"subject":"s","flow":"individual","email":null,"case":null,"locale":null,"prefill":null}`:                      {subject: "s", flow: "individual"},
		`{"subject":"s","flow":"individual","prefill":{"given_names":null,"family_name":null,"email":null,"name":null}}`: {subject: "s", flow: "individual"},
	} {
		want.key = "back-end"
		l, err := desk.Link(t.Context(), p.link(body).linkToken())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, opened(t, l), cmp.AllowUnexported(openLink{}), cmp.Comparer(sameFacts)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

// sameFacts compares what facts hide of themselves.
func sameFacts(a, b onboarding.Facts) bool { return a.Encode() == b.Encode() }

func TestWrongRequestsForLinksAreRefusedPlaceByPlace(t *testing.T) {
	t.Parallel()
	p := bareProgram(t, nil)
	for body, want := range map[string][]string{
		`{}`:                                  {"#/subject", "#/flow"},
		`null`:                                {"#", "#/subject", "#/flow"},
		`[{"subject":"s"}]`:                   {"#", "#/subject", "#/flow"},
		`{"flow":"individual"}`:               {"#/subject"},
		`{"subject":"s"}`:                     {"#/flow"},
		`{"subject":"s","flow":"x"}`:          {"#/flow"},
		`{"subject":"","flow":"individual"}`:  {"#/subject"},
		`{"subject":7,"flow":["individual"]}`: {"#/subject", "#/flow"},
		`{"subject":"a\u0000b","flow":"individual"}`:                                                                    {"#/subject"},
		`{"subject":"a\nb","flow":"individual"}`:                                                                        {"#/subject"},
		`{"subject":"a\u202eb","flow":"individual"}`:                                                                    {"#/subject"},
		`{"subject":"\ud800","flow":"individual"}`:                                                                      {"#/subject"},
		`{"subject":"` + strings.Repeat("ø", 256) + `","flow":"individual"}`:                                            {"#/subject"},
		`{"subject":"s","flow":"individual","email":"ada"}`:                                                             {"#/email"},
		`{"subject":"s","flow":"individual","locale":"German!"}`:                                                        {"#/locale"},
		`{"subject":"s","flow":"individual","case":"second"}`:                                                           {"#/case"},
		`{"subject":"s","flow":"subsidiary","case":"a b"}`:                                                              {"#/case"},
		`{"subject":"s","flow":"individual","Email":"ada@example.com"}`:                                                 {"#/Email"},
		`{"subject":"s","subject":"t","flow":"individual"}`:                                                             {"#/subject"},
		`{"subject":"s","flow":"individual","a/b~ c":1}`:                                                                {"#/a~1b~0%20c"},
		`{"subject":"s","flow":"individual","prefill":"Ada"}`:                                                           {"#/prefill"},
		`{"subject":"s","flow":"individual","prefill":{"famly_name":"L"}}`:                                              {"#/prefill/famly_name"},
		`{"subject":"s","flow":"individual","prefill":{"given_names":"Ada"}}`:                                           {"#/prefill/given_names"},
		`{"subject":"s","flow":"individual","prefill":{"given_names":["Ada",null]}}`:                                    {"#/prefill/given_names"},
		`{"subject":"s","flow":"individual","prefill":{"family_name":"` + strings.Repeat("x", 101) + `"}}`:              {"#/prefill/family_name"},
		`{"subject":"s","flow":"company","prefill":{"email":"x","name":"\u0007","country_of_incorporation":"UK"}}`:      {"#/prefill/email", "#/prefill/name", "#/prefill/country_of_incorporation"},
		`{"subject":"s","flow":"individual","prefill":{"name":" ","number":"` + strings.Repeat("1", 51) + `","dob":1}}`: {"#/prefill/dob", "#/prefill/name", "#/prefill/number"},
	} {
		a := p.link(body)
		if diff := cmp.Diff(want, a.problem(http.StatusUnprocessableEntity)); diff != "" {
			t.Errorf("%s (-want +got):\n%s\n%s", body, diff, a.body)
		}
		if strings.Contains(a.body, `"detail":""`) {
			t.Errorf("%s: a place without a word: %s", body, a.body)
		}
	}
	for _, body := range []string{"", "{", `{"subject":"s"}{}`, "\xff", "{\"subject\":\"\xff\"}", "subject=s"} {
		p.link(body).problem(http.StatusBadRequest)
	}
	for _, mediaType := range []string{"", "text/json", "application/x-www-form-urlencoded", "application/json; charset"} {
		p.post("/links", mediaType, "{}").problem(http.StatusUnsupportedMediaType)
	}
	p.link(`{"subject":"` + strings.Repeat("s", 64<<10) + `"}`).problem(http.StatusRequestEntityTooLarge)
}

func TestFlowNeedNotBeNamedWhereThereIsOne(t *testing.T) {
	t.Parallel()
	var kept identity.Link
	p := bareProgram(t, keeping(&kept), flows[0])
	p.post("/links", "application/json; charset=utf-8", `{"subject":"s"}`).linkToken()
	if kept.Flow != flows[0].Name {
		t.Errorf("the flow is %q", kept.Flow)
	}
}

// wishes draws bodies that are as documented.
func wishes(r *rapid.T) map[string]any {
	text := rapid.StringMatching(`[A-Za-zéß你][A-Za-z0-9éß你 '.-]{0,30}`)
	all := map[string]any{
		"email": "ada@example.com", "locale": rapid.SampledFrom([]string{"", "de", "en-GB", "zh-Hant-TW"}).Draw(r, "locale"), "case": "",
		"prefill": map[string]any{
			"given_names": rapid.SliceOfN(text, 0, 10).Draw(r, "given names"), "family_name": text.Draw(r, "family name"),
			"name": text.Draw(r, "name"), "number": text.Draw(r, "number"), "country_of_incorporation": rapid.SampledFrom([]string{"", "GBR", "DEU"}).Draw(r, "country"),
		},
	}
	for name := range all {
		if rapid.Bool().Draw(r, "without "+name) {
			delete(all, name)
		}
	}
	all["subject"] = rapid.StringOfN(rapid.RuneFrom([]rune("aZ0 /%?#&=+\\\"<>'.ø你🙂")), 1, 255, -1).Draw(r, "subject")
	all["flow"] = rapid.SampledFrom([]string{"individual", "company", "subsidiary"}).Draw(r, "flow")
	return all
}

func TestLinksAreMadeOfAllThatIsDocumentedAndOfNothingBesides(t *testing.T) {
	t.Parallel()
	var kept identity.Link
	p := bareProgram(t, keeping(&kept))
	rapid.Check(t, func(r *rapid.T) {
		wish := wishes(r)
		body, err := json.Marshal(wish)
		if err != nil {
			r.Fatal(err)
		}
		if a := p.link(string(body)); a.status != http.StatusCreated || kept.Subject.Reveal() != wish["subject"] {
			r.Fatalf("%s: status %d: %s", body, a.status, a.body)
		}
		stranger := rapid.StringMatching(`[a-z]{9,12}`).Draw(r, "stranger")
		wish[stranger] = ""
		if body, err = json.Marshal(wish); err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff([]string{"#/" + stranger}, p.link(string(body)).problem(http.StatusUnprocessableEntity)); diff != "" {
			r.Fatal(diff)
		}
	})
}

// FuzzLinkRequest holds that whatever is sent, the answer is documented, and what becomes a link can be kept, written
// into an address and told to the provider.
func FuzzLinkRequest(f *testing.F) {
	for _, seed := range []string{
		"", "null", "{}", `{"subject":"s","flow":"individual"}`, `{"subject":"s","flow":"subsidiary","case":"x","locale":"de"}`,
		`{"subject":"s","flow":"company","email":"a@b.example","prefill":{"given_names":["A"],"name":"B","country_of_incorporation":"GBR"}}`,
		`{"subject":"s","prefill":{"prefill":{}},"prefill":[]}`, "{\"subject\":\"\\ud800\",\"\xff\":1}", strings.Repeat("[", 5000),
	} {
		f.Add([]byte(seed))
	}
	var kept identity.Link
	portal, err := newBareAPI(keeping(&kept), flows)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p := &program{t: t, portal: portal, key: fixedAPIKey, seen: map[string]bool{}}
		a := p.link(string(body))
		switch a.status {
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		case http.StatusUnprocessableEntity:
			if len(a.problem(a.status)) == 0 {
				t.Error("no place is named")
			}
		case http.StatusCreated:
			l := opened(t, kept)
			if !utf8.ValidString(l.subject) || strings.ContainsRune(l.subject, 0) || l.facts.Check() != nil || l.flow == "" || len(l.locale) > 100 {
				t.Errorf("a link that cannot be kept, of %q", body)
			}
		default:
			t.Errorf("status %d", a.status)
		}
	})
}
