package browsertest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"portal/internal/browsertest"
)

// site answers with pages as they stand in a map, by path.
func site(t *testing.T, pages map[string]string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, "<!DOCTYPE html><title>A page</title><link rel=icon href=data:,>%s", page)
	}))
	t.Cleanup(s.Close)
	return s
}

const form = `<h1>Order</h1><p hidden>Secret</p>
<form action=/done><label for=a>Your  name</label><input id=a name=name value=old>
<label>Country <select name=country><option value="">Choose<option value=NZ>New Zealand</select></label>
<div style="height:3000px"></div><button>Send <b>it</b></button></form>`

func TestAPageIsUsedByLabelsAndTexts(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{"/": form, "/done": `<p id=late></p><script>setTimeout(() => late.textContent = "Thank you", 100)</script>`})
	b := browsertest.New(t)
	p := b.Page(t)
	p.Open(s.URL + "/")
	if p.Sees("Secret") || !p.Sees("Order") {
		t.Error("what can be read is not what is seen")
	}
	p.Fill("Your name", "Ada")
	p.Fill("Country", "New Zealand")
	p.Press("Send it")
	p.See("Thank you")
	if want := s.URL + "/done?name=Ada&country=NZ"; p.URL() != want {
		t.Errorf("address %s, want %s", p.URL(), want)
	}
	if h := p.History(); p.Title() != "A page" || !slices.Contains(h, s.URL+"/") || !slices.Contains(h, p.URL()) {
		t.Errorf("title %q, history %v", p.Title(), h)
	}
	p.Screenshot(filepath.Join(t.TempDir(), "page.png"))
}

func TestAFrameOfAnotherSiteIsUsedLikeAPage(t *testing.T) {
	t.Parallel()
	inner := site(t, map[string]string{"/": form, "/done": `<p>Thank you</p>`, "/favicon.ico": ""})
	frame := strings.Replace(inner.URL, "127.0.0.1", "frame.localhost", 1) + "/"
	outer := site(t, map[string]string{
		"/": `<div style="height:2000px"></div><iframe src="` + frame + `" width=300 height=4000></iframe>`,
	})
	p := browsertest.New(t).Page(t)
	p.Open(outer.URL + "/")
	f := p.Frame(frame)
	f.Fill("Your name", "Ada")
	f.Press("Send it")
	f.See("Thank you")
	if p.URL() != outer.URL+"/" {
		t.Errorf("the page around the frame is now %s", p.URL())
	}
	seen := p.Requests()
	if i := slices.IndexFunc(seen, func(r browsertest.Request) bool { return r.URL == frame }); i < 0 || seen[i].Referer != outer.URL+"/" {
		t.Errorf("the frame's request and its referrer are not among %v", seen)
	}
	if !slices.ContainsFunc(seen, func(r browsertest.Request) bool { return strings.HasPrefix(r.URL, frame+"done?name=Ada") }) {
		t.Errorf("a request from within the frame is not among %v", seen)
	}
}

const survey = `<form><fieldset><legend>Ticket</legend>
<input type=radio name=t id=t1><label for=t1>Single</label><label><input type=radio name=t disabled> Season</label></fieldset>
<fieldset><legend>Any luggage?</legend><label><input type=radio name=l>Yes</label></fieldset>
<fieldset><legend>Any pets?</legend><input type=radio name=p id=p1><label for=p1>Yes</label></fieldset>
<label><input type=checkbox name=c> I <b>agree</b></label><label for=f>Your photo</label><input type=file id=f>
<div tabindex=-1 id=note>Read this</div></form><p id=said></p><script>
addEventListener("change", async (event) => {
	const file = event.target.files?.[0];
	said.textContent = file ? file.name + " says " + await file.text() : event.target.id + event.target.name + event.target.checked;
});
</script>`

// useSurvey checks that choices, files and the focus of a page or frame are within reach.
func useSurvey(t *testing.T, p *browsertest.Page) {
	t.Helper()
	p.Press("Single")
	p.See("t1ttrue")
	if got := p.Focused(); got != "Single" {
		t.Errorf("%q has the focus", got)
	}
	p.Choose("Any pets?", "Yes")
	p.See("p1ptrue")
	p.Choose("Any luggage?", "Yes")
	p.See("ltrue")
	p.Press("I agree")
	p.See("ctrue")
	p.Press("I agree")
	p.See("cfalse")
	photo := filepath.Join(t.TempDir(), "me.txt")
	if err := os.WriteFile(photo, []byte("cheese"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Attach("Your photo", photo)
	p.See("me.txt says cheese")
}

func TestChoicesAndFilesAreWithinReach(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{"/": survey, "/empty": "", "/note": survey + `<script>note.focus()</script>`})
	p := browsertest.New(t).Page(t)
	p.Open(s.URL + "/")
	useSurvey(t, p)
	p.Open(s.URL + "/empty")
	if got := p.Focused(); got != "" {
		t.Errorf("%q has the focus of an empty page", got)
	}
	p.Open(s.URL + "/note")
	if got := p.Focused(); got != "Read this" {
		t.Errorf("%q has the focus, not what is neither a field nor a button", got)
	}
}

func TestChoicesAndFilesOfAFrameAreWithinReach(t *testing.T) {
	t.Parallel()
	inner := site(t, map[string]string{"/": survey})
	frame := strings.Replace(inner.URL, "127.0.0.1", "frame.localhost", 1) + "/"
	outer := site(t, map[string]string{"/": `<div style="height:2000px"></div><iframe src="` + frame + `" width=300 height=900></iframe>`})
	p := browsertest.New(t).Page(t)
	p.Open(outer.URL + "/")
	useSurvey(t, p.Frame(frame))
}

func TestPagesAreLikeDifferentBrowsers(t *testing.T) {
	t.Parallel()
	s := recalling(t)
	b := browsertest.New(t)
	one, other := b.Page(t), b.Page(t)
	one.Open(s.URL)
	one.See("known: false")
	one.Open(s.URL)
	one.See("known: true")
	other.Open(s.URL)
	other.See("known: false")
}

func TestBrowsersForgetEachTest(t *testing.T) {
	t.Parallel()
	s := recalling(t)
	for range 3 {
		t.Run("one test", func(t *testing.T) {
			p := browsertest.New(t).Page(t)
			p.Open(s.URL)
			p.See("known: false")
		})
	}
}

// recalling says whether it has seen a browser before.
func recalling(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := r.Cookie("seen")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, "<link rel=icon href=data:,><p>known: %v</p>", err == nil)
	}))
	t.Cleanup(s.Close)
	return s
}

// witness is a test that notes its failures instead of failing.
type witness struct {
	testing.TB
	failures []string
	cleanups []func()
}

func (w *witness) Cleanup(f func()) { w.cleanups = append(w.cleanups, f) }

func (w *witness) Errorf(format string, args ...any) {
	w.failures = append(w.failures, fmt.Sprintf(format, args...))
}

func (w *witness) end() {
	for _, f := range slices.Backward(w.cleanups) {
		f()
	}
}

func TestErrorsOfAPageFailItsTest(t *testing.T) {
	t.Parallel()
	inner := site(t, map[string]string{"/": `<script>console.error("from the frame")</script>Inner`})
	frame := strings.Replace(inner.URL, "127.0.0.1", "frame.localhost", 1) + "/"
	s := site(t, map[string]string{"/": `<meta http-equiv=Content-Security-Policy content="style-src 'none'">
<style>p { color: red }</style><script>console.error("expected"); throw new Error("thrown")</script>
<iframe src="` + frame + `"></iframe>`})
	w := &witness{TB: t}
	p := browsertest.New(t).Page(w)
	p.Allow("expected")
	p.Open(s.URL)
	p.Frame(frame).See("Inner")
	w.end()
	all := strings.Join(w.failures, "\n")
	for _, want := range []string{"Content Security Policy", "thrown", "from the frame"} {
		if !strings.Contains(all, want) {
			t.Errorf("no failure names %q: %s", want, all)
		}
	}
	if strings.Contains(all, "expected") {
		t.Errorf("an allowed error failed the test: %s", all)
	}
}
