package sumsub

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"portal/internal/onboarding"
)

// FuzzVerification holds that whatever Sumsub sends can be stored and shown: words where words belong, every image once, and
// comments without what controls how text is shown.
func FuzzVerification(f *testing.F) {
	var seeds []string
	for _, name := range []string{"one.json", "steps.json", "images.json", "reasons.json"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, string(text))
	}
	f.Add(seeds[0], seeds[1], seeds[2], seeds[3])
	f.Add(`{"id":1,"review":{"reviewStatus":"completed","reviewResult":{"moderationComment":"a\u202eb\n\u0000"}}}`, `{"A":{},"B":[]}`, `{"items":[null,{}]}`, `{}`)
	f.Fuzz(func(t *testing.T, one, steps, images, why string) {
		a, err := decodeApplicant([]byte(one))
		if err != nil {
			return
		}
		var d details
		d.steps, _ = decodeSteps([]byte(steps))
		d.images, _ = decodeImages([]byte(images))
		d.reasons, _ = decodeReasons([]byte(why))
		v := a.verification(d, time.Time{})
		wantPlainReview(t, v.Review)
		seen := map[string]bool{}
		for _, s := range v.Steps {
			wantWords(t, slices.Concat([]string{s.Set, s.Type, s.Country, s.Video}, s.Types, s.Sides)...)
			wantPlainReview(t, s.Review)
			for _, i := range s.Images {
				wantWords(t, i.ID, i.Document, i.Type, i.Side, i.Country)
				wantPlainReview(t, i.Review)
				if i.ID == "" || seen[i.ID] {
					t.Errorf("image %q twice or without an id", i.ID)
				}
				seen[i.ID] = true
			}
		}
	})
}

func wantWords(t *testing.T, all ...string) {
	t.Helper()
	for _, w := range all {
		if w != "" && !wordForm.MatchString(w) {
			t.Errorf("word %q", w)
		}
	}
}

func wantPlainReview(t *testing.T, r onboarding.Review) {
	t.Helper()
	wantWords(t, slices.Concat([]string{r.Answer, r.RejectType}, r.Labels, r.Buttons)...)
	strange := func(c rune) bool { return c != '\n' && unicode.IsControl(c) || unicode.In(c, unicode.Bidi_Control) }
	if utf8.RuneCountInString(r.Comment) > maxComment || strings.ContainsFunc(r.Comment, strange) || !utf8.ValidString(r.Comment) {
		t.Errorf("comment %q", r.Comment)
	}
	if !r.Rejected() && r.RejectType != "" {
		t.Errorf("%q is rejected %q", r.Answer, r.RejectType)
	}
}

// FuzzAnswers holds that other answers are either refused or of use, and that errors are one short line without a secret.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		`{"id":"61fcc4a1e5e2f00001d0a7a2"}`, `{"errorCode":1004,"errorName":"corrupted-file","description":"hush-hush\n"}`, `{"errors":["a",1]}`,
		`{"list":{"items":[{"name":"l"}]}}`, `null`, `[]`, ``, `{"errorCode":1e999,"correlationId":"a b"}`,
	} {
		f.Add([]byte(body), "7")
	}
	f.Fuzz(func(t *testing.T, body []byte, image string) {
		if id, err := decodeCreated(body); err == nil && !idForm.MatchString(string(id)) {
			t.Errorf("applicant %q", id)
		}
		r, err := decodeReceipt(reply{body: body, header: http.Header{imageHeader: {image}}})
		if wantWords(t, r.Advice...); err == nil && !idForm.MatchString(r.Image) {
			t.Errorf("receipt %+v", r)
		}
		_, _ = decodeLevels(body)
		c := &Client{token: "hush-hush", secret: "psst", now: time.Now}
		for _, status := range []int{304, 400, 404, 409, 429, 502} {
			text := c.judge(call{endpoint: readStatus}, reply{status: status, body: body}, anyObject).Error()
			if strings.Contains(text, "hush-hush") || utf8.RuneCountInString(text) > maxQuoted+400 || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("error text %q", text)
			}
		}
	})
}
