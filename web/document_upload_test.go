package web_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
	"portal/internal/sandbox/faults"
	checks "portal/internal/sandbox/sumsub"
)

// badFiles are files that cannot be checked, with the messages that help.
func badFiles(t *testing.T) map[string][]byte {
	t.Helper()
	whole := photo(t, "whole")
	return map[string][]byte{
		"error.document_empty":     nil,
		"error.document_heic":      []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
		"error.document_tiff":      []byte("II*\x00\x08\x00\x00\x00"),
		"error.document_corrupted": whole[:len(whole)/2],
		"error.document_format":    []byte("GIF89a, and not a document"),
	}
}

func TestFilesThatCannotBeCheckedAreRefusedWithHelp(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	for key, file := range badFiles(t) {
		fields := []string{"type", "ID_CARD", "side", "FRONT_SIDE", "country", "SWE"}
		p := v.give("identity", file, fields...).shows(odd, key, "documents.again", "documents.picture_id_card_front").besides("file", key)
		if strings.Count(p.body, say("en", key)) < 2 {
			t.Errorf("%s is not in the summary", key)
		}
		if chosen := p.elements("option").with("value", "SWE"); len(chosen) != 1 || !hasAttr(chosen[0], "selected") {
			t.Errorf("the country is not kept: %v", chosen)
		}
		if told := v.giveByScript(odd, "identity", file, fields...); told != (scriptAnswer{Error: say("en", key), Field: "file"}) {
			t.Errorf("the script is told %+v, want %s", told, key)
		}
	}
	if v.active() != 0 {
		t.Error("a bad file has arrived")
	}
}

func hasAttr(e element, name string) bool {
	_, ok := e.attrs[name]
	return ok
}

func TestEverythingThatIsWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	p := v.give("identity", nil, "type", "PASSPORT").shows(odd, "error.document_empty", "error.document_country")
	if links := p.elements("a").with("href", "#country"); len(links) != 1 {
		t.Errorf("the summary leads to the country %d times", len(links))
	}
	for _, country := range []string{"", "XYZ", "de", "\xff"} {
		told := v.giveByScript(odd, "identity", photo(t, "x"), "type", "PASSPORT", "country", country)
		if told.Field != "country" {
			t.Errorf("country %q: the script is told %+v", country, told)
		}
	}
}

func TestWhatTheLevelDoesNotAskForIsRefused(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	for _, fields := range [][]string{
		{"type", "UTILITY_BILL"}, {"type", "PASSPORT", "side", "FRONT_SIDE"}, {"type", "ID_CARD"}, {"type", "ID_CARD", "side", "LEFT"}, {},
	} {
		v.give("identity", photo(t, "x"), append(fields, "country", "DEU")...).shows(odd, "error.document_unwanted")
	}
	v.give("identity", photo(t, "x"), "type", "ID_CARD", "side", "BACK_SIDE", "country", "DEU").shows(odd, "error.document_front_first")
	if v.active() != 0 {
		t.Error("something has arrived")
	}
}

// A page from before the check still offers what was accepted meanwhile.
func TestFileForWhatWasAcceptedLeadsToTheList(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.giveAll()
	again := red(onboarding.Retry, "", "UNSATISFACTORY_PHOTOS")
	v.must(v.w.sandbox.Sumsub().Decide(v.id, checks.Verdict{
		Finding: again, Images: map[string]checks.Finding{"IDENTITY/BACK_SIDE": again, "IDENTITY/FRONT_SIDE": green, "SELFIE": green},
	}))
	v.shown().shows(ok, "documents.state_accepted")
	v.give("selfie", photo(t, "other"), "type", "SELFIE").leads(v.about(""))
	if told := v.giveByScript(ok, "selfie", photo(t, "other"), "type", "SELFIE"); told.Next != "/onboarding"+v.about("") {
		t.Errorf("the script is told %+v", told)
	}
	v.give("identity", photo(t, "other"), "type", "ID_CARD", "side", "FRONT_SIDE", "country", "DEU").
		shows(odd, "error.document_unwanted", "documents.picture_id_card_back")
}

func TestSamePictureOfBothSidesIsRefused(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	file := photo(t, "same")
	v.give("identity", file, "type", "ID_CARD", "side", "FRONT_SIDE", "country", "DEU")
	v.give("identity", file, "type", "ID_CARD", "side", "BACK_SIDE", "country", "DEU").shows(odd, "error.document_twice")
	known := v.get(v.about("/identity")).elements("form").with("enctype", "multipart/form-data")[0].attrs["data-known"]
	if want := digestOf(file); known != want {
		t.Errorf("the script knows %q, want %q", known, want)
	}
}

func TestReplacedPictureIsGone(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.giveCard("card")
	v.get(v.about("/identity", "type", "ID_CARD", "side", "front")).shows(ok, "documents.picture_id_card_front")
	v.give("identity", photo(t, "better"), "type", "ID_CARD", "side", "FRONT_SIDE", "country", "DEU").leads(v.about("", "done", "given"))
	if n := v.active(); n != 2 {
		t.Errorf("the provider has %d pictures, want 2", n)
	}
	v.get(v.about("/identity", "again", "1")).shows(ok, "documents.choose")
	v.give("identity", photo(t, "passport"), "type", "PASSPORT", "country", "DEU").leads(v.about("", "done", "given"))
	if n := v.active(); n != 1 {
		t.Errorf("after another document the provider has %d pictures, want 1", n)
	}
}

func TestAdviceStaysBesideItsPicture(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	step := v.about("/identity", "done", "given", "type", "PASSPORT")
	v.give("identity", photo(t, "old", "sandbox:maybeExpiredDoc"), "type", "PASSPORT", "country", "DEU").leads(step)
	for _, at := range []string{step, v.about("/identity")} {
		v.get(at).shows(ok, "documents.there", "documents.advice", "review.expired_maybe", "documents.replace")
	}
	v.get("/documents").shows(ok, "documents.state_given") // it is advice
}

func TestPictureThatTheProviderDoesNotTakeIsWantedAgain(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.give("identity", photo(t, "blurred", "sandbox:dataNotReadable"), "type", "PASSPORT", "country", "DEU").
		leads(v.about("/identity", "done", "refused", "type", "PASSPORT"))
	for range 2 {
		v.get(v.about("/identity", "type", "PASSPORT")).shows(ok, "documents.refused", "review.unreadable", "documents.send")
	}
	if row := v.get("/documents").row("Identity document"); strings.Contains(row, say("en", "documents.state_given")) {
		t.Error("the list says that it has arrived")
	}
	v.give("identity", photo(t, "sharp"), "type", "PASSPORT", "country", "DEU").leads(v.about("", "done", "given"))
}

// The time within which the call may still take effect is long enough for a slow machine, and passes on the sandbox's clock.
func TestNobodySaysThatAFileArrivedBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/", Kind: faults.Reset, Count: 2})
	told := v.giveByScript(ok, "identity", photo(t, "lost"), "type", "PASSPORT", "country", "DEU")
	if want := "/onboarding" + v.about("/identity"); told.Next != want {
		t.Fatalf("the script is led to %+v, want %s", told, want)
	}
	if _, err := v.w.pool.Exec(t.Context(), "update documents set claimed_until = $1", v.w.sandbox.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	p := v.get(v.about("/identity")).shows(ok, "documents.arriving_title")
	if p.header.Get("Refresh") == "" {
		t.Error("the page does not look again")
	}
	v.w.pass(2 * time.Minute)
	v.get(v.about("/identity", "type", "PASSPORT")).shows(ok, "documents.send")
	v.give("identity", photo(t, "lost"), "type", "PASSPORT", "country", "DEU").leads(v.about("", "done", "given"))
	if n := v.active(); n != 1 {
		t.Errorf("the provider has %d pictures, want 1", n)
	}
}

func TestFileThatArrivedWithoutAnAnswerIsFound(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/", Kind: faults.Reset, When: faults.After, Count: 1})
	v.give("identity", photo(t, "there"), "type", "PASSPORT", "country", "DEU").leads(v.about("", "done", "given"))
	v.get("/documents").shows(ok, "documents.state_given")
	if n := v.active(); n != 1 {
		t.Errorf("the provider has %d pictures, want 1", n)
	}
}

// Nobody is told to take a new picture because the provider is busy, knows nobody of that name, or does not let us in.
func TestTroubleOfTheProviderIsNotBlamedOnThePicture(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	for _, status := range []int{http.StatusTooManyRequests, http.StatusNotFound, http.StatusForbidden} {
		v.w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/", Kind: faults.Status, Status: status, Count: 1000})
		p := v.give("identity", photo(t, "x"), "type", "PASSPORT", "country", "DEU").
			shows(http.StatusServiceUnavailable, "error.unavailable", "documents.again", "documents.picture_passport")
		if p.header.Get("Retry-After") == "" {
			t.Errorf("%d: it does not say when to try again", status)
		}
		if strings.Contains(p.body, say("en", "error.document_refused")) {
			t.Errorf("%d: the picture is blamed", status)
		}
		told := v.giveByScript(http.StatusServiceUnavailable, "identity", photo(t, "x"), "type", "PASSPORT", "country", "DEU")
		if told != (scriptAnswer{Error: say("en", "error.unavailable"), Field: "file"}) {
			t.Errorf("%d: the script is told %+v", status, told)
		}
		v.w.sandbox.Faults().Clear()
	}
}

// hold leaves an earlier file for a passport on its way, of which nobody knows more until a time.
func (v *verification) hold(until time.Time) {
	v.w.t.Helper()
	v.w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/", Kind: faults.Reset, Count: 2})
	v.give("identity", photo(v.w.t, "earlier"), "type", "PASSPORT", "country", "DEU").leads(v.about("/identity"))
	_, err := v.w.pool.Exec(v.w.t.Context(), "update documents set claimed_until = $1", until)
	v.must(err)
}

// An earlier file is on its way as long as its sender is at work, and may still arrive a while after that.
func TestPictureBehindAnotherIsKeptByTheScript(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{settle: time.Minute}).verify("ada@example.com", "documents")
	want := scriptAnswer{Error: say("en", "error.document_behind"), Field: "file"}
	later := photo(t, "later")
	v.hold(v.w.sandbox.Now().Add(time.Minute))
	for _, status := range []int{http.StatusConflict, http.StatusServiceUnavailable} {
		if told := v.giveByScript(status, "identity", later, "type", "PASSPORT", "country", "DEU"); told != want {
			t.Errorf("the script is told %+v, want %+v", told, want)
		}
		v.give("identity", later, "type", "PASSPORT", "country", "DEU").leads(v.about("/identity"))
		v.w.pass(75 * time.Second)
	}
	v.giveByScript(ok, "identity", later, "type", "PASSPORT", "country", "DEU")
	if n := v.active(); n != 1 {
		t.Errorf("the provider has %d pictures, want 1", n)
	}
}

// A provider that was read a moment ago, and has nothing new, was read all the same.
func TestNobodyWaitsForAPictureThatTheProviderDoesNotHave(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.hold(v.w.sandbox.Now().Add(-time.Minute))
	v.get(v.about("/identity", "type", "PASSPORT")).shows(ok, "documents.send")
	v.get(v.about("/identity", "type", "PASSPORT")).shows(ok, "documents.send")
}

func TestCountryIsKeptWhereTheFileIsWrong(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	keeps := func(p page) {
		t.Helper()
		if chosen := p.elements("option").with("value", "SWE"); len(chosen) != 1 || !hasAttr(chosen[0], "selected") {
			t.Errorf("%s: the country is not kept: %v", p.what, chosen)
		}
	}
	keeps(v.giveNothing("type", "PASSPORT", "country", "SWE").shows(odd, "error.document_missing"))
	v.give("identity", photo(t, "first"), "type", "PASSPORT", "country", "SWE").leads(v.about("", "done", "given"))
	keeps(v.give("identity", bytes.Repeat([]byte{0}, 51<<20), "type", "PASSPORT", "country", "SWE").
		shows(http.StatusRequestEntityTooLarge, "error.document_too_big"))
}

// giveNothing sends the form as browsers do where no file was chosen.
func (v *verification) giveNothing(fields ...string) page {
	v.w.t.Helper()
	r := v.upload("identity", nil, fields...)
	body, err := io.ReadAll(r.Body)
	v.must(err)
	body = bytes.ReplaceAll(body, []byte(nameOfFile), nil)
	r.Body, r.GetBody, r.ContentLength = io.NopCloser(bytes.NewReader(body)), nil, int64(len(body))
	return v.do(r)
}

func TestPaperIsNoSelfie(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.giveCard("card")
	v.give("selfie", paper, "type", "SELFIE").shows(odd, "error.document_face").besides("file", "error.document_face")
	if n := v.active(); n != 2 {
		t.Errorf("the provider has %d pictures, want 2", n)
	}
}

// paper is a PDF.
var paper = []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")

// A script shows sentences, not pages, and a page that says that the connection is at fault is wrong.
func TestScriptIsToldEveryTroubleInASentence(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	told := v.giveByScript(ok, "no-such-step", photo(t, "x"), "type", "PASSPORT", "country", "DEU")
	if want := "/onboarding" + v.about(""); told.Next != want {
		t.Errorf("without the step the script is told %+v, want to be led to %s", told, want)
	}
	v.give("no-such-step", photo(t, "x"), "type", "PASSPORT", "country", "DEU").leads(v.about(""))
	told = v.toldAfter(http.StatusForbidden, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if told.Error != say("en", "error.cross_origin") {
		t.Errorf("from another site the script is told %+v", told)
	}
	told = v.toldAfter(none, func(r *http.Request) { r.URL.RawQuery = "registration=another" })
	if told.Error != say("en", "error.not_found") {
		t.Errorf("about another registration the script is told %+v", told)
	}
	if _, err := v.w.pool.Exec(t.Context(), "alter table sessions rename to sessions_away"); err != nil {
		t.Fatal(err)
	}
	told = v.toldAfter(http.StatusInternalServerError, func(*http.Request) {})
	if told.Error != say("en", "error.internal") {
		t.Errorf("without sessions the script is told %+v", told)
	}
}

// toldAfter sends a file as the page's script does, with a change to the request.
func (v *verification) toldAfter(status int, change func(r *http.Request)) (told scriptAnswer) {
	v.w.t.Helper()
	r := v.upload("identity", photo(v.w.t, "x"), "type", "PASSPORT", "country", "DEU")
	r.Header.Set("Accept", "application/json")
	change(r)
	p := v.do(r)
	if p.status != status {
		v.w.t.Errorf("%s: status %d, want %d", p.what, p.status, status)
	}
	v.must(json.Unmarshal([]byte(p.body), &told))
	return told
}

func TestTooLargeFilesAreRefusedUnread(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.give("identity", bytes.Repeat([]byte{0}, 51<<20), "type", "PASSPORT", "country", "DEU").
		shows(http.StatusRequestEntityTooLarge, "error.document_too_big").besides("file", "error.document_too_big")
	if told := v.giveByScript(http.StatusRequestEntityTooLarge, "identity", bytes.Repeat([]byte{0}, 51<<20), "type", "PASSPORT"); told.Error != say("en", "error.document_too_big") {
		t.Errorf("the script is told %+v", told)
	}
}

// The name of a file often says more than the file.
func TestNamesAndBytesOfFilesAreNowhere(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	const mark = "marked-bytes-of-a-passport"
	file := photo(t, "marked", mark)
	pages := v.give("identity", file, "type", "PASSPORT", "country", "DEU").body + v.get("/documents").body + v.get(v.about("/identity")).body +
		v.give("identity", []byte(mark), "type", "PASSPORT", "country", "DEU").body
	stored := v.w.text("select coalesce(string_agg(d::text, ' '), '') from documents d")
	for place, text := range map[string]string{"a page": pages, "the log": v.w.log.String(), "the database": stored} {
		if strings.Contains(text, mark) || strings.Contains(text, hex.EncodeToString([]byte(mark))) || strings.Contains(text, nameOfFile) {
			t.Errorf("%s holds a file, or its name", place)
		}
	}
}

func TestCameraAndPreviewAreForThePagesOfPicturesAlone(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	p := v.get(v.about("/identity", "type", "PASSPORT")).shows(ok, "documents.send")
	want := map[string]string{}
	for name, sources := range ordinaryPolicy {
		want[name] = sources
	}
	want["img-src"] = "'self' blob:"
	if diff := cmp.Diff(want, directives(p)); diff != "" {
		t.Errorf("content security policy (-want +got):\n%s", diff)
	}
	if got := camera.FindString(p.header.Get("Permissions-Policy")); got != "camera=(self)" {
		t.Errorf("%s, want one's own", got)
	}
	p.referrer("same-origin")
	for _, at := range []string{"", "/identity"} {
		v.get(v.about(at)).ordinary()
	}
}
