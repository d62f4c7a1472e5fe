package sumsub_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/sandbox"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/faults"
	provider "portal/internal/sandbox/sumsub"
	"portal/internal/sumsub"
)

// world returns a sandbox and a client of its Sumsub.
func world(t *testing.T, o provider.Options) (*sandbox.Sandbox, *sumsub.Client) {
	t.Helper()
	o.ProcessingMS, o.ExtraFields = -1, true
	s := sandbox.New(sandbox.Options{AppToken: appToken, SecretKey: secretKey, Sumsub: o})
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := sumsub.New(sumsub.Options{BaseURL: base, AppToken: appToken, SecretKey: secretKey, Now: time.Now})
	sumsub.Hurry(c)
	return s, c
}

// paint is a picture unlike those of other shades.
func paint(t *testing.T, shade uint8) content {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	img.SetGray(1, 1, color.Gray{shade})
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		t.Fatal(err)
	}
	return content(file.String())
}

func document(set, docType, side string) onboarding.Document {
	return onboarding.Document{
		ID: onboarding.DocumentID(uuid.New()), Place: onboarding.Place{Set: set, Type: docType, Side: side}, Country: "DEU", Format: onboarding.PNG,
	}
}

// create creates an applicant.
func create(t *testing.T, c *sumsub.Client, level string) onboarding.ProfileID {
	t.Helper()
	wanted := applicant
	wanted.Level = level
	id, err := c.CreateApplicant(t.Context(), wanted)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// send sends a document that is taken.
func send(t *testing.T, c *sumsub.Client, id onboarding.ProfileID, d onboarding.Document, file content) onboarding.Receipt {
	t.Helper()
	got, err := c.AddDocument(t.Context(), id, d, file)
	if err != nil {
		t.Fatalf("%v: %v", d.Place, err)
	}
	return got
}

func read(t *testing.T, c *sumsub.Client, id onboarding.ProfileID) onboarding.Verification {
	t.Helper()
	v, err := c.Verification(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSandboxChecksACardAndASelfie(t *testing.T) {
	t.Parallel()
	s, c := world(t, provider.Options{})
	id := create(t, c, "id-and-selfie")
	if ref, err := c.Reference(t.Context(), id); err != nil || ref != reference {
		t.Errorf("reference %q, %v", ref, err)
	}
	if err := c.RequestCheck(t.Context(), id); !errors.Is(err, onboarding.ErrMissing) {
		t.Error("too early:", err)
	}
	front, back, selfie := document("IDENTITY", "ID_CARD", "FRONT_SIDE"), document("IDENTITY", "ID_CARD", "BACK_SIDE"), document("SELFIE", "SELFIE", "")
	send(t, c, id, front, paint(t, 1))
	if v := read(t, c, id); v.StateOf(v.Steps[0]) != onboarding.StepPartly || v.Complete() || v.Steps[0].Images[0].Document != front.ID.String() {
		t.Errorf("with one side: %+v", v.Steps[0])
	}
	send(t, c, id, back, paint(t, 2))
	send(t, c, id, selfie, paint(t, 3))
	if v := read(t, c, id); !v.Complete() || v.Status != onboarding.ReviewInit || v.Level != "id-and-selfie" || v.Data["firstName"] != "Zoë Ann" {
		t.Errorf("with everything: %+v", v)
	}
	if err := c.RequestCheck(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := c.RequestCheck(t.Context(), id); !errors.Is(err, onboarding.ErrAsked) {
		t.Error("asked twice:", err)
	}
	_, err := c.AddDocument(t.Context(), id, document("SELFIE", "SELFIE", ""), paint(t, 4))
	if !errors.Is(err, onboarding.ErrClosed) {
		t.Error("while it is checked:", err)
	}
	decide(t, s, id, provider.Verdict{Finding: provider.Finding{Answer: "GREEN"}})
	if v := read(t, c, id); v.Status != onboarding.ReviewCompleted || v.Review.Answer != onboarding.Green {
		t.Errorf("approved: %+v", v)
	}
}

func decide(t *testing.T, s *sandbox.Sandbox, id onboarding.ProfileID, v provider.Verdict) {
	t.Helper()
	if err := s.Sumsub().Decide(string(id), v); err != nil {
		t.Fatal(err)
	}
}

func TestSandboxTellsWhichSideToGiveAnew(t *testing.T) {
	t.Parallel()
	s, c := world(t, provider.Options{})
	id := create(t, c, "id-only")
	front := send(t, c, id, document("IDENTITY", "ID_CARD", "FRONT_SIDE"), paint(t, 1))
	send(t, c, id, document("IDENTITY", "ID_CARD", "BACK_SIDE"), paint(t, 2))
	if err := c.RequestCheck(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	no := provider.Finding{
		Answer: "RED", RejectType: "RETRY", Labels: []string{"UNSATISFACTORY_PHOTOS"}, Buttons: []string{"badPhoto_dataNotVisible"}, ClientComment: "for the company alone",
	}
	blurred := no
	blurred.Comment = "The picture is blurred."
	decide(t, s, id, provider.Verdict{Finding: no, Images: map[string]provider.Finding{"FRONT_SIDE": blurred}})
	v := read(t, c, id)
	image, ok := v.Steps[0].At(onboarding.Place{Set: "IDENTITY", Type: "ID_CARD", Side: "FRONT_SIDE"})
	want := onboarding.Review{
		Answer: "RED", RejectType: "RETRY", Comment: "The picture is blurred.", Labels: []string{"UNSATISFACTORY_PHOTOS"}, Buttons: []string{"badPhoto_dataNotVisible"},
	}
	if diff := cmp.Diff(want, image.Review); diff != "" || !ok || image.ID != front.Image {
		t.Error("the front (-want +got):", diff)
	}
	if err := c.RemoveImage(t.Context(), v.Inspection, front.Image); err != nil {
		t.Fatal(err)
	}
	v = read(t, c, id)
	if image, ok := v.Steps[0].At(onboarding.Place{Set: "IDENTITY", Type: "ID_CARD", Side: "FRONT_SIDE"}); ok {
		t.Errorf("it still counts: %+v", image)
	}
	decide(t, s, id, provider.Verdict{Finding: provider.Finding{Answer: "RED", RejectType: "FINAL", Labels: []string{"FORGERY"}}})
	_, err := c.AddDocument(t.Context(), id, document("IDENTITY", "ID_CARD", "FRONT_SIDE"), paint(t, 5))
	if !errors.Is(err, onboarding.ErrClosed) {
		t.Error("after a final rejection:", err)
	}
}

func TestSandboxRefusesDocumentsForTheirReasons(t *testing.T) {
	t.Parallel()
	_, c := world(t, provider.Options{})
	id := create(t, c, "id-only")
	passport := document("IDENTITY", "PASSPORT", "")
	send(t, c, id, passport, paint(t, 1))
	for key, test := range map[string]struct {
		d    onboarding.Document
		file content
	}{
		"error.document_empty":     {passport, ""},
		"error.document_unwanted":  {document("SELFIE", "SELFIE", ""), paint(t, 2)},
		"error.document_corrupted": {passport, "%PDF-1.7 named as a picture\n%%EOF"},
		"error.document_format":    {passport, "II*\x00 a TIFF"},
		"":                         {passport, paint(t, 1)},
	} {
		_, err := c.AddDocument(t.Context(), id, test.d, test.file)
		e, ok := errors.AsType[*onboarding.Error](err)
		if !ok || e.Key != key || errors.Is(err, onboarding.ErrTwice) != (key == "") {
			t.Errorf("want %q, got %+v", key, err)
		}
	}
	got := send(t, c, id, passport, paint(t, 4)+"\nsandbox:dataNotReadable\n")
	if !got.Refused || !cmp.Equal(got.Advice, []string{"dataNotReadable"}) {
		t.Errorf("receipt %+v", got)
	}
}

// TestCutsLeaveOneApplicantAndOneDocument plays the cuts that leave it open whether a call took effect.
func TestCutsLeaveOneApplicantAndOneDocument(t *testing.T) {
	t.Parallel()
	for _, when := range []faults.When{faults.Before, faults.After} {
		s, c := world(t, provider.Options{CreateStatus: http.StatusCreated})
		strike(t, s, faults.Rule{Method: http.MethodPost, Path: "/resources/applicants", Kind: faults.Reset, When: when, Count: 1})
		wanted := applicant
		wanted.Level = "id-only"
		_, err := c.CreateApplicant(t.Context(), wanted)
		wantKind(t, err, onboarding.Unanswered)
		id := create(t, c, "id-only")
		strike(t, s, faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/" + string(id), Kind: faults.Reset, When: when, Count: 1})
		passport := document("IDENTITY", "PASSPORT", "")
		_, err = c.AddDocument(t.Context(), id, passport, paint(t, 1))
		wantKind(t, err, onboarding.Unanswered)
		v := read(t, c, id)
		if arrived := len(v.Steps[0].Images) == 1 && v.Steps[0].Images[0].Document == passport.ID.String(); arrived != (when == faults.After) {
			t.Errorf("%s: %+v", when, v.Steps[0].Images)
		}
		_, err = c.AddDocument(t.Context(), id, passport, paint(t, 1))
		if errors.Is(err, onboarding.ErrTwice) != (when == faults.After) {
			t.Errorf("%s: sent again: %v", when, err)
		}
		if created, added := count(s, effects.ApplicantCreate), count(s, effects.DocumentAdd); created != 1 || added != 1 {
			t.Errorf("%s: %d applicants, %d documents", when, created, added)
		}
	}
}

func strike(t *testing.T, s *sandbox.Sandbox, r faults.Rule) {
	t.Helper()
	if _, err := s.Faults().Add(r); err != nil {
		t.Fatal(err)
	}
}

// count is how often something really happened.
func count(s *sandbox.Sandbox, kind string) int {
	n := 0
	for _, e := range s.Effects() {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func TestSandboxTakesDataAsItGivesIt(t *testing.T) {
	t.Parallel()
	_, c := world(t, provider.Options{})
	id := create(t, c, "applicant-data-and-id")
	v := read(t, c, id)
	given := onboarding.ApplicantData{"phone": "+49301234", "address.street": "Hauptstraße"}
	for _, f := range v.Steps[0].Fields {
		given[f.Name] = "DEU"
	}
	given["dob"] = "1980-02-29"
	if err := c.SetData(t.Context(), id, given); err != nil {
		t.Fatal(err)
	}
	v = read(t, c, id)
	for name, value := range given {
		if v.Data[name] != value {
			t.Errorf("%s is %q, want %q", name, v.Data[name], value)
		}
	}
	if state := v.StateOf(v.Steps[0]); state != onboarding.StepGiven {
		t.Error("the step is", state)
	}
}

func TestSandboxOpensTheWebSDK(t *testing.T) {
	t.Parallel()
	s, c := world(t, provider.Options{})
	steps, err := c.Level(t.Context(), "id-and-liveness")
	if live := (onboarding.Verification{Steps: steps}).Live(); err != nil || !cmp.Equal(live, []string{"SELFIE"}) {
		t.Errorf("live: %v, %v", live, err)
	}
	id := create(t, c, "id-and-liveness")
	token, _, err := c.AccessToken(t.Context(), reference, "id-and-liveness")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.Sumsub().TokenApplicant(token.Reveal()); err != nil || a.ApplicantID != string(id) {
		t.Errorf("the token opens %q, %v", a.ApplicantID, err)
	}
	if _, err := c.WebSDKLink(t.Context(), reference, "id-and-liveness", sumsub.Redirect{}); err != nil {
		t.Error(err)
	}
}

func TestSandboxDeletesAnApplicant(t *testing.T) {
	t.Parallel()
	s, c := world(t, provider.Options{})
	id := create(t, c, "id-only")
	if err := s.Sumsub().SetPresence(string(id), "deactivated"); err != nil {
		t.Fatal(err)
	}
	if v := read(t, c, id); !v.Gone {
		t.Errorf("got %+v", v)
	}
}
