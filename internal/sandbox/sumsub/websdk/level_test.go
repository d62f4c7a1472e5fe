package websdk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portal/internal/sandbox/sumsub"
)

func passport() sumsub.SDKStep {
	return sumsub.SDKStep{Set: "IDENTITY", Types: []string{"PASSPORT", "ID_CARD"}, Video: "disabled"}
}

func selfie() sumsub.SDKStep {
	return sumsub.SDKStep{Set: "SELFIE", Types: []string{"SELFIE"}, Video: "disabled"}
}

func liveness() sumsub.SDKStep {
	return sumsub.SDKStep{Set: "SELFIE", Types: []string{"SELFIE"}, Video: "passiveLiveness", Live: true}
}

// got lists the files that have come, without their content.
func (d *desk) got() (files []sumsub.SDKFile) {
	d.change(func() { files = append(files, d.files...) })
	return files
}

// common is what every event says of the desk's applicant.
const common = `"applicantId":"61fcc4a1e5e2f00001d0a7a2","levelName":"a-level"`

func TestLevelWithLivenessIsCompleted(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(passport(), liveness()) }, func(t *testing.T, s *site) {
		p, f := s.open(t, "/")
		f.See("Your identity document")
		f.Fill("Which country issued it?", "Latvia")
		f.Fill("Which document is it?", "Identity card")
		f.Attach("Or choose a file: Front side", picture(t, "front.png"))
		f.Press("Take a photo: Back side")
		f.Press("Capture: Back side")
		eventually(t, "both sides", func() bool { return len(s.got()) == 2 })
		f.See("A picture has been received.")
		f.Press("Continue")
		f.See("Your selfie")
		f.Press("Start")
		f.See("Your documents are being checked")
		s.decide("GREEN", "", "")
		f.See("You are verified")

		want := []sumsub.SDKFile{
			{Type: "ID_CARD", Side: "FRONT_SIDE", Country: "LVA", Name: "front.png"},
			{Type: "ID_CARD", Side: "BACK_SIDE", Country: "LVA", Name: "photo.jpg", Live: true},
			{Type: "SELFIE", Country: "LVA", Name: "liveness.jpg", Live: true},
		}
		if diff := cmp.Diff(want, s.got(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("files (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(levelEvents, events(p)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

var levelEvents = []string{
	`ready {}`,
	`onApplicantLoaded {` + common + `}`,
	`onInitialized {` + common + `}`,
	`onStepInitiated {` + common + `,"idDocSetType":"IDENTITY","types":["PASSPORT","ID_CARD"],"videoRequired":"disabled"}`,
	`onDocumentAdded {` + common + `,"imageId":1045510331,"idDocSetType":"IDENTITY","idDocType":"ID_CARD","idDocSubType":"FRONT_SIDE","country":"LVA"}`,
	`onDocumentAdded {` + common + `,"imageId":1045510331,"idDocSetType":"IDENTITY","idDocType":"ID_CARD","idDocSubType":"BACK_SIDE","country":"LVA"}`,
	`onStepCompleted {` + common + `,"idDocSetType":"IDENTITY"}`,
	`onStepInitiated {` + common + `,"idDocSetType":"SELFIE","types":["SELFIE"],"videoRequired":"passiveLiveness"}`,
	`onLivenessCompleted {` + common + `,"answer":"GREEN","allowContinuing":true}`,
	`onDocumentAdded {` + common + `,"imageId":1045510331,"idDocSetType":"SELFIE","idDocType":"SELFIE","country":"LVA"}`,
	`onStepCompleted {` + common + `,"idDocSetType":"SELFIE"}`,
	`onApplicantSubmitted {` + common + `}`,
	`onApplicantStatusChanged {` + common + `,"reprocessing":false,"reviewStatus":"pending","reviewResult":{},"autoChecked":false}`,
	`onApplicantStatusChanged {` + common + `,"reprocessing":false,"reviewStatus":"completed","reviewResult":{"reviewAnswer":"GREEN"},"autoChecked":false}`,
	`onApplicantVerificationCompleted {` + common + `,"reprocessing":false,"reviewStatus":"completed","reviewResult":{"reviewAnswer":"GREEN"},"autoChecked":false}`,
}

func TestDataIsAskedForUntilItIsThere(t *testing.T) {
	t.Parallel()
	d := newDesk(sumsub.SDKStep{Set: "APPLICANT_DATA", Data: map[string]string{"firstName": "Ada"}, Fields: []sumsub.Field{
		{Name: "firstName", Required: true}, {Name: "lastName", Required: true}, {Name: "countryOfBirth"},
	}})
	s := newSite(t, d, anyDomain, false)
	_, f := s.open(t, "/")
	f.See("Your details")
	f.Press("Continue")
	f.See("Please fill in: Last name.")
	f.Fill("Last name", "Lovelace")
	f.Fill("Country of birth (optional)", "United Kingdom")
	f.Press("Continue")
	f.See("Your documents are being checked")
	want := map[string]string{"firstName": "Ada", "lastName": "Lovelace", "countryOfBirth": "GBR"}
	if diff := cmp.Diff(want, s.data); diff != "" {
		t.Errorf("data (-want +got):\n%s", diff)
	}
}

func TestRejectedStepAloneIsAskedForAgain(t *testing.T) {
	t.Parallel()
	withBoth(t, func() *desk { return newDesk(passport(), selfie()) }, func(t *testing.T, s *site) {
		p, f := s.open(t, "/")
		f.Fill("Which country issued it?", "Latvia")
		f.Fill("Which document is it?", "Passport")
		f.Attach("Or choose a file: Passport", picture(t, "passport.png"))
		f.See("A picture has been received.")
		f.Press("Continue")
		f.See("Your selfie")
		f.Press("Take a photo: Selfie")
		f.Press("Capture: Selfie")
		f.See("A picture has been received.")
		f.Press("Continue")
		f.See("Your documents are being checked")
		s.reject("SELFIE", "Your face cannot be seen.")
		s.decide("RED", "RETRY", "")
		f.See("Something has to be sent again")
		f.See("Your selfie: Your face cannot be seen.")
		f.Press("Continue")
		f.Attach("Or choose a file: Selfie", picture(t, "selfie.png"))
		f.See("A picture has been received.")
		f.Press("Continue")
		f.See("Your documents are being checked")
		s.decide("RED", "FINAL", "Please write to ${clientSupportEmail}.")
		f.See("Your verification was not successful")
		f.See("Please write to the company’s support.")

		want := []string{
			"onApplicantStatusChanged", "onStepInitiated", "onDocumentAdded", "onStepCompleted", "onApplicantResubmitted",
			"onApplicantStatusChanged", "onApplicantStatusChanged", "onApplicantVerificationCompleted",
		}
		all := names(events(p))
		if diff := cmp.Diff(want, all[max(0, len(all)-len(want)):]); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}
