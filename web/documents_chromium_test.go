package web_test

import (
	"bytes"
	"image/jpeg"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/internal/sandbox/faults"
)

// verifyAt signs somebody in with a real browser and starts the flow of documents there.
func (w *world) verifyAt(p *browsertest.Page, address string) *verification {
	w.t.Helper()
	v := w.verify("ada@example.com", "documents")
	w.pass(2 * time.Minute) // another code so soon would be refused
	w.signInAt(p, address, "ada@example.com")
	p.Open(address + "?flow=documents")
	p.See("What we need from you")
	return v
}

// kept writes a file to be chosen in a browser.
func kept(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A card with two sides and a selfie, with the page's script and without.
func TestDocumentsAreGivenInABrowser(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	v := w.verifyAt(p, address)
	p.Press("Start: Identity document")
	p.Press("Identity card")
	p.See("Front of your identity card")
	p.Fill("Which country issued it?", "Germany")
	p.Attach("Your picture", kept(t, "front.jpg", photo(t, "front")))
	p.See("front.jpg")
	p.Press("Send this picture")
	p.See("Back of your identity card")
	p.See("Thank you, it has arrived.")
	p.Attach("Your picture", kept(t, "back.png", scan(t, "back")))
	p.See("back.png")
	p.Press("Send this picture")
	p.See("Identity card, Germany")
	p.Press("Start: Photo of you with your document")
	p.See("Hold your document next to your face.")
	p.Attach("Your picture", kept(t, "me.jpg", photo(t, "me")))
	p.See("me.jpg")
	p.Press("Send this picture")
	p.See("Everything is here.")
	p.Press("Send for review")
	p.See("What you sent is being checked")
	if n := v.active(); n != 3 {
		t.Errorf("the provider has %d pictures, want 3", n)
	}
}

func TestDocumentsAreGivenWithoutScriptsByTheKeysAlone(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	v := w.verifyAt(p, address)
	p.WithoutScripts()
	p.Open(address + "?flow=documents")
	p.TabTo("Start : Identity document")
	p.Type(browsertest.Enter)
	p.TabTo("Passport")
	p.Type(browsertest.Enter)
	p.See("Photo page of your passport")
	p.Fill("Which country issued it?", "Sweden")
	p.Attach("Your picture", kept(t, "passport.jpg", photo(t, "passport")))
	p.TabTo("Send this picture")
	p.Type(browsertest.Enter)
	p.See("Passport, Sweden")
	p.TabTo("Start : Photo of you with your document")
	p.Type(browsertest.Enter)
	p.Attach("Your picture", kept(t, "me.jpg", photo(t, "me")))
	p.TabTo("Send this picture")
	p.Type(browsertest.Enter)
	p.TabTo("Send for review")
	p.Type(browsertest.Enter)
	p.See("What you sent is being checked")
	if n := v.active(); n != 2 {
		t.Errorf("the provider has %d pictures, want 2", n)
	}
}

// pictureAt opens the page of a passport's picture.
func (w *world) pictureAt(p *browsertest.Page, address string) *verification {
	w.t.Helper()
	v := w.verifyAt(p, address)
	p.Open(address + v.about("/identity", "type", "PASSPORT"))
	p.See("Photo page of your passport")
	return v
}

func TestBadPicturesAreToldBeforeTheyAreSent(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	v := w.pictureAt(p, address)
	p.Press("Send this picture")
	p.See(say("en", "error.document_missing"))
	p.See(say("en", "error.document_country"))
	p.Fill("Which country issued it?", "Sweden")
	for key, file := range badFiles(t) {
		if key == "error.document_corrupted" { // only the server finds out
			continue
		}
		p.Attach("Your picture", kept(t, "bad.jpg", file))
		p.See(say("en", key))
		p.Press("Send this picture")
		p.See(say("en", key))
		eventually(t, "the field to have the focus", func() bool { return strings.HasPrefix(p.Focused(), "Your picture") })
	}
	if sent := uploadsOf(p); sent != 0 {
		t.Errorf("%d files were sent all the same", sent)
	}
	p.Attach("Your picture", kept(t, "good.jpg", photo(t, "good")))
	p.Press("Send this picture")
	p.See("Passport, Sweden")
	p.Open(address + v.about("/selfie"))
	p.Attach("Your picture", kept(t, "same.jpg", photo(t, "good")))
	p.See(say("en", "error.document_twice"))
	p.Attach("Your picture", kept(t, "me.pdf", paper))
	p.See(say("en", "error.document_face"))
}

// uploadsOf counts the files that a page has sent.
func uploadsOf(p *browsertest.Page) (n int) {
	for _, r := range p.Requests() {
		if r.Method == "POST" && strings.Contains(r.URL, "/documents/") {
			n++
		}
	}
	return n
}

func TestPictureIsKeptWhereTheServerRefusesIt(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	p.Allow("422")
	w.pictureAt(p, address)
	whole := photo(t, "whole")
	p.Fill("Which country issued it?", "Sweden")
	p.Attach("Your picture", kept(t, "half.jpg", whole[:len(whole)/2]))
	p.Press("Send this picture")
	p.See(say("en", "error.document_corrupted"))
	p.See("half.jpg")
	eventually(t, "the field to have the focus", func() bool { return strings.HasPrefix(p.Focused(), "Your picture") })
	p.Attach("Your picture", kept(t, "whole.jpg", whole))
	p.Press("Send this picture")
	p.See("Passport, Sweden")
}

func TestWhoWasSignedOutSendsThePictureAfterSigningInAgain(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	b := browsertest.New(t)
	p := b.Page(t)
	p.Allow("401")
	w.pictureAt(p, address)
	p.Fill("Which country issued it?", "Sweden")
	p.Attach("Your picture", kept(t, "passport.jpg", photo(t, "passport")))
	if _, err := w.pool.Exec(t.Context(), "update sessions set seen_at = seen_at - interval '2 hours'"); err != nil {
		t.Fatal(err)
	}
	p.Press("Send this picture")
	p.See(say("en", "documents.signed_out"))
	p.See("passport.jpg")
	if _, err := w.pool.Exec(t.Context(), "update sessions set seen_at = seen_at + interval '2 hours'"); err != nil {
		t.Fatal(err)
	}
	p.Press("Send this picture")
	p.See("Passport, Sweden")
}

func TestPictureIsKeptWhereTheConnectionBreaks(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	var broken atomic.Bool
	way := &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(parseURL(t, w.server.URL)) },
		ErrorLog: log.New(io.Discard, "", 0), // of what the browser has left
	}
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/documents/") && broken.CompareAndSwap(false, true) {
			http.Error(rw, "the way is broken", http.StatusBadGateway)
			return
		}
		way.ServeHTTP(rw, r)
	}))
	t.Cleanup(front.Close)
	p := browsertest.New(t).Page(t)
	p.Allow("502")
	w.pictureAt(p, front.URL+"/onboarding")
	p.Fill("Which country issued it?", "Sweden")
	p.Attach("Your picture", kept(t, "passport.jpg", photo(t, "passport")))
	p.Press("Send this picture")
	p.See(say("en", "documents.failed"))
	p.See("passport.jpg")
	p.Press("Send this picture")
	p.See("Passport, Sweden")
}

func TestPressingTwiceSendsAPictureOnce(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	v := w.pictureAt(p, address)
	w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/", Kind: faults.Slow, DelayMS: 1000, Count: 1})
	p.Fill("Which country issued it?", "Sweden")
	p.Attach("Your picture", kept(t, "passport.jpg", photo(t, "passport")))
	p.Press("Send this picture")
	p.See(say("en", "documents.passing"))
	p.Type(browsertest.Enter) // the button still has the focus
	p.See("Passport, Sweden")
	if sent := uploadsOf(p); sent != 1 || v.active() != 1 {
		t.Errorf("%d files were sent, and %d pictures are there", sent, v.active())
	}
}

// What becomes of the picture is the same as of any other, and large pictures take the sandbox long: it is refused.
func TestPictureIsTakenWithTheCameraOfAComputer(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	p.Allow("422")
	w.pictureAt(p, address)
	w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/", Kind: faults.Status, Status: 400, Count: 1})
	p.Fill("Which country issued it?", "Sweden")
	p.Press("Take a picture with this device's camera")
	p.Press("Take the picture")
	p.See("camera.jpg")
	p.Press("Send this picture")
	p.See(say("en", "error.document_refused"))
	picture, err := jpeg.DecodeConfig(bytes.NewReader(sentFile(t, p)))
	if err != nil || picture.Width < 100 || picture.Height < 100 {
		t.Errorf("what was sent is a picture of %d × %d: %v", picture.Width, picture.Height, err)
	}
}

// sentFile is the file that the page has sent last.
func sentFile(t *testing.T, p *browsertest.Page) []byte {
	t.Helper()
	for _, r := range slices.Backward(p.Requests()) {
		_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || params["boundary"] == "" {
			continue
		}
		form, err := multipart.NewReader(strings.NewReader(r.Body), params["boundary"]).ReadForm(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		file, err := form.File["file"][0].Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	t.Fatal("no file was sent")
	return nil
}

// Every page is looked at on the narrowest phone, in both directions of writing.
func TestPagesOfDocumentsAreForEverybody(t *testing.T) {
	t.Parallel()
	w, address := onLoopback(t)
	p := browsertest.New(t).Page(t)
	p.Allow("422")
	p.Resize(320, 640)
	v := w.verifyAt(p, address)
	flawless := func() {
		t.Helper()
		for range 2 {
			for _, flaw := range p.Flaws() {
				t.Errorf("%s: %s", p.URL(), flaw)
			}
			p.TurnAround()
		}
	}
	flawless()
	for _, at := range []string{v.about("/identity"), v.about("/identity", "type", "ID_CARD"), v.about("/identity", "type", "PASSPORT")} {
		p.Open(address + at)
		flawless()
	}
	p.Attach("Your picture", kept(t, strings.Repeat("a-very-long-name", 12)+".jpg", photo(t, "me")))
	p.See("MB")
	flawless()
	v.giveCard("card")
	for _, at := range []string{v.about(""), v.about("/identity"), v.about("/selfie"), v.about("/identity", "side", "front")} {
		p.Open(address + at)
		flawless()
	}
	p.Press("Send this picture")
	p.See(say("en", "error.document_missing"))
	flawless()
}
