package web_test

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/faults"
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
		leads(v.about("/identity", "done", "given", "type", "PASSPORT"))
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

func TestBusyProviderIsSaidWithThePictureKept(t *testing.T) {
	t.Parallel()
	v := newWorld(t, wanted{}).verify("ada@example.com", "documents")
	v.w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/applicants/", Kind: faults.Status, Status: 429, Count: 1000})
	p := v.give("identity", photo(t, "x"), "type", "PASSPORT", "country", "DEU").shows(http.StatusServiceUnavailable, "documents.again", "documents.picture_passport")
	if p.header.Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
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
	p := v.get(v.about("/selfie")).shows(ok, "documents.send")
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
