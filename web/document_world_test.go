package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portal/internal/onboarding"
	"portal/web"
)

// levelFlow is a flow whose documents a level of the sandbox asks for.
func levelFlow(level string) web.Flow {
	return web.Flow{Flow: onboarding.Flow{
		Name: level, Provider: onboarding.Sumsub, Title: "Flow " + level, Role: onboarding.IndividualCustomer, Level: level,
		Mode: onboarding.ModeAPI, ResultMails: onboarding.MailNever, CompletionURL: "https://www.example.com/thanks/documents",
	}}
}

// verifying is an applicant of a level's flow.
func verifying(t *testing.T, level string) *verification {
	t.Helper()
	return newWorld(t, wanted{flows: []web.Flow{levelFlow(level)}}).verify("ada@example.com", level)
}

// pixels are a picture that no other name has.
func pixels(name string) image.Image {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name))
	shade := hash.Sum32()
	picture := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			picture.Set(x, y, color.RGBA{byte(shade), byte(shade>>8) + byte(x), byte(shade>>16) + byte(y), 255})
		}
	}
	return picture
}

// photo is a JPEG with words of the sandbox in it, such as "sandbox:badSelfie".
func photo(t testing.TB, name string, words ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, pixels(name), nil); err != nil {
		t.Fatal(err)
	}
	for _, word := range words {
		b.WriteString("\n" + word + "\n")
	}
	return b.Bytes()
}

// scan is a PNG.
func scan(t testing.TB, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, pixels(name)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// about is the address of a page about the applicant's documents.
func (v *verification) about(below string, more ...string) string {
	q := url.Values{"registration": {v.id}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/documents" + below + "?" + q.Encode()
}

// nameOfFile is what the browser calls every file: nobody but the browser may ever say so.
const nameOfFile = "my-secret-passport.jpg"

// upload is the form with a file of a type and side, with further fields in turn.
func (v *verification) upload(step string, file []byte, fields ...string) *http.Request {
	v.w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	address := []string{"side", "picture"}
	for i := 0; i < len(fields); i += 2 {
		switch fields[i] {
		case "country":
			v.must(form.WriteField(fields[i], fields[i+1]))
		case "side":
			address[1] = strings.ToLower(strings.TrimSuffix(fields[i+1], "_SIDE"))
		default:
			address = append(address, fields[i], fields[i+1])
		}
	}
	part, err := form.CreateFormFile("file", nameOfFile)
	v.must(err)
	_, err = part.Write(file)
	v.must(err)
	v.must(form.Close())
	r := v.request(http.MethodPost, v.about("/"+step, address...), nil)
	sent, err := http.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), &body)
	v.must(err)
	sent.Header = r.Header
	sent.Header.Set("Content-Type", form.FormDataContentType())
	return sent
}

// give sends a file as a form.
func (v *verification) give(step string, file []byte, fields ...string) page {
	v.w.t.Helper()
	return v.do(v.upload(step, file, fields...))
}

// scriptAnswer is what the page's script is told.
type scriptAnswer struct {
	Next  string `json:"next"`
	Error string `json:"error"`
	Field string `json:"field"`
}

// giveByScript sends a file as the page's script does.
func (v *verification) giveByScript(status int, step string, file []byte, fields ...string) (told scriptAnswer) {
	v.w.t.Helper()
	r := v.upload(step, file, fields...)
	r.Header.Set("Accept", "application/json")
	p := v.do(r)
	if p.status != status {
		v.w.t.Fatalf("%s: status %d, want %d: %s", p.what, p.status, status, p.body)
	}
	v.must(json.Unmarshal([]byte(p.body), &told))
	return told
}

// giveCard gives both sides of an identity card.
func (v *verification) giveCard(name string) {
	v.w.t.Helper()
	for _, side := range []string{onboarding.FrontSide, onboarding.BackSide} {
		if p := v.give("identity", photo(v.w.t, name+side), "type", "ID_CARD", "side", side, "country", "DEU"); p.status != see {
			v.w.t.Fatalf("%s was not taken: %d\n%s", side, p.status, p.body)
		}
	}
}

// giveAll gives everything that the level id-and-selfie asks for, and has it checked.
func (v *verification) giveAll() {
	v.w.t.Helper()
	v.giveCard("card")
	v.give("selfie", photo(v.w.t, "selfie"), "type", "SELFIE").leads(v.about("", "done", "given"))
	v.post("/documents/check", "registration", v.id).leads("?flow=" + v.flow)
	v.await("checking")
}

// digestOf tells a file from others.
func digestOf(file []byte) string {
	digest := sha256.Sum256(file)
	return hex.EncodeToString(digest[:])
}

// active counts what the provider has of the applicant and takes for good.
func (v *verification) active() int {
	v.w.t.Helper()
	d, err := v.w.sandbox.Sumsub().Detail(v.id)
	v.must(err)
	return d.Images
}

// row is the part of the list that is about a step.
func (p page) row(name string) string {
	p.t.Helper()
	_, after, ok := strings.Cut(p.body, "<h2>"+name+"</h2>")
	if !ok {
		p.t.Fatalf("%s has no step %q:\n%s", p.what, name, p.body)
	}
	row, _, _ := strings.Cut(after, "</li>")
	return row
}
