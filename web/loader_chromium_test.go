package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portal/internal/browsertest"
)

// front is the provider's script and forms, with whatever is wrong with them.
type front struct {
	url     string
	trouble atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool] // says whether it has answered
	ended   chan struct{}
}

// newFront serves the sandbox's script and forms from a site of their own.
func newFront(t *testing.T, w *world) *front {
	t.Helper()
	f := &front{ended: make(chan struct{})}
	sound := w.sandbox.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch trouble := f.trouble.Load(); {
		case r.URL.Path == "/e-mail":
			rw.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprintf(rw, `<!DOCTYPE html><html lang="en"><title>E-mail</title><link rel="icon" href="data:,"><a href=%q>Open your form</a></html>`, r.URL.RawQuery)
		case trouble == nil || !(*trouble)(rw, r):
			sound.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(func() {
		close(f.ended)
		server.Close()
	})
	f.url = strings.Replace(server.URL, "127.0.0.1", "collection.localhost", 1)
	return f
}

// at has something go wrong with an address.
func (f *front) at(path string, wrong http.HandlerFunc) {
	trouble := func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != path {
			return false
		}
		wrong(w, r)
		return true
	}
	f.trouble.Store(&trouble)
}

func (f *front) mend() { f.trouble.Store(nil) }

// says answers with a script.
func saysScript(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(text))
	}
}

// opener is somebody who opens an e-mailed link.
type opener struct {
	*browsertest.Page
	w     *world
	front *front
	link  string
}

// withLink is a portal of links alone, with a front that can be broken, and somebody with a link.
func withLink(t *testing.T) *opener {
	t.Helper()
	w := newWorld(t, wanted{url: "http://127.0.0.1/onboarding", linkOnly: true})
	f := newFront(t, w)
	w = w.replica(wanted{url: "http://127.0.0.1/onboarding", linkOnly: true, collection: f.url})
	o := &opener{Page: browsertest.New(t).Page(t), w: w, front: f, link: w.server.URL + "/onboarding" + link}
	for _, expected := range []string{"PassFortCollect", "net::ERR", "404", "403", "401", "Refused", "Content Security Policy", "MIME type", "Error: broken", "exception", "frame-ancestors", "X-Frame-Options"} {
		o.Allow(expected)
	}
	return o
}

// follow opens the link from an e-mail.
func (o *opener) follow() {
	o.w.t.Helper()
	o.Open(strings.Replace(o.front.url, "collection.", "mail.", 1) + "/e-mail?" + o.link)
	o.Press("Open your form")
}

// keepsTheKey checks that what the page reports holds nothing of the link, and goes to the portal alone.
func (o *opener) keepsTheKey() {
	o.w.t.Helper()
	n := 0
	for _, r := range o.Requests() {
		if !strings.Contains(r.URL, "/reports/") {
			continue
		}
		n++
		if !strings.HasPrefix(r.URL, o.w.server.URL+"/onboarding/reports/") || strings.Contains(r.URL+r.Referer, linkKey) {
			o.w.t.Errorf("a report goes to %s from %q", r.URL, r.Referer)
		}
		if strings.HasSuffix(r.URL, "/embed") && (strings.Contains(r.Body, linkKey) || strings.Contains(r.Body, linkID)) {
			o.w.t.Errorf("a report holds the pair: %s", r.Body)
		}
	}
	if n == 0 {
		o.w.t.Error("nothing is reported")
	}
}

// reports waits until the portal has heard something.
func (o *opener) reports(want string) {
	o.w.t.Helper()
	eventually(o.w.t, "the report "+want, func() bool { return slices.Contains(o.w.reports.heard(), want) })
}

// arrives waits until the page knows that the form is there.
func (o *opener) arrives() {
	o.w.t.Helper()
	o.Frame(o.front.url + "/collect")
	o.See(say("en", "form.go_to"))
	eventually(o.w.t, "the form", func() bool { return o.Sees(say("en", "form.loaded")) && !o.Sees(say("en", "form.help_title")) })
}

func TestFormThatDoesNotComeIsExplainedReportedAndTriedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		wrong  func(o *opener)
		says   string
		report string
	}{
		"no script": {func(o *opener) { o.front.at("/embed.js", http.NotFound) }, "form.cause_error", "link script_error"},
		"a script that throws": {
			func(o *opener) { o.front.at("/embed.js", saysScript("throw new Error('broken')")) }, "form.cause_error", "link script_error",
		},
		"a script that does nothing": {func(o *opener) {
			o.front.at("/embed.js", saysScript("window.PassFortCollect = { initFromUrl() {} }"))
		}, "form.cause_slow", "link slow"},
		"a script that hangs": {func(o *opener) {
			o.front.at("/embed.js", func(http.ResponseWriter, *http.Request) { <-o.front.ended })
		}, "form.cause_slow", "link slow"},
		"a frame that hangs": {func(o *opener) {
			o.front.at("/collect", func(http.ResponseWriter, *http.Request) { <-o.front.ended })
		}, "form.cause_slow", "link slow"},
		"a network that breaks": {func(o *opener) { o.Break(o.front.url) }, "form.cause_network", "link network"},
		"a blocked script":      {func(o *opener) { o.Block(o.front.url + "/*") }, "form.cause_blocked", "link script_blocked"},
		"a frame that our policy refuses": {func(o *opener) {
			o.front.at("/embed.js", saysScript(`window.PassFortCollect = { initFromUrl() {
				const frame = document.createElement('iframe');
				frame.src = 'http://else.localhost/collect?key=' + new URLSearchParams(location.search).get('apikey');
				document.getElementById('collection-wrapper').append(frame);
			} }`))
		}, "form.cause_refused", "link frame_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := withLink(t)
			calm := o.Hurry(12*time.Second, 4)
			test.wrong(o)
			o.follow()
			o.See(say("en", test.says))
			o.See(say("en", "form.help_kept"))
			o.reports(test.report)
			if got := o.Focused(); got != say("en", "form.help_title") {
				t.Errorf("%q has the focus", got)
			}
			o.keepsTheKey()
			o.front.mend()
			o.Break("")
			o.Block()
			calm() // on a busy machine the form takes its time
			o.Press(say("en", "form.help_retry"))
			o.arrives()
		})
	}
}

func TestBrowserReportsWhatThePolicyKeepsOut(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	o.front.at("/embed.js", saysScript(`window.PassFortCollect = { initFromUrl() {
		const frame = document.createElement('iframe');
		frame.src = 'http://else.localhost/collect';
		document.getElementById('collection-wrapper').append(frame);
	} }`))
	o.follow()
	o.reports("frame-src other")
	if line := lineWith(o.w.log.String(), linkKey); line != "" {
		t.Errorf("the log holds the key: %s", line)
	}
	if !strings.Contains(o.w.log.String(), `"page":"form","directive":"frame-src","blocked":"other","blocked_origin":"http://else.localhost"`) {
		t.Error("the log does not say what was kept out:", o.w.log)
	}
}

func TestFrameThatRefusesIsTakenForAFormUntilItIsGivenUp(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	o.Hurry(4*time.Second, 4)
	var refuses atomic.Bool
	refuses.Store(true)
	o.front.at("/collect", func(w http.ResponseWriter, _ *http.Request) {
		if refuses.Load() {
			w.Header().Set("X-Frame-Options", "DENY")
		}
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Forms</title><p>Not here.</p>"))
	})
	o.follow()
	o.reports("link silent")
	o.See(say("en", "form.cause_refused")) // the provider's script has given the frame up
	o.reports("link frame_refused")
	if got := o.Focused(); got != say("en", "form.help_title") {
		t.Errorf("%q has the focus", got)
	}
	o.keepsTheKey()
	o.front.mend()
	o.Press(say("en", "form.help_retry"))
	o.arrives()
}

// A form that says nothing to the page around it is there, as far as anybody knows: the provider's own may be one.
func TestFormThatSaysNothingIsTakenToBeThere(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	o.Resize(360, 740)
	o.Hurry(4*time.Second, 4)
	o.front.at("/embed.js", saysScript(`window.PassFortCollect = { initFromUrl() {
		const frame = document.createElement('iframe');
		frame.src = new URL('/company/thanks?more=1', document.querySelector('script[src*="embed.js"]').src);
		document.getElementById('collection-wrapper').append(frame);
	} }`))
	o.follow()
	o.reports("link silent")
	o.See(say("en", "form.loaded"))
	o.See(say("en", "form.go_to"))
	if o.Sees(say("en", "form.help_title")) || o.Sees(say("en", "form.doubt")) || !strings.Contains(o.HTML(), "<iframe") {
		t.Errorf("the form is taken for lost:\n%s", o.HTML())
	}
	if moved := o.Shifts(); len(moved) > 0 {
		t.Errorf("the page moves by itself: %q", moved)
	}
	o.TabTo(say("en", "form.doubt_title"))
	o.Type(browsertest.Enter)
	o.See(say("en", "form.doubt"))
	o.See(say("en", "form.doubt_lost"))
	if want := ` href="` + o.front.url + `/company/thanks?more=1"`; !strings.Contains(o.HTML(), want) {
		t.Errorf("no %s, by which it is shown by itself:\n%s", want, o.HTML())
	}
	if heard := o.w.reports.heard(); len(heard) != 1 {
		t.Errorf("heard %v", heard)
	}
}

func TestKeyboardGetsIntoTheForm(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	o.follow()
	o.arrives()
	o.TabTo(say("en", "form.go_to"))
	o.Type(browsertest.Enter)
	eventually(t, "the focus in the form", func() bool { return o.Focused() == "Forms to complete" }) // as their script calls it
	if heard := o.w.reports.heard(); len(heard) > 0 {
		t.Errorf("heard %v of a form that works", heard)
	}
}

func TestFormThatIsTakenAwayLeavesTheFocusSomewhere(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	o.front.at("/embed.js", saysScript(`window.PassFortCollect = { initFromUrl() {
		const wrapper = document.getElementById('collection-wrapper'), frame = document.createElement('iframe');
		frame.src = new URL('/collect', document.querySelector('script[src*="embed.js"]').src);
		addEventListener('message', () => setTimeout(() => { frame.focus(); frame.remove(); }), { once: true });
		wrapper.append(frame);
	} }`))
	o.follow()
	o.See(say("en", "form.ended"))
	eventually(t, "the focus on the title", func() bool { return o.Focused() == say("en", "form.title") })
	if o.Sees(say("en", "form.help_title")) {
		t.Error("the end is taken for a failure")
	}
}

// Somebody reads the help when the form comes after all, and says nothing.
func TestSilentFormThatComesLateTakesTheFocusFromTheHelp(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	o.Hurry(4*time.Second, 4)
	comes := make(chan struct{})
	said := saysScript(`window.PassFortCollect = { initFromUrl() {
		const frame = document.createElement('iframe');
		frame.src = new URL('/late', document.querySelector('script[src*="embed.js"]').src);
		document.getElementById('collection-wrapper').append(frame);
	} }`)
	trouble := func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/embed.js":
			said(w, r)
			return true
		case "/late":
			select {
			case <-comes:
			case <-o.front.ended:
			}
			_, _ = w.Write([]byte("<!DOCTYPE html><title>Form</title><p>Here.</p>"))
			return true
		}
		return false
	}
	o.front.trouble.Store(&trouble)
	o.follow()
	o.See(say("en", "form.cause_slow"))
	eventually(t, "the focus on the help", func() bool { return o.Focused() == say("en", "form.help_title") })
	close(comes)
	eventually(t, "the focus on the way into the form", func() bool { return o.Focused() == say("en", "form.go_to") })
	if page := o.HTML(); strings.Contains(page, linkKey) {
		t.Errorf("the help still has the key where nobody needs it:\n%s", page)
	}
	o.reports("link silent")
}

// silentFor is a script whose frame says nothing and is taken away once it has been loaded for so many milliseconds.
func silentFor(stays int) http.HandlerFunc {
	return saysScript(fmt.Sprintf(`window.PassFortCollect = { initFromUrl() {
		const frame = document.createElement('iframe'), now = performance.now.bind(performance);
		frame.src = new URL('/company/thanks', document.querySelector('script[src*="embed.js"]').src);
		frame.addEventListener('load', () => setTimeout(() => {
			performance.now = () => now() + %d;
			frame.remove();
		}));
		document.getElementById('collection-wrapper').append(frame);
	} }`, stays))
}

func TestSilentFormThatIsTakenAwayLateHasEnded(t *testing.T) {
	t.Parallel()
	for stays, says := range map[int]string{1000: "form.cause_refused", 60_000: "form.ended"} {
		o := withLink(t)
		o.front.at("/embed.js", silentFor(stays))
		o.follow()
		o.See(say("en", says))
		if ended := says == "form.ended"; ended == o.Sees(say("en", "form.help_title")) {
			t.Errorf("after %d milliseconds: ended %t", stays, ended)
		}
	}
}

// Extensions and what measures visits put frames of other sites into pages, which our policy keeps out.
func TestFrameOfAnotherSiteBesideTheFormChangesNothing(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	o.front.at("/embed.js", saysScript(`window.PassFortCollect = { initFromUrl() {
		const frame = document.createElement('iframe');
		frame.src = new URL('/collect', document.querySelector('script[src*="embed.js"]').src);
		addEventListener('message', () => setTimeout(() => {
			const foreign = document.createElement('iframe');
			foreign.src = 'http://else.localhost/ad';
			addEventListener('securitypolicyviolation', () => setTimeout(() => { document.title = 'Kept out'; }));
			document.body.append(foreign);
		}), { once: true });
		document.getElementById('collection-wrapper').append(frame);
	} }`))
	o.follow()
	o.arrives()
	eventually(t, "the other frame to be kept out", func() bool { return o.Title() == "Kept out" })
	if o.Sees(say("en", "form.help_title")) || !o.Sees(say("en", "form.go_to")) {
		t.Error("the form is taken for lost")
	}
	if heard := o.w.reports.heard(); slices.Contains(heard, "link frame_refused") {
		t.Errorf("heard %v", heard)
	}
}

// Safari's is such a browser until version 17.
func TestFormComesInBrowsersWithoutNewerFunctions(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	sound := o.w.sandbox.Handler()
	o.front.at("/embed.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte("delete URL.canParse;\n"))
		rest := httptest.NewRecorder()
		sound.ServeHTTP(rest, r)
		_, _ = rest.Body.WriteTo(w)
	})
	o.follow()
	o.arrives()
	o.front.at("/embed.js", saysScript("delete URL.canParse; throw new Error('broken')"))
	o.follow()
	o.See(say("en", "form.cause_error"))
}

// What the page says of its own scripts is up to styles alone.
func TestPageWhoseOwnScriptsDoNotComeSaysSo(t *testing.T) {
	t.Parallel()
	for _, script := range []string{"embed_watch", "loader"} {
		o := withLink(t)
		o.Allow("ReferenceError")
		o.front.at("/embed.js", saysScript("document.getAnimations().filter((a) => a.animationName === 'late').forEach((a) => a.finish())"))
		o.Block(o.w.server.URL + "/onboarding/static/" + script + ".*")
		o.follow()
		o.See(say("en", "form.late"))
		if o.Sees(say("en", "form.help_title")) {
			t.Errorf("without %s the page says more than it can know", script)
		}
	}
}

// The window of its own is the page with the link as it was, which the provider's script may have taken out of the address.
func TestWindowOfItsOwnOpensTheLink(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	o.front.at("/embed.js", saysScript("history.replaceState(null, '', location.pathname); throw new Error('broken')"))
	o.follow()
	o.See(say("en", "form.cause_error"))
	html := o.HTML()
	if want := `href="` + strings.ReplaceAll(o.link, "&", "&amp;") + `"`; !strings.Contains(html, want) || !strings.Contains(html, `rel="noopener noreferrer"`) {
		t.Errorf("no %s:\n%s", want, html)
	}
	o.front.mend()
	o.Press(say("en", "form.help_retry"))
	o.arrives()
}
