package passfort_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// pixel is the beginning of a PNG picture.
const pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"

// upload adds a picture of one side of a document.
func (f frame) upload(t *testing.T, form shownForm, side, documentType, content string) reply {
	t.Helper()
	path := "/forms/" + form.ID + "/documents/identity_document/" + side
	if documentType != "" {
		path += "?document_type=" + documentType
	}
	return f.call(t, "PUT", path, content)
}

// openIdentity opens a form that demands an identity document and a selfie.
func openIdentity(t *testing.T) (frame, shownForm) {
	t.Helper()
	f := openPerson(t, openWith(t, func(c *passfort.Config) {
		c.Account = changed(func(d *accounts.Account) {
			d.FlowTemplates[0].Forms = []string{"personal-details", "identity-document"}
		})
	}))
	return f, f.form(t, "Proof of identity")
}

func TestEveryPictureOfARequiredDocumentIsNeeded(t *testing.T) {
	t.Parallel()
	f, form := openIdentity(t)

	for _, side := range []string{"FRONT", "BACK", "SELFIE"} {
		if r := f.try(t, form.Title, nil); r.status != http.StatusUnprocessableEntity || at(r.body, "errors", 0, "message") != "Add every photo of your document." {
			t.Errorf("without %s: status %d: %s", side, r.status, r.raw)
		}
		if r := f.upload(t, form, side, "STATE_ID", pixel); r.status != http.StatusOK {
			t.Fatalf("%s: status %d: %s", side, r.status, r.raw)
		}
	}
	f.submit(t, form.Title, nil)

	document := at(f.data(t), "documents", 0)
	kinds := []any{at(document, "images", 0, "image_type"), at(document, "images", 1, "image_type"), at(document, "images", 2, "image_type")}
	if diff := cmp.Diff([]any{"FRONT", "BACK", "FACE"}, kinds); diff != "" {
		t.Error(diff)
	}
	if at(document, "document_type") != "STATE_ID" || at(document, "category") != "PROOF_OF_IDENTITY" {
		t.Errorf("document: %v", document)
	}
}

func TestPicturesAreShownAsReceived(t *testing.T) {
	t.Parallel()
	f, form := openIdentity(t)
	f.upload(t, form, "SELFIE", "PASSPORT", pixel)

	r := f.upload(t, form, "FRONT", "PASSPORT", pixel)

	got := asShown(t, r).Forms[1].Sections[0].Questions[0].Document
	if got == nil || got.Type != "PASSPORT" || !cmp.Equal([]string{"FRONT", "SELFIE"}, got.Received) {
		t.Errorf("received: %+v", got)
	}
}

func TestAnotherTypeOfDocumentBeginsAnew(t *testing.T) {
	t.Parallel()
	f, form := openIdentity(t)
	f.upload(t, form, "FRONT", "STATE_ID", pixel)
	f.upload(t, form, "BACK", "STATE_ID", pixel)

	f.upload(t, form, "SELFIE", "PASSPORT", pixel)

	if r := f.try(t, form.Title, nil); r.status != http.StatusUnprocessableEntity {
		t.Errorf("the front of the identity card counts for the passport: %d", r.status)
	}
	if got := f.form(t, form.Title).Sections[0].Questions[0].Document; !cmp.Equal([]string{"SELFIE"}, got.Received) {
		t.Errorf("received: %+v", got)
	}
}

func TestPictureMustBeAskedFor(t *testing.T) {
	t.Parallel()
	f, form := openIdentity(t)

	for name, c := range map[string]struct {
		path   string
		status int
	}{
		"side":          {"/documents/identity_document/BACK?document_type=PASSPORT", http.StatusUnprocessableEntity},
		"no such side":  {"/documents/identity_document/front?document_type=PASSPORT", http.StatusUnprocessableEntity},
		"document type": {"/documents/identity_document/FRONT?document_type=LIBRARY_CARD", http.StatusUnprocessableEntity},
		"question":      {"/documents/other_document/FRONT", http.StatusNotFound},
	} {
		if r := f.call(t, "PUT", "/forms/"+form.ID+c.path, pixel); r.status != c.status || r.text("message") == "" {
			t.Errorf("%s: status %d, want %d: %s", name, r.status, c.status, r.raw)
		}
	}
}

func TestPictureIsKnownByItsContentAndSize(t *testing.T) {
	t.Parallel()
	f, form := openIdentity(t)

	for name, c := range map[string]struct {
		content string
		status  int
	}{
		"PNG":          {pixel, http.StatusOK},
		"JPEG":         {"\xff\xd8\xff\xe0\x00\x10JFIF", http.StatusOK},
		"WebP":         {"RIFF\x24\x00\x00\x00WEBPVP8 ", http.StatusOK},
		"PDF":          {"%PDF-1.7", http.StatusOK},
		"largest":      {pixel + strings.Repeat("x", 8<<20-len(pixel)), http.StatusOK},
		"too large":    {pixel + strings.Repeat("x", 8<<20-len(pixel)+1), http.StatusRequestEntityTooLarge},
		"GIF":          {"GIF89a", http.StatusUnsupportedMediaType},
		"a drawing":    {"<svg onload=alert(1)>", http.StatusUnsupportedMediaType},
		"nothing":      {"", http.StatusUnsupportedMediaType},
		"almost a PNG": {pixel[1:], http.StatusUnsupportedMediaType},
	} {
		if r := f.upload(t, form, "FRONT", "", c.content); r.status != c.status {
			t.Errorf("%s: status %d, want %d: %s", name, r.status, c.status, r.raw)
		}
	}
}

func TestResubmittedDocumentReplacesTheOneBefore(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	form := f.form(t, yourDocument)
	for _, kind := range []string{"PASSPORT", "STATE_ID"} {
		f.upload(t, form, "FRONT", kind, pixel)
		f.upload(t, form, "BACK", kind, pixel)
		f.submit(t, yourDocument, nil)
	}

	documents, _ := f.data(t)["documents"].([]any)
	if len(documents) != 1 || at(documents, 0, "document_type") != "STATE_ID" {
		t.Errorf("documents: %v", documents)
	}
	images := a.api(t, "GET", "/4.0/profiles/"+f.profile+"/document_images", "")
	if got := strings.Count(images.raw, "image_type"); got != 3 {
		t.Errorf("%d pictures: %s", got, images.raw)
	}
}

func TestOtherDocumentsStay(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	added := f.account.api(t, "POST", "/4.0/profiles/"+f.profile+"/collected_data/documents",
		`{"category":"PROOF_OF_ADDRESS","document_type":"BANK_STATEMENT","images":[]}`)
	if added.status != http.StatusOK {
		t.Fatalf("adding a document: %d %s", added.status, added.raw)
	}

	f.upload(t, f.form(t, yourDocument), "FRONT", "PASSPORT", pixel)
	f.submit(t, yourDocument, nil)

	documents := f.data(t)["documents"]
	if at(documents, 0, "document_type") != "BANK_STATEMENT" || at(documents, 1, "document_type") != "PASSPORT" {
		t.Errorf("documents: %v", documents)
	}
}

func TestOptionalDocumentIsWholeOrLeftOut(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.submit(t, yourDocument, nil)
	if got := f.data(t)["documents"]; got != nil {
		t.Errorf("documents: %v", got)
	}

	f.upload(t, f.form(t, yourDocument), "FRONT", "STATE_ID", pixel)

	r := f.try(t, yourDocument, nil)
	if diff := cmp.Diff([]string{"identity_document"}, refusedFields(t, r)); r.status != http.StatusUnprocessableEntity || diff != "" {
		t.Errorf("status %d: %s", r.status, diff)
	}
}

func TestNewPictureHasToBeSubmitted(t *testing.T) {
	t.Parallel()
	f := openPerson(t, open(t, passfort.Options{}))
	f.submit(t, yourDetails, alex)
	f.submit(t, yourDocument, nil)

	f.upload(t, f.form(t, yourDocument), "FRONT", "STATE_ID", pixel)

	r := f.call(t, "POST", "/finish", "")
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.text("message"), yourDocument) {
		t.Errorf("Finish with half a document: status %d: %s", r.status, r.raw)
	}
}

func TestDocumentQuestionsMayStandBesideOthers(t *testing.T) {
	t.Parallel()
	f := openAsked(t, accounts.Section{Questions: []question{
		{Name: "number", Label: "Number", Type: accounts.Text, Required: true},
		{Name: "identity_document", Label: "Document", Type: accounts.Document, Required: true, Documents: []accounts.DocumentType{
			{Type: "PASSPORT", Label: "Passport", Category: "PROOF_OF_IDENTITY", Elements: []string{"FRONT"}},
		}},
	}})

	if diff := cmp.Diff([]string{"number", "identity_document"}, refusedFields(t, f.try(t, yourDetails, nil))); diff != "" {
		t.Error(diff)
	}
	f.upload(t, f.form(t, yourDetails), "FRONT", "", pixel)
	f.submit(t, yourDetails, answers{"number": "P12"})

	if data := f.data(t); at(data, "custom_fields", "number") != "P12" || at(data, "documents", 0, "document_type") != "PASSPORT" {
		t.Errorf("data: %v", data)
	}
}
