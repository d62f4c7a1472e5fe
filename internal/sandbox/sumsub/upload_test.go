package sumsub_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/sumsub"
)

func TestUploadIsTakenInEveryFormThatClientsSend(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	metadata := part{name: "metadata", body: []byte(about("PASSPORT", ""))}
	for name, parts := range map[string][]part{
		"metadata first":       {metadata, {name: "content", fileName: "one.png", body: picture(t, "1", "")}},
		"content first":        {{name: "content", fileName: "two.png", contentType: "image/png", body: picture(t, "2", "")}, metadata},
		"content without name": {metadata, {name: "content", body: picture(t, "3", "")}},
	} {
		contentType, body := form(t, parts...)
		r := a.do(t, a.request(t, "POST", "/resources/applicants/"+id+"/info/idDoc", contentType, body))
		if r.status != http.StatusOK || r.header.Get("X-Image-Id") == "" || r.text("idDocType") != "PASSPORT" || r.text("country") != "DEU" {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
	contentType, body := form(t, part{name: "metadata", body: []byte(`{"idDocType":"PASSPORT","country":"DEU","number":"C01X"}`)})
	if r := a.do(t, a.request(t, "POST", "/resources/applicants/"+id+"/info/idDoc", contentType, body)); r.status != 200 || r.header.Get("X-Image-Id") != "" {
		t.Errorf("metadata alone: %d %s", r.status, r.raw)
	}
	r := a.ok(t, "GET", "/resources/applicants/"+id+"/metadata/resources", "")
	names := []string{}
	items, _ := r.at("items").([]any)
	for _, item := range items {
		m, _ := item.(map[string]any)
		names = append(names, reply{body: m}.text("fileMetadata", "fileName"))
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"", "one.png", "two.png"}, names); diff != "" || r.at("totalItems") != 3.0 {
		t.Error(diff, r.raw)
	}
}

func TestFilesAreCheckedForReal(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	pdf := "%PDF-1.7\n1 0 obj << >> endobj\n"
	for name, c := range map[string]struct {
		fileName string
		file     string
		code     int
	}{
		"empty":                   {"a.png", "", 1003},
		"text":                    {"a.txt", "this is no picture", 1004},
		"half a picture":          {"a.png", string(picture(t, "half", "")[:30]), 1004},
		"PDF that is called JPEG": {"a.jpg", pdf, 1004},
		"TIFF":                    {"a.tiff", "II*\x00\x08\x00\x00\x00 and so on", 1005},
		"HEIC":                    {"a.heic", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", 1005},
		"encrypted PDF":           {"a.pdf", pdf + strings.Repeat("x", 100_000) + "trailer << /Encrypt 5 0 R >>", 1011},
		"PDF":                     {"a.pdf", pdf + strings.Repeat("y", 100_000), 0},
		"film":                    {"a.mov", "\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", 0},
	} {
		r := a.upload(t, id, about("PASSPORT", ""), c.fileName, []byte(c.file))
		if r.code() != c.code || (r.status == 200) != (c.code == 0) {
			t.Errorf("%s: %d %s", name, r.status, r.raw)
		}
	}
}

func TestTooBigAFileIsRefused(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	file := append(picture(t, "big", ""), make([]byte, 64<<20)...)
	if r := a.upload(t, id, about("PASSPORT", ""), "a.png", file); r.code() != 1002 {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := a.upload(t, id, about("PASSPORT", ""), "a.png", file[:64<<20]); r.status != 200 {
		t.Errorf("the greatest: %d %s", r.status, r.raw)
	}
}

func TestSizesOfTheDashboardAreKept(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{MinFileBytes: 1000, MaxFileBytes: 2000, MaxDocuments: 1})
	id := a.create(t, "u-1", "id-only")
	for size, code := range map[int]int{999: 1007, 2001: 1007} {
		file := append(picture(t, "p", ""), make([]byte, 3000)...)[:size]
		if r := a.upload(t, id, about("PASSPORT", ""), "a.png", file); r.code() != code {
			t.Errorf("%d bytes: %s", size, r.raw)
		}
	}
	file := append(picture(t, "p", ""), make([]byte, 1000)...)
	if r := a.upload(t, id, about("PASSPORT", ""), "a.png", file); r.status != 200 {
		t.Error(r.raw)
	}
	if r := a.upload(t, id, about("PASSPORT", ""), "a.png", append(file, 1)); r.code() != 1001 {
		t.Error(r.raw)
	}
}

func TestSameBytesAreRefusedUntilAReset(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	file := picture(t, "p", "")
	if r := a.upload(t, id, about("PASSPORT", ""), "a.png", file); r.status != 200 {
		t.Fatal(r.raw)
	}
	if r := a.upload(t, id, about("ID_CARD", "FRONT_SIDE"), "b.png", file); r.code() != 1000 || r.status != http.StatusConflict {
		t.Error(r.raw)
	}
	a.ok(t, "POST", "/resources/applicants/"+id+"/reset", "")
	if r := a.upload(t, id, about("PASSPORT", ""), "a.png", file); r.status != 200 {
		t.Error(r.raw)
	}
}

func TestUploadsAreTakenOnlyWhenTheApplicantIsOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bring func(a *account, id string) error
		code  int
	}{
		"being checked": {func(a *account, id string) error { return a.SetStatus(id, "pending") }, 1006},
		"on hold":       {func(a *account, id string) error { return a.SetStatus(id, "onHold") }, 1006},
		"deactivated":   {func(a *account, id string) error { return a.SetPresence(id, "deactivated") }, 1008},
		"deleted":       {func(a *account, id string) error { return a.SetPresence(id, "deleted") }, 1008},
		"final": {func(a *account, id string) error {
			return a.Decide(id, sumsub.Verdict{Finding: sumsub.Finding{Answer: "RED", RejectType: "FINAL"}})
		}, 1009},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, sumsub.Options{})
			id := a.create(t, "u-1", "id-only")
			if err := c.bring(a, id); err != nil {
				t.Fatal(err)
			}
			r := a.upload(t, id, about("PASSPORT", ""), "a.png", picture(t, "p", ""))
			if r.code() != c.code || slices.Contains(a.kinds(), "document.add") {
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
}

func TestTypesOutsideTheLevelAndLiveStepsAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	for level, docType := range map[string]string{"id-only": "UTILITY_BILL", "id-and-liveness": "SELFIE"} {
		id := a.create(t, level, level)
		if r := a.upload(t, id, about(docType, ""), "a.png", picture(t, "p", "")); r.code() != 1010 {
			t.Errorf("%s in %s: %d %s", docType, level, r.status, r.raw)
		}
	}
}

func TestDoubtsAreToldAndErrorsTakeThePictureOut(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	list := func(r reply, name string) []any { l, _ := r.at(name).([]any); return l }

	a.give(t, id, "ID_CARD", "FRONT_SIDE", "")
	sameLook := picture(t, "ID_CARDFRONT_SIDE", "comment") // other bytes
	if r := a.upload(t, id, about("ID_CARD", "BACK_SIDE"), "b.png", sameLook); !slices.Contains(list(r, "errors"), any("sameSides")) {
		t.Error(r.raw)
	}
	if step := a.step(t, id, "IDENTITY"); step != nil {
		t.Errorf("both sides should be out: %v", step)
	}
	if r := a.upload(t, id, about("DRIVERS", ""), "c.png", picture(t, "c", "")); !slices.Contains(list(r, "errors"), any("shouldBeDoubleSided")) {
		t.Error(r.raw)
	}
	r := a.upload(t, id, about("PASSPORT", ""), "d.png", picture(t, "d", "dataReadability"))
	if r.at("errors") != nil || !slices.Contains(list(r, "warnings"), any("dataReadability")) {
		t.Error(r.raw)
	}
	if r := a.upload(t, id, about("PASSPORT", ""), "e.png", picture(t, "e", "dataNotReadable")); !slices.Contains(list(r, "errors"), any("dataNotReadable")) {
		t.Error(r.raw)
	}
	if r := a.upload(t, id, about("PASSPORT", ""), "f.png", picture(t, "f", "dataNotReadable")); r.at("errors") != nil {
		t.Errorf("the fifth: %s", r.raw)
	}
}

func TestDoubtsAreNotLookedForUnasked(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	contentType, body := form(t, part{name: "metadata", body: []byte(about("PASSPORT", ""))}, part{name: "content", fileName: "a.png", body: picture(t, "a", "dataNotReadable")})
	r := a.do(t, a.request(t, "POST", "/resources/applicants/"+id+"/info/idDoc", contentType, body))
	if r.status != 200 || r.at("errors") != nil || a.step(t, id, "IDENTITY") == nil {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestMarksAreFoundAcrossPieces(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	for _, padding := range []int{32<<10 - 5, 64<<10 - 3, 200_000} {
		file := append(picture(t, "p", ""), bytes.Repeat([]byte{'s'}, padding)...)
		file = append(file, "sandbox:maybeExpiredDoc"...)
		r := a.upload(t, id, about("PASSPORT", ""), "a.png", file)
		if got, _ := r.at("warnings").([]any); !slices.Equal(got, []any{"maybeExpiredDoc"}) {
			t.Errorf("behind %d: %s", padding, r.raw)
		}
	}
}

func TestMarksAreFoundByteByByte(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	token := a.token(t, "u-1", "id-only")
	file := iotest.OneByteReader(strings.NewReader("%PDF-1.7 sandbox:badSelfie sandbox:maybeExpiredDoc"))
	got, err := a.SDKUpload(token, sumsub.SDKFile{Type: "PASSPORT", Country: "DEU", Content: file})
	if diff := cmp.Diff([]string{"badSelfie", "maybeExpiredDoc"}, got.Warnings); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestUploadWithAWrongSignatureHasNoEffect(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	contentType, body := form(t, part{name: "metadata", body: []byte(about("PASSPORT", ""))}, part{name: "content", body: picture(t, "a", "")})
	req := a.request(t, "POST", "/resources/applicants/"+id+"/info/idDoc", contentType, body)
	req.Header.Set("X-App-Access-Sig", signature(secretKey, req.Header.Get("X-App-Access-Ts"), "POST", req.URL.RequestURI(), nil))

	if r := a.do(t, req); r.code() != 4003 || slices.Contains(a.kinds(), "document.add") {
		t.Errorf("%d %s %v", r.status, r.raw, a.kinds())
	}
}

func TestImagesAreReadRemovedAndBroughtBack(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	image := a.give(t, id, "PASSPORT", "", "")
	detail, err := a.Detail(id)
	if err != nil {
		t.Fatal(err)
	}
	target := "/resources/inspections/" + detail.InspectionID + "/resources/" + image

	r := a.ok(t, "GET", target, "")
	if r.header.Get("Content-Type") != "image/png" || r.raw != string(picture(t, "PASSPORT", "")) {
		t.Errorf("%s, %d bytes", r.header.Get("Content-Type"), len(r.raw))
	}
	a.ok(t, "DELETE", target, "")
	if a.step(t, id, "IDENTITY") != nil {
		t.Error("the image still counts")
	}
	a.ok(t, "DELETE", target+"?revert=true", "")
	a.ok(t, "POST", "/resources/applicants/"+id+"/status/pending", "")
	if r := a.api(t, "DELETE", target, ""); r.status != http.StatusNotModified {
		t.Errorf("while it is checked: %d %s", r.status, r.raw)
	}
	want := []string{"applicant.create", "document.add", "document.remove", "document.add", "check.request"}
	if diff := cmp.Diff(want, a.kinds()); diff != "" {
		t.Error(diff)
	}
}

func TestOnlySmallFilesAreKeptAndOnlyAsManyAsFit(t *testing.T) {
	t.Parallel()
	small := picture(t, "PASSPORT", "")
	a := open(t, sumsub.Options{KeepBytes: int64(len(small)) + 10})
	id := a.create(t, "u-1", "id-only")
	detail, err := a.Detail(id)
	if err != nil {
		t.Fatal(err)
	}
	kept := a.give(t, id, "PASSPORT", "", "")
	second := a.upload(t, id, about("PASSPORT", ""), "b.png", picture(t, "b", "")).header.Get("X-Image-Id")
	for image, status := range map[string]int{kept: 200, second: 404} {
		if r := a.api(t, "GET", "/resources/inspections/"+detail.InspectionID+"/resources/"+image, ""); r.status != status {
			t.Errorf("%s: %d, want %d", image, r.status, status)
		}
	}
}
