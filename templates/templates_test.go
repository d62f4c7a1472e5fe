package templates

import (
	"context"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/static"
)

// known is an applicant who is signed in.
var known = Account{In: true, Name: applicant}

const (
	embedURL    = "https://collection.example/embed.js"
	continueURL = "https://acme.example/thanks"
	applicant   = "anna+test@mail.example"
)

func acme() brand.Brand {
	return brand.Brand{
		Name: "Acme & Söhne", Accent: "#1a4f8b", SupportEmail: "help@acme.example", SupportPhone: "+49 (0)30 1234",
		PrivacyURL: "https://acme.example/privacy", ImprintURL: "https://acme.example/imprint",
	}
}

// siteAt is a portal below base.
func siteAt(t *testing.T, base string) Site {
	t.Helper()
	assets, err := acme().Assets(nil)
	if err != nil {
		t.Fatal(err)
	}
	return Site{Brand: acme(), Base: base, Assets: static.New(assets), Languages: i18n.BuiltIn}
}

// pages is every page in every state.
func pages() map[string]templ.Component {
	flows := []FlowChoice{{Name: "individual", Title: "A person"}, {Name: "a company", Title: "A <company>"}}
	all := map[string]templ.Component{
		"landing": Landing(LandingView{Flows: flows}), "landing, one flow": Landing(LandingView{Flows: flows[:1]}),
		"choose":               Choose(ChooseView{Account: known, Flows: everyState()}),
		"choose, not started":  Choose(ChooseView{Account: known, Problem: "error.unavailable", Flows: flows[:1]}),
		"static loader":        Loader(LoaderView{Static: true, EmbedURL: embedURL}),
		"dynamic loader":       Loader(dynamicLoader()),
		"incomplete link":      LinkIncomplete(),
		"open your link":       OpenYourLink(),
		"waiting":              Waiting(WaitingView{Title: "A person", StatusURL: "/onboarding/status", Status: "starting", Account: known}),
		"waiting, slow":        Waiting(WaitingView{Title: "A person", StatusURL: "/onboarding/status", Status: "unclear", Account: known, Slow: true}),
		"waiting, meanwhile":   Waiting(WaitingView{Title: "A company", StatusURL: "/onboarding/status", Status: "starting", Account: known, Behind: behind(0, 0)}),
		"checking":             Checking(checkingView(false)),
		"checking, slow":       Checking(checkingView(true)),
		"sent":                 Sent(SentView{}),
		"sent, sign-in":        Sent(SentView{SignIn: true}),
		"signed out":           SignedOut(),
		"problem, unknown":     Problem(ProblemView{Status: 418, Reference: "r-1"}),
		"problem, own message": Problem(ProblemView{Status: 404, Key: "error.unknown_flow"}),
	}
	for kind := range outcomeTexts {
		all["outcome, "+kind] = Outcome(outcomeView(kind))
	}
	maps.Copy(all, behindPages())
	maps.Copy(all, signInPages())
	maps.Copy(all, sessionPages())
	maps.Copy(all, associatePages())
	maps.Copy(all, verificationPages())
	maps.Copy(all, documentPages())
	for status := range problemTexts {
		all["problem "+problemTexts[status].Title] = Problem(ProblemView{Status: status, Reference: "r-1", RetryURL: "/onboarding"})
	}
	return all
}

// behind is an account of people and companies in one of its states.
func behind(total, drafts int) Behind {
	return Behind{Address: "/onboarding/associates?registration=r-1", Total: total, Drafts: drafts}
}

// behindPages are the pages of a company in every state of the part beside its form.
func behindPages() map[string]templ.Component {
	all := map[string]templ.Component{}
	for name, b := range map[string]Behind{"none": behind(0, 0), "drafts": behind(3, 3), "some": behind(5, 3), "sent": behind(1, 0)} {
		loader, checking, flow := dynamicLoader(), checkingView(true), FlowChoice{Name: "a", Title: "A & B", Status: "open", Behind: b}
		loader.Behind, checking.Behind = b, b
		all["dynamic loader, "+name], all["checking, "+name] = Loader(loader), Checking(checking)
		all["choose, "+name] = Choose(ChooseView{Account: known, Flows: []FlowChoice{flow}})
		for kind := range outcomeTexts {
			v := outcomeView(kind)
			v.Behind = b
			all["outcome of a company, "+kind+", "+name] = Outcome(v)
		}
	}
	return all
}

func signInPages() map[string]templ.Component {
	ways := []WayIn{{Name: "staff", Title: "Acme & Söhne Account"}}
	all := map[string]templ.Component{
		"sign-in":                 SignIn(SignInView{Wish: Wish{Flow: "individual", Case: "a&b", Finishing: true}}),
		"sign-in, error":          SignIn(SignInView{Email: `"><script>`, EmailError: "error.email_invalid"}),
		"sign-in, providers":      SignIn(SignInView{WaysIn: ways}),
		"sign-in, refused":        SignIn(SignInView{WaysIn: ways, Problem: "error.provider_refused"}),
		"code":                    SignInCode(SignInCodeView{Wish: Wish{Flow: "individual"}, Email: applicant, Minutes: 10}),
		"code, error":             SignInCode(SignInCodeView{Email: applicant, Minutes: 1, Code: "12 34", CodeError: "error.code_wrong"}),
		"code, over":              SignInCode(SignInCodeView{Email: applicant, Minutes: 10, Over: true, CodeError: "error.too_many_codes", Wait: time.Hour}),
		"link":                    SignInLink(SignInLinkView{Title: "A person", Path: "/onboarding/sign-in/link/token"}),
		"onward":                  Onward(OnwardView{Title: "onward.finished_title", Lead: "onward.finished", URL: "/onboarding/complete"}),
		"onward after a sign-out": Onward(OnwardView{Title: "onward.sign_out_title", Lead: "onward.sign_out", URL: "https://acme.example/logout"}),
	}
	for kind := range deadLinkTexts {
		all["dead link "+kind] = DeadLink(DeadLinkView{Kind: kind, WaysIn: ways, TryPath: "/onboarding/sign-in/link/token"})
	}
	return all
}

func sessionPages() map[string]templ.Component {
	sessions := []SessionRow{
		{ID: "1", Device: "Firefox · Windows", Way: "By a code", Since: Moment{"2 hours ago", "2026-01-02T03:04:05Z"}, Seen: Moment{"just now", "2026-01-02T05:04:05Z"}, Here: true},
		{ID: "2", Device: "<script>", Way: "By a link", Since: Moment{"1 day ago", "2026-01-01T03:04:05Z"}, Seen: Moment{"1 day ago", "2026-01-01T03:04:05Z"}},
	}
	return map[string]templ.Component{
		"session end":        SessionEnd(SessionEndView{Minutes: 5, To: "/onboarding?flow=a+company", Account: known}),
		"session's last end": SessionEnd(SessionEndView{Minutes: 1, Final: true, To: "/onboarding", Account: known}),
		"session over":       SessionOver(),
		"session, typed":     typedPage(TypedSession{Seconds: 3600, Warning: 300}),
		"sessions":           Sessions(SessionsView{Account: known, Sessions: sessions}),
		"sessions, ended":    Sessions(SessionsView{Account: known, Sessions: sessions[:1], Notice: "sessions.ended_one"}),
	}
}

func dynamicLoader() LoaderView {
	return LoaderView{
		EmbedURL: embedURL, Request: CustomerRequest{RequestID: "request-1", APIKey: "secret-key-1"},
		StatusURL: "/onboarding/status?flow=individual", Status: "open", Title: "A person", Account: known,
	}
}

func checkingView(slow bool) CheckingView {
	return CheckingView{
		Title: "A person", StatusURL: "/onboarding/status", Status: "open", Slow: slow, Account: known, ResumeURL: "/onboarding?flow=individual",
	}
}

func outcomeView(kind string) OutcomeView {
	return OutcomeView{
		Kind: kind, Title: "A person", Flow: "individual", ContinueURL: continueURL, Reference: "r-1", Account: known, Others: everyState(),
	}
}

func everyState() []FlowChoice {
	choices := []FlowChoice{{Name: "new", Title: "New"}, {Name: "odd", Title: "Odd", Status: "not a status"}}
	for status := range stateKeys {
		choices = append(choices, FlowChoice{Name: status, Title: "Flow " + status, Status: status})
	}
	return choices
}

func render(t *testing.T, s Site, l i18n.Locale, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(i18n.With(With(context.Background(), s), l), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// eachPage runs check on every page in every language.
func eachPage(t *testing.T, check func(t *testing.T, l i18n.Locale, page string, d document)) {
	s := siteAt(t, "/onboarding")
	for _, l := range i18n.BuiltIn.Locales() {
		for name, c := range pages() {
			t.Run(l.Lang()+"/"+name, func(t *testing.T) {
				page := render(t, s, l, c)
				d, err := parseHTML(page)
				if err != nil {
					t.Fatal(err)
				}
				check(t, l, page, d)
			})
		}
	}
}

func TestPagesHaveAFrame(t *testing.T) {
	eachPage(t, func(t *testing.T, l i18n.Locale, _ string, d document) {
		if root := d[0]; root.name != "html" || root.attrs["lang"] != l.Lang() || root.attrs["dir"] != l.Dir() {
			t.Errorf("root: %v", root.attrs)
		}
		for _, name := range []string{"h1", "title", "main", "header", "footer"} {
			if found := d.named(name); len(found) != 1 || strings.TrimSpace(found[0].text) == "" {
				t.Errorf("%d <%s>, or an empty one", len(found), name)
			}
		}
		if title := d.named("title")[0].text; !strings.HasSuffix(title, " – Acme & Söhne") {
			t.Errorf("title %q", title)
		}
		if !strings.Contains(d.named("footer")[0].text, "help@acme.example") {
			t.Error("no way to get help")
		}
	})
}

var (
	unfilled = regexp.MustCompile(`\{[a-z_]+\}`)
	rawKey   = regexp.MustCompile(`\b(layout|landing|sign_in|sign_in_link|dead_link|onward|wait|choose|state|form|link|waiting|checking|outcome|verification|sdk|sent|session|sessions|ago|signed_out|problem|associates|documents|nationality|month|error)\.[a-z0-9_]+`)
)

func TestPagesSayEverythingInWords(t *testing.T) {
	eachPage(t, func(t *testing.T, _ i18n.Locale, page string, d document) {
		if found := unfilled.FindString(d[0].text); found != "" {
			t.Errorf("%s is not filled in", found)
		}
		if found := rawKey.FindString(page); found != "" {
			t.Errorf("%s has no message", found)
		}
	})
}

func TestPagesKeepToTheContentSecurityPolicy(t *testing.T) {
	eachPage(t, func(t *testing.T, _ i18n.Locale, _ string, d document) {
		for _, e := range d {
			if _, ok := e.attrs["style"]; ok || e.name == "style" {
				t.Errorf("<%s> has a style of its own", e.name)
			}
			for name := range e.attrs {
				if strings.HasPrefix(name, "on") {
					t.Errorf("<%s> has %s", e.name, name)
				}
			}
			if e.name == "script" && e.attrs["src"] == "" && e.attrs["type"] != "application/json" {
				t.Error("a script stands in the page")
			}
		}
	})
}

func TestPagesReferToWhatIsThere(t *testing.T) {
	eachPage(t, func(t *testing.T, _ i18n.Locale, _ string, d document) {
		for _, e := range d {
			if id := e.attrs["id"]; id != "" && len(d.withID(id)) != 1 {
				t.Errorf("id %s is there %d times", id, len(d.withID(id)))
			}
			refs := strings.Fields(e.attrs["for"] + " " + e.attrs["aria-describedby"] + " " + e.attrs["aria-labelledby"])
			if fragment, ok := strings.CutPrefix(e.attrs["href"], "#"); ok {
				refs = append(refs, fragment)
			}
			for _, ref := range refs {
				if len(d.withID(ref)) != 1 {
					t.Errorf("<%s> refers to %q, which is not there", e.name, ref)
				}
			}
		}
	})
}

func TestControlsHaveNames(t *testing.T) {
	eachPage(t, func(t *testing.T, _ i18n.Locale, _ string, d document) {
		labels := make(map[string]string)
		for _, e := range d.named("label") {
			labels[e.attrs["for"]] = strings.TrimSpace(e.text)
		}
		for _, e := range d {
			switch {
			case (e.name == "input" || e.name == "select") && e.attrs["type"] != "hidden" && labels[e.attrs["id"]] == "":
				t.Errorf("field %s has no label", e.attrs["name"])
			case (e.name == "button" || e.name == "a") && strings.TrimSpace(e.text) == "":
				t.Errorf("a <%s> has no name", e.name)
			case e.name == "img" && e.attrs["alt"] == "":
				t.Error("an image has no text")
			}
		}
	})
}

func TestFormsPostToThePortal(t *testing.T) {
	eachPage(t, func(t *testing.T, _ i18n.Locale, _ string, d document) {
		for _, e := range d.named("form") {
			_, novalidate := e.attrs["novalidate"]
			if e.attrs["method"] != "post" || !novalidate || !strings.HasPrefix(e.attrs["action"], "/onboarding/") {
				t.Errorf("form %v", e.attrs)
			}
		}
	})
}

// ours reports whether an address is one that a page may name.
func ours(address string) bool {
	for _, allowed := range []string{"/onboarding/", "/onboarding?", "#", "mailto:help@acme.example", "tel:+49301234", "https://acme.example/"} {
		if strings.HasPrefix(address, allowed) {
			return true
		}
	}
	return address == "/onboarding"
}

func TestAddressesStayBelowTheBase(t *testing.T) {
	eachPage(t, func(t *testing.T, _ i18n.Locale, _ string, d document) {
		for _, e := range d {
			if href, ok := e.attrs["href"]; ok && e.name != "base" && !ours(href) {
				t.Errorf("<%s> leads to %q", e.name, href)
			}
			if src, ok := e.attrs["src"]; ok && src != embedURL && src != sdkURL && !strings.HasPrefix(src, "/onboarding/static/") {
				t.Errorf("<%s> loads %q", e.name, src)
			}
		}
	})
}

func TestBaseIsForTheFormAlone(t *testing.T) {
	eachPage(t, func(t *testing.T, _ i18n.Locale, page string, d document) {
		bases := d.named("base")
		if form := len(d.withID("collection-wrapper")) == 1; form != (len(bases) == 1) {
			t.Fatalf("%d <base>", len(bases))
		}
		if len(bases) == 0 {
			return
		}
		if !strings.Contains(page, `<head><base href="/">`) || strings.Contains(page, `href="#`) {
			t.Error("<base> is late, or a link within the page leads away from it")
		}
	})
}

func TestPortalsAtTheRootLeadToTheRoot(t *testing.T) {
	page := render(t, siteAt(t, ""), i18n.Locale{}, Problem(ProblemView{Status: 404}))
	if !strings.Contains(page, `href="/"`) || !strings.Contains(page, `href="/static/app.`) {
		t.Error(page)
	}
}

func TestTitlesDiffer(t *testing.T) {
	s := siteAt(t, "/onboarding")
	title := regexp.MustCompile(`<title>.*</title>`)
	seen := make(map[string]string)
	for name, c := range pages() {
		family, _, state := strings.Cut(name, ",")
		if state && family != "outcome" {
			continue
		}
		found := title.FindString(render(t, s, i18n.Locale{}, c))
		if other, ok := seen[found]; ok {
			t.Errorf("%s and %s share %s", name, other, found)
		}
		seen[found] = name
	}
}

func TestErrorsAreSaidTwiceAndInTheTitle(t *testing.T) {
	s := siteAt(t, "/onboarding")
	page := render(t, s, i18n.Locale{}, SignIn(SignInView{Wish: Wish{Flow: "f"}, Email: `a"b`, EmailError: "error.email_invalid"}))
	d, err := parseHTML(page)
	if err != nil {
		t.Fatal(err)
	}
	message := "Enter an e-mail address in the right form"
	if n := strings.Count(page, message); n != 2 {
		t.Errorf("the message is there %d times", n)
	}
	email := d.withID("email")[0].attrs
	if email["aria-invalid"] != "true" || email["aria-describedby"] != "email-hint email-error" || email["value"] != `a"b` {
		t.Errorf("field: %v", email)
	}
	if !strings.Contains(page, "<title>Error: ") {
		t.Error("the title does not say that there is an error")
	}
}

func TestSignedInPagesOfferToSignOut(t *testing.T) {
	eachPage(t, func(t *testing.T, _ i18n.Locale, page string, d document) {
		email := strings.Contains(d.named("header")[0].text, applicant)
		if email != strings.Contains(page, `action="/onboarding/sign-out"`) {
			t.Error("e-mail and sign-out do not go together")
		}
	})
}

func TestLogoStandsForTheName(t *testing.T) {
	b := acme()
	b.Logo, b.LogoAlt = "acme.svg", "Acme, since 1900"
	s := Site{Brand: b, Languages: i18n.BuiltIn, Assets: static.New(map[string][]byte{"brand.css": b.Stylesheet(), "icon.svg": b.Icon(), "logo.svg": []byte("<svg/>")})}
	page := render(t, s, i18n.Locale{}, SignedOut())
	if !strings.Contains(page, `alt="Acme, since 1900"`) || !strings.Contains(page, `src="/static/logo.`) {
		t.Error(page)
	}
}
