package templates

import (
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"portal/internal/i18n"
)

// documentPages are the pages of what is given to a provider that checks documents, in every state.
func documentPages() map[string]templ.Component {
	all := map[string]templ.Component{
		"documents":           Documents(DocumentsView{Account: known, Title: "A person", Registration: "r-1", Reference: "r-1", Check: "/onboarding/documents/check", Rows: documentRows(), Missing: "A, B & C"}),
		"documents, done":     Documents(DocumentsView{Account: known, Title: "A person", Check: "/onboarding/documents/check", Rows: documentRows()[:1], Complete: true, Notice: "documents.done_given"}),
		"documents, again":    Documents(DocumentsView{Account: known, Title: "A person", Check: "/onboarding/documents/check", Rows: documentRows(), Again: true, Comment: "Write to <us>"}),
		"documents, anew":     Documents(DocumentsView{Account: known, Title: "A person", Check: "/onboarding/documents/check", Rows: documentRows(), Anew: true, Missing: "A"}),
		"documents, problem":  Documents(DocumentsView{Account: known, Title: "A person", Check: "/onboarding/documents/check", Rows: documentRows(), Problem: "error.documents_missing", Missing: "A"}),
		"document arriving":   DocumentArriving(DocumentArrivingView{Account: known, Flow: "A person", Step: "Identity", Again: "/onboarding/documents/identity", List: "/onboarding/documents"}),
		"document, types":     Document(DocumentView{Account: known, Flow: "A person", Step: "Identity", List: "/onboarding/documents", Types: []Link{{"Passport", "/onboarding/documents/identity?type=PASSPORT"}, {"Card", "/onboarding/documents/identity?type=ID_CARD"}}}),
		"document, there":     Document(DocumentView{Account: known, Flow: "A person", Step: "Identity", Type: "Card", List: "/onboarding/documents", Other: "/onboarding/documents/identity?again=1", Sides: documentSidesGiven(), Notice: "documents.done_given"}),
		"document data":       DocumentData(documentData()),
		"document data, kept": DocumentData(DocumentDataView{Action: "/onboarding/documents/data", Fields: documentData().Fields, Lost: true}),
		"document data, busy": DocumentData(DocumentDataView{Action: "/onboarding/documents/data", Fields: documentData().Fields, Problem: "documents.data_not_kept"}),
	}
	wrong := documentData()
	wrong.Again = true
	for i := range wrong.Fields {
		wrong.Fields[i].Error = "Something is not right."
		wrong.Troubles = append(wrong.Troubles, Trouble{To: "#" + wrong.Fields[i].ID, Text: "Something is not right."})
	}
	all["document data, wrong"] = DocumentData(wrong)
	picture := documentPictureView()
	all["document"] = Document(picture)
	picture.Face, picture.Failed, picture.Reasons = true, []DocumentReason{{Of: "The back", Texts: []string{"It is blurred."}}}, documentRows()[3].Reasons
	all["document, face"] = Document(picture)
	picture = documentPictureView()
	picture.Errors = map[string]string{"file": "It is empty.", "country": "There is none."}
	picture.Troubles = []Trouble{{To: "#country", Text: "There is none."}, {To: "#file", Text: "It is empty."}}
	all["document, wrong"] = Document(picture)
	return all
}

func documentRows() []DocumentRow {
	return []DocumentRow{
		{Name: "Details", State: "given", Given: "Passport, Sweden", Link: "/onboarding/documents/data"},
		{Name: "Identity", State: "wanted", Wanted: "Passport or card", Link: "/onboarding/documents/identity"},
		{Name: "Second", State: "partly", Given: "Card", Open: "Back", Link: "/onboarding/documents/identity2"},
		{
			Name: "Selfie", State: "rejected", Link: "/onboarding/documents/selfie",
			Reasons: []DocumentReason{{Of: "Front", Said: `Write to <a href="https://evil.example">us</a>`}, {Texts: []string{"It is blurred."}}},
		},
		{Name: "Payment", State: "doubtful", Given: "Bank statement", Link: "/onboarding/documents/payment"},
		{Name: "Portrait", State: "wanted", Waits: "error.document_identity_first"},
		{Name: "Address", State: "accepted", Given: "Utility bill"},
	}
}

func documentSidesGiven() []DocumentSide {
	return []DocumentSide{
		{Name: "Front", Advice: []string{"It is cut off."}, Replace: "/onboarding/documents/identity?side=front"}, {Name: "Back"},
	}
}

func documentPictureView() DocumentView {
	return DocumentView{
		Account: known, Session: TypedSession{Seconds: 3600, Warning: 300}, Flow: "A person", Step: "Identity", List: "/onboarding/documents",
		Type: "Card", Other: "/onboarding/documents/identity?again=1", Sides: documentSidesGiven(), Action: "/onboarding/documents/identity?registration=r-1",
		Picture: "Back of the card", Tips: []string{"documents.tip_whole"}, Country: "SWE",
		Countries: []OptionGroup{{Options: []Answer{{"SWE", "Sweden"}, {"DEU", "Germany"}}}}, Known: []string{"aa", "bb"}, Most: 50 << 20,
	}
}

func documentData() DocumentDataView {
	return DocumentDataView{
		Account: known, Session: TypedSession{Seconds: 3600, Warning: 300}, Flow: "A person", Registration: "r-1",
		Action: "/onboarding/documents/data", List: "/onboarding/documents",
		Fields: []DataField{
			{Name: "firstName", ID: "firstName", Kind: "text", Value: "Ада", Label: "documents.field_first_name", Hint: "documents.hint_first_name"},
			{Name: "dob", ID: "dob", Kind: "date", Label: "documents.field_birth"},
			{Name: "address.country", ID: "address-country", Kind: "select", Value: "SWE", Label: "documents.field_country", Groups: []OptionGroup{{Options: []Answer{{"SWE", "Sweden"}}}}},
			{Name: "gender", ID: "gender", Kind: "choice", Value: "X", Label: "documents.field_gender", Choices: []Answer{{"F", "Female"}, {"X", "Other"}}},
			{Name: "phone", ID: "phone", Kind: "tel", Label: "documents.field_phone", Hint: "documents.optional", Optional: true},
		},
	}
}

func TestProvidersWordsAreTextAndOfNoLanguage(t *testing.T) {
	t.Parallel()
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, documentPages()["documents"])
	if strings.Contains(page, "<a href=\"https://evil") {
		t.Error("a comment of the provider's has become markup")
	}
	if !strings.Contains(page, `<bdi lang="">Write to &lt;a href`) {
		t.Errorf("the comment is not set apart:\n%s", page)
	}
}

func TestStepsAreToldApartInWords(t *testing.T) {
	t.Parallel()
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, documentPages()["documents"])
	for _, row := range documentRows() {
		if text := i18n.T(t.Context(), documentStates[row.State].text); strings.Count(page, text) == 0 {
			t.Errorf("%s is not said of the step %s", text, row.Name)
		}
	}
	d, err := parseHTML(page)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(d.named("a"), func(e *element) bool { return strings.Contains(e.text, "Address") }) {
		t.Error("an accepted step can be opened")
	}
}

// What is sent is chosen in one field alone: the others only fill it.
func TestOneFileIsSent(t *testing.T) {
	t.Parallel()
	for name, page := range documentPages() {
		d, err := parseHTML(render(t, siteAt(t, "/onboarding"), i18n.Locale{}, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range d.named("input") {
			if e.attrs["type"] == "file" && (e.attrs["id"] == "file") != (e.attrs["name"] == "file") {
				t.Errorf("%s: the field %v is sent, or is not", name, e.attrs)
			}
		}
	}
}
