package sumsub_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/onboarding"
)

// content is a file of which nothing else is known.
type content string

func (c content) Size() int64     { return int64(len(c)) }
func (c content) Open() io.Reader { return strings.NewReader(string(c)) }

func TestADocumentIsSentWholeWithWhatItIs(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{"idDocType":"ID_CARD","country":"DEU","errors":[],"new":[{}]}`, "X-Image-Id", "1045510331")}
	got, err := client(t, api).AddDocument(t.Context(), person, picture, content(fileBytes))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(onboarding.Receipt{Image: "1045510331"}, got); diff != "" {
		t.Error("receipt (-want +got):", diff)
	}
	r := api.only(t)
	wantSigned(t, r)
	if r.Method+" "+r.Target != "POST /resources/applicants/"+string(person)+"/info/idDoc" || r.Header.Get("X-Return-Doc-Warnings") != "true" {
		t.Errorf("asked %s %s, %v", r.Method, r.Target, r.Header)
	}
	if r.Chunked || r.Length != int64(len(r.Raw)) {
		t.Errorf("length %d of %d, chunked %t", r.Length, len(r.Raw), r.Chunked)
	}
	want := []part{
		{"metadata", "", "application/json", `{"idDocType":"ID_CARD","country":"DEU","idDocSubType":"FRONT_SIDE"}`},
		{"content", "0198f0aa-0000-7000-8000-000000000001.jpg", "image/jpeg", fileBytes},
	}
	if diff := cmp.Diff(want, parts(t, r)); diff != "" {
		t.Error("form (-want +got):", diff)
	}
}

type part struct{ Name, File, Kind, Text string }

func parts(t *testing.T, r received) []part {
	t.Helper()
	_, with, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var all []part
	form := multipart.NewReader(bytes.NewReader(r.Raw), with["boundary"])
	for {
		p, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, part{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(text)})
	}
}

func TestADocumentWithoutSidesNamesNone(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{}`, "X-Image-Id", "1")}
	passport := picture
	passport.Type, passport.Side, passport.Format = "PASSPORT", "", onboarding.PDF
	if _, err := client(t, api).AddDocument(t.Context(), person, passport, content("%PDF")); err != nil {
		t.Fatal(err)
	}
	got := parts(t, api.only(t))
	if got[0].Text != `{"idDocType":"PASSPORT","country":"DEU"}` || !strings.HasSuffix(got[1].File, ".pdf") || got[1].Kind != "application/pdf" {
		t.Errorf("got %+v", got)
	}
}

func TestWhatIsDoubtfulIsAdvice(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]onboarding.Receipt{
		`{"warnings":["badSelfie"]}`:                              {Image: "7", Advice: []string{"badSelfie"}},
		`{"errors":["dataNotReadable"],"warnings":["badSelfie"]}`: {Image: "7", Advice: []string{"dataNotReadable", "badSelfie"}, Refused: true},
		`{"errors":null,"warnings":"?"}`:                          {Image: "7"},
		`{"errors":[],"warnings":[3,{},"<b>","maybeExpiredDoc"]}`: {Image: "7", Advice: []string{"3", "maybeExpiredDoc"}},
	} {
		got, err := client(t, always(http.StatusOK, body, "X-Image-Id", "7")).AddDocument(t.Context(), person, picture, content(fileBytes))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(body, err, "(-want +got):", diff)
		}
	}
}

func TestAnUploadWithoutAnImageIsUnanswered(t *testing.T) {
	t.Parallel()
	for _, api := range []http.Handler{always(http.StatusOK, `{}`), always(http.StatusOK, `{}`, "X-Image-Id", "../1"), always(http.StatusOK, `<html>`, "X-Image-Id", "1")} {
		_, err := client(t, api).AddDocument(t.Context(), person, picture, content(fileBytes))
		wantKind(t, err, onboarding.Unanswered)
		if !errors.Is(err, onboarding.ErrUnreadable) {
			t.Error("got", err)
		}
	}
}

func TestADocumentOfAnUnknownFormatIsSentToNobody(t *testing.T) {
	t.Parallel()
	api := &keeping{Handler: always(http.StatusOK, `{}`)}
	strange := picture
	strange.Format = "image/tiff"
	_, err := client(t, api).AddDocument(t.Context(), person, strange, content(fileBytes))
	wantKind(t, err, onboarding.Invalid)
	_, err = client(t, api).AddDocument(t.Context(), person, picture, short{content(fileBytes)})
	wantKind(t, err, onboarding.Invalid)
	if len(api.all()) > 0 {
		t.Error("it was sent")
	}
}

// short is a file that has fewer bytes than it says.
type short struct{ content }

func (s short) Size() int64 { return s.content.Size() + 1 }
