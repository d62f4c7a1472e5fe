package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/browsertest"
	"portal/internal/sandbox/faults"
	checks "portal/internal/sandbox/sumsub"
	"portal/web"
)

// realSDK is where npm puts the provider's own script.
const realSDK = "../tools/npm/node_modules/@sumsub/websdk/dist/index.js"

// fromNPM serves it as a script of pages, from a site of its own.
func fromNPM(t *testing.T) *url.URL {
	t.Helper()
	module, err := os.ReadFile(realSDK)
	if err != nil {
		t.Skip("@sumsub/websdk is not there: `make test` fetches it, or scripts/npm")
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		_, _ = w.Write([]byte("window.snsWebSdk = (() => { const module = { exports: {} }, exports = module.exports; " + string(module) +
			"\nreturn module.exports.default || module.exports; })();"))
	}))
	t.Cleanup(s.Close)
	return parseURL(t, strings.Replace(s.URL, "127.0.0.1", "static.localhost", 1)+"/sns-websdk-builder.js")
}

// sitter is somebody in front of the page with the provider's forms.
type sitter struct {
	*browsertest.Page
	w       *world
	address string
}

// atCamera signs somebody in and opens the forms.
func (w *world) atCamera(p *browsertest.Page) *sitter {
	w.t.Helper()
	c := &sitter{Page: p, w: w, address: w.server.URL + "/onboarding"}
	w.signInAt(p, c.address, "ada@example.com")
	p.Press("Start: Verify your identity by camera")
	return c
}

// forms are the provider's, in the page.
func (c *sitter) forms() *browsertest.Page {
	c.w.t.Helper()
	return c.Frame("http://websdk.localhost:" + c.w.checks.Port() + "/websdk/websdk.html")
}

// asked counts the requests to an address below the portal's.
func (c *sitter) asked(method, below string) (n int) {
	for _, r := range c.Requests() {
		if r.Method == method && strings.HasPrefix(r.URL, c.address+below) {
			n++
		}
	}
	return n
}

// inFile is a picture in a file of that name.
func inFile(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, scan(t, name), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestApplicantIsCheckedInTheProvidersForms(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]func(t *testing.T) *url.URL{"the sandbox's script": nil, "npm's script": fromNPM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := onLoopback(t)
			if script != nil {
				w = w.replica(wanted{url: "http://127.0.0.1/onboarding", sdk: &web.SDK{Script: script(t), Frame: w.sdk(wanted{}).Frame}})
			}
			c := w.atCamera(browsertest.New(t).Page(t))
			f := c.forms()
			f.Fill("Which country issued it?", "Latvia")
			f.Fill("Which document is it?", "Passport")
			f.Attach("Or choose a file: Passport", inFile(t, "passport.png"))
			f.See("A picture has been received.")
			f.Press("Continue")
			f.See("Your selfie")
			f.Press("Start")
			f.See("The selfie is being sent")
			c.See(say("en", "verification.sent_title")) // the page has moved on by itself
			if got := c.URL(); got != c.address+"?flow=websdk" {
				t.Errorf("the page is at %s", got)
			}
			id := w.text("select id::text from registrations")
			if err := w.sandbox.Sumsub().Decide(id, checks.Verdict{Finding: green}); err != nil {
				t.Fatal(err)
			}
			w.pass(16 * time.Minute)
			c.Open(c.address + "?flow=websdk")
			c.See(say("en", "verification.approved_title"))
			for _, r := range c.Requests() {
				if strings.Contains(r.URL, "_act-") && !strings.Contains(r.URL, "websdk.localhost") {
					t.Errorf("a token is in the address %s", r.URL)
				}
			}
		})
	}
}

func TestFormsAreNamedAndSetInThePagesLanguage(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	c := w.atCamera(browsertest.New(t).Page(t))
	c.forms().See("Your identity document")
	html := c.HTML()
	for _, part := range []string{` title="` + say("en", "sdk.frame") + `"`, say("en", "sdk.ready")} {
		if !strings.Contains(html, part) {
			t.Errorf("the page lacks %s:\n%s", part, html)
		}
	}
	if c.Sees(say("en", "sdk.loading")) || c.Sees(say("en", "sdk.help_title")) {
		t.Error("the page still waits for the forms")
	}
}

func TestFormsGoOnWhenTheirTokenHasExpired(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	c := w.atCamera(browsertest.New(t).Page(t))
	c.Allow("401") // of the frame's call with the old token
	f := c.forms()
	f.See("Your identity document")
	w.pass(11 * time.Minute)
	f.Fill("Which country issued it?", "Latvia")
	f.Fill("Which document is it?", "Passport")
	f.Attach("Or choose a file: Passport", inFile(t, "passport.png"))
	f.See("A picture has been received.")
	if n := c.asked(http.MethodPost, "/documents/token"); n < 2 {
		t.Errorf("a token was asked for %d times", n)
	}
}

func TestFormsWaitForAPortalThatIsAwayForAMoment(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	w.ruin(faults.Rule{Method: http.MethodPost, Path: "/resources/accessTokens", When: faults.Before, Kind: faults.Status, Status: 503, Count: 1000})
	c := w.atCamera(browsertest.New(t).Page(t))
	c.Allow("503")
	eventually(t, "another try", func() bool { return c.asked(http.MethodPost, "/documents/token") > 1 })
	w.sandbox.Faults().Clear()
	c.forms().See("Your identity document")
}

func TestSessionThatHasEndedIsSaidBesideTheForms(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	c := w.atCamera(browsertest.New(t).Page(t))
	c.Allow("401")
	f := c.forms()
	f.Fill("Which country issued it?", "Latvia")
	f.Fill("Which document is it?", "Passport")
	w.pass(2 * time.Hour) // the token has expired, and so has the session
	f.Attach("Or choose a file: Passport", inFile(t, "passport.png"))
	c.See(say("en", "sdk.signed_out"))
}

func TestScriptThatNeverComesIsExplained(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	ended := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-ended }))
	t.Cleanup(func() {
		close(ended)
		silent.Close()
	})
	sdk := w.sdk(wanted{})
	sdk.Script = parseURL(t, silent.URL)
	portal := w.replica(wanted{url: "http://127.0.0.1/onboarding", sdk: sdk})
	p := browsertest.New(t).Page(t) // and so ends before the portal: what it still reports must find somebody
	p.Hurry(20*time.Second, 20)
	portal.atCamera(p).See(say("en", "sdk.help_title"))
}

// fromFar serves an answer as slowly as no browser's own refusal is, and returns its address.
func fromFar(t *testing.T, kind, text string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-r.Context().Done():
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "static.localhost", 1) + "/sns-websdk-builder.js"
}

// speaking is a script whose frame is loaded and says something, and never that it is ready.
const speaking = `window.snsWebSdk = { init() {
	let base = '', hear = null;
	const builder = {
		withBaseUrl(url) { base = url; return builder; },
		withConf: () => builder, withOptions: () => builder, on: () => builder,
		onMessage(heard) { hear = heard; return builder; },
		build: () => ({ destroy() {}, launch(container) {
			const frame = document.createElement('iframe');
			frame.src = base + '/websdk/style.css';
			frame.addEventListener('load', () => hear('idCheck.onInitialized', {}));
			container.append(frame);
		} }),
	};
	return builder;
} };`

func TestFormsThatDoNotComeAreExplained(t *testing.T) {
	t.Parallel()
	nowhere := "http://nowhere.localhost:1"
	for name, test := range map[string]struct {
		script, frame string // in place of the sandbox's
		allowed       []string
		says, report  string // of the cause
	}{
		"no script":                    {script: nowhere + "/sns-websdk-builder.js", says: "form.cause_blocked", report: "sdk script_blocked"},
		"no frame":                     {frame: nowhere, says: "form.cause_refused", report: "sdk frame_refused"},
		"a frame of another origin":    {frame: "http://else.localhost", says: "form.cause_refused", report: "sdk frame_refused"},
		"a frame that is not for us":   {allowed: []string{"https://portal.example"}, says: "form.cause_refused", report: "sdk frame_refused"},
		"a script that is none at all": {script: fromFar(t, "text/css", "body { color: red }"), says: "form.cause_network", report: "sdk network"},
		"a frame that speaks and is never ready": {
			script: fromFar(t, "text/javascript", speaking), says: "form.cause_slow", report: "sdk slow",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := onLoopback(t)
			sdk := w.sdk(wanted{})
			if test.script != "" {
				sdk.Script = sdk.Frame.ResolveReference(parseURL(t, test.script))
			}
			if test.frame != "" {
				sdk.Frame = parseURL(t, test.frame)
			}
			o := w.sandbox.Sumsub().Options()
			o.AllowedDomains = test.allowed
			if err := w.sandbox.Sumsub().SetOptions(o); err != nil {
				t.Fatal(err)
			}
			portal := w.replica(wanted{url: "http://127.0.0.1/onboarding", sdk: sdk})
			p := browsertest.New(t).Page(t)
			p.Hurry(20*time.Second, 5)
			if name == "no script" {
				p.RefuseAtOnce()
			}
			for _, expected := range []string{"net::ERR", "Content Security Policy", "502", "MIME type", "frame-ancestors"} {
				p.Allow(expected)
			}
			c := portal.atCamera(p)
			c.See(say("en", "sdk.help_title"))
			c.See(say("en", test.says))
			eventually(t, "the report "+test.report, func() bool { return slices.Contains(c.w.reports.heard(), test.report) })
			before := c.asked(http.MethodGet, "")
			c.Press(say("en", "form.help_retry"))
			eventually(t, "the page once more", func() bool { return c.asked(http.MethodGet, "") > before })
			c.See(say("en", "sdk.help_title"))
		})
	}
}

func TestFormsWithoutScriptsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	c := w.atCamera(browsertest.New(t).Page(t))
	c.forms().See("Your identity document")
	c.WithoutScripts()
	c.Open(c.address + "?flow=websdk")
	c.See(say("en", "sdk.camera_title"))
	if !strings.Contains(c.HTML(), say("en", "sdk.noscript")) {
		t.Errorf("the page does not say what is missing:\n%s", c.HTML())
	}
	if c.Sees(say("en", "sdk.loading")) {
		t.Error("the page pretends that something is coming")
	}
}

func TestPageOfACheckTellsNewsByItself(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	c := w.atCamera(browsertest.New(t).Page(t))
	c.forms().See("Your identity document")
	v := &verification{browser: w.browser().signIn("ada@example.com"), flow: "websdk", id: w.text("select id::text from registrations")}
	c.Hurry(time.Second, 5)
	v.becomes("pending")
	v.shown().shows(http.StatusOK, "verification.sent_title") // elsewhere, by which the portal gets to know of it
	c.Open(c.address + "?flow=websdk")
	c.See(say("en", "verification.sent_title"))
	for _, step := range []struct {
		do   func()
		says string
	}{
		{func() { v.becomes("onHold") }, "verification.on_hold_title"},
		{func() { v.decided(green) }, "verification.approved_title"},
	} {
		step.do()
		v.shown().shows(http.StatusOK, step.says)
		c.See(say("en", step.says))
	}
}

func TestPagesAboutAVerificationAreForEverybody(t *testing.T) {
	t.Parallel()
	w, _ := onLoopback(t)
	c := w.atCamera(browsertest.New(t).Page(t))
	c.forms().See("Your identity document")
	v := &verification{browser: w.browser(), flow: "websdk", id: w.text("select id::text from registrations")}
	flaws := func(text string) {
		t.Helper()
		for _, width := range []int64{320, 1280} {
			c.Resize(width, 800)
			c.See(text)
			for _, flaw := range c.Flaws() {
				t.Errorf("%d pixels: %s", width, flaw)
			}
		}
	}
	flaws(say("en", "sdk.camera_title"))
	for _, step := range []struct {
		do   func()
		says string
	}{
		{func() { v.becomes("onHold") }, "verification.on_hold_title"},
		{func() { v.decided(green) }, "verification.approved_title"},
		{func() { v.decided(red("FINAL", "A comment.")) }, "verification.rejected_title"},
		{func() { v.decided(red("RETRY", "A comment.")) }, "sdk.again"},
	} {
		step.do()
		w.pass(16 * time.Minute)
		c.Open(c.address + "?flow=websdk")
		flaws(say("en", step.says))
	}
}
