package main

import (
	"os"
	"path/filepath"
	"testing"

	"portal/internal/browsertest"
	"portal/internal/localpg"
)

// TestScreenshotsOfDocuments takes pictures of the pages about checked documents, into the folder that SCREENSHOTS names.
func TestScreenshotsOfDocuments(t *testing.T) {
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		t.Skip("SCREENSHOTS names no folder for them")
	}
	w := newWorldWith(t, localpg.NewURL(t), furtherFlow("details", "Verify your details", "applicant-data-and-id", "api"))
	b := browsertest.New(t)
	for _, screen := range screens {
		t.Run(screen.name, func(t *testing.T) {
			open := func() *browsertest.Page {
				p := b.Page(t)
				p.Resize(screen.width, screen.height)
				p.Allow("422")
				return p
			}
			take := func(e *examinee, page string) { e.Screenshot(filepath.Join(dir, page+"-"+screen.name+".png")) }
			e := w.examined(t, open(), newcomer(), documentsTitle).listed()
			e.photographGiving(take)
			e.photographResults(take)
			w.examined(t, open(), newcomer(), "Verify your details").photographData(take)
			w.examined(t, open(), newcomer(), "Verify your identity by camera").photographForms(take)
		})
	}
}

// photographGiving takes a picture at every stage of giving documents.
func (e *examinee) photographGiving(take func(e *examinee, page string)) {
	e.t.Helper()
	take(e, "documents-empty")
	e.opens("documents.begin", "documents.step_identity")
	e.See(say("documents.choose"))
	take(e, "document-choose")
	e.Press(say("documents.type_id_card"))
	e.See(say("documents.picture_id_card_front"))
	take(e, "document-picture")
	e.Press(say("documents.send"))
	e.See(say("error.document_missing"))
	take(e, "document-errors")
	e.Press(say("documents.camera_open"))
	e.See(say("documents.camera_take"))
	take(e, "document-camera")
	e.Press(say("documents.camera_close"))
	e.Fill(say("documents.country"), "Germany")
	e.Attach(say("documents.file"), shotFile(e.t, "front.jpg"))
	e.See("front.jpg")
	take(e, "document-preview")
	e.Press(say("documents.send"))
	e.See(say("documents.picture_id_card_back"))
	take(e, "document-back")
	e.gives("documents.picture_id_card_back", shotFile(e.t, "back.png"))
	e.See(say("documents.title"))
	take(e, "documents-given")
	e.opens("documents.begin", "documents.step_selfie")
	e.See(say("documents.picture_selfie"))
	take(e, "document-selfie")
	e.gives("documents.picture_selfie", doubtful(e.t, "selfie.jpg"))
	e.See(say("documents.advice"))
	take(e, "document-advice")
	e.Press(say("documents.list"))
	e.See(say("documents.complete"))
	take(e, "documents-complete")
}

// doubtful is a picture that the provider warns of as it comes in.
func doubtful(t *testing.T, name string) string {
	t.Helper()
	path := shotFile(t, name)
	marked := append(shot(t, name), "\nsandbox:badSelfie\n"...)
	if err := os.WriteFile(path, marked, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// photographResults takes a picture of everything that a check may come to.
func (e *examinee) photographResults(take func(e *examinee, page string)) {
	e.t.Helper()
	e.sends()
	take(e, "check-sent")
	back := ruling{"answer": "RED", "reject_type": "RETRY", "labels": []string{"BACK_SIDE_MISSING"}, "comment": "The back is blurred. Questions? ${clientSupportEmail}"}
	e.w.judge(e.t, e.id, ruling{"answer": "RED", "reject_type": "RETRY", "images": map[string]any{"IDENTITY/BACK_SIDE": back}})
	e.See(say("documents.lead_again"))
	take(e, "documents-again")
	e.opens("documents.give_again", "documents.step_identity")
	e.See(say("documents.picture_id_card_back"))
	take(e, "document-again")
	e.w.judge(e.t, e.id, ruling{"answer": "GREEN"})
	e.becomes("verification.approved_title")
	take(e, "verification-approved")
	e.w.judge(e.t, e.id, ruling{"answer": "RED", "reject_type": "FINAL", "labels": []string{"AGE_REQUIREMENT_MISMATCH"}})
	e.becomes("verification.rejected_title")
	take(e, "verification-rejected")
}

// becomes loads the page until it says a message.
func (e *examinee) becomes(key string) {
	e.t.Helper()
	eventually(e.t, "the page says: "+say(key), func() bool {
		e.reopens()
		return e.Sees(say(key))
	})
}

// photographData takes pictures of the form for data.
func (e *examinee) photographData(take func(e *examinee, page string)) {
	e.t.Helper()
	e.opens("documents.begin", "documents.step_data")
	e.See(say("documents.data_lead"))
	take(e, "documents-data")
	e.Press(say("documents.save"))
	e.See("There is a problem")
	take(e, "documents-data-errors")
}

// photographForms takes a picture of the provider's own forms.
func (e *examinee) photographForms(take func(e *examinee, page string)) {
	e.t.Helper()
	e.frame().See("Your identity document")
	take(e, "websdk")
}
