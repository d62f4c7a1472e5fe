package front_test

import (
	"net/http"
	"slices"
	"testing"

	"portal/internal/sandbox/passfort/front"
)

var (
	passport = documentType{"PASSPORT", "Passport", []string{"FRONT"}}
	licence  = documentType{"DRIVING_LICENCE", "Driving licence", []string{"FRONT", "BACK", "SELFIE"}}
	card     = documentType{"IDENTITY_CARD", "Identity card", []string{"FRONT", "BACK"}}
)

// proof is a form that asks for a document.
func proof(types ...documentType) form {
	return form{ID: "proof", Title: "Your document", State: "SENT", Editable: true, Sections: []section{
		{Questions: []question{{Name: "identity", Label: "Identity document", Type: "document", Required: true, Types: types}}},
	}}
}

// received says whether exactly these pictures have arrived.
func (s *site) received(kind string, sides ...string) (all bool) {
	s.change(func() {
		d := s.question("proof", "identity").Document
		all = d != nil && d.Type == kind && slices.Equal(d.Received, sides)
	})
	return all
}

func TestPictureIsSentAsSoonAsItIsTaken(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, proof(passport))
	p, f := s.open(t, s.url+"/dynamic")
	f.Press("Take a photo")
	f.Press("Capture")
	f.See("The photo has been taken.")
	if !s.received("PASSPORT", "FRONT") {
		t.Error("the picture is not there before Continue is pressed")
	}
	p.Open(s.url + "/dynamic")
	f = p.Frame(s.collection + "/collect")
	f.See("A picture has been received.")
	f.Press("Continue")
	f.See("Check your answers")
	f.See("Received")
}

func TestDocumentWithTwoSidesAsksForBoth(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, proof(card))
	_, f := s.open(t, s.url+"/dynamic")
	f.See("Front of the document")
	f.See("Back of the document")
	f.Press("Take a photo: Front of the document")
	f.Press("Capture: Front of the document")
	f.See("The photo has been taken.")
	f.Attach("Or choose a file: Back of the document", picture(t, "passport.png"))
	f.See("passport.png has been received.")
	f.Press("Continue")
	f.See("Front of the document: Received")
	f.See("Back of the document: Received")
	if !s.received("IDENTITY_CARD", "FRONT", "BACK") {
		t.Error("both sides have not arrived")
	}
}

func TestKindOfDocumentSaysWhichPicturesAreAskedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, proof(passport, licence))
	p, f := s.open(t, s.url+"/dynamic")
	p.Allow("422")
	f.See("Which document do you have?")
	if f.Sees("Take a photo") {
		t.Error("a picture is asked for before it is known of what")
	}
	f.Press("Continue")
	f.Press("Identity document is missing.")
	focused(t, f, "Passport")
	f.Press("Passport")
	f.See("Take a photo")
	f.Press("Driving licence")
	f.See("Selfie")
	f.Press("Take a photo: Selfie")
	f.See("Look into the camera")
	f.Press("Take a photo: Back of the document") // switches the other camera off
	f.Press("Capture: Back of the document")
	f.See("The photo has been taken.")
	if f.Sees("Capture: Selfie") {
		t.Error("two cameras are open at once")
	}
	f.Press("Continue")
	f.See("Driving licence")
	f.See("Back of the document: Received")
	f.See("Selfie: Missing")
}

func TestDeniedCameraOffersAFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, proof(passport))
	p, f := s.open(t, s.url+"/dynamic?nocamera")
	p.Allow("camera is not allowed")
	f.Press("Take a photo")
	f.See("The camera is blocked.")
	f.Attach("Or choose a file", picture(t, "passport.png"))
	f.See("passport.png has been received.")
	f.Press("Continue")
	f.See("Check your answers")
	if !s.received("PASSPORT", "FRONT") {
		t.Error("the file has not arrived")
	}
}

func TestLostPictureIsSentAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, front.Options{}, proof(passport))
	p, f := s.open(t, s.url+"/dynamic")
	p.Allow("50")
	p.Allow("415")
	s.change(func() { s.picture = &refusal{status: http.StatusBadGateway} })
	f.Attach("Or choose a file", picture(t, "passport.png"))
	f.See("The file could not be sent.")
	f.Press("Continue")
	f.Press("A picture could not be sent. Please send it again.")
	focused(t, f, "Send again")
	s.change(func() { s.picture = nil })
	f.Press("Send again")
	f.See("passport.png has been received.")
	s.change(func() { s.picture = &refusal{status: http.StatusUnsupportedMediaType, Message: "This is no picture."} })
	f.Attach("Or choose a file", picture(t, "holiday.png"))
	f.See("This is no picture.")
	f.Press("Continue") // the one before counts
	f.See("Check your answers")
}
