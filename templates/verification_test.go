package templates

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"portal/internal/i18n"
)

// sdkURL is the address of the provider's script for documents and camera.
const sdkURL = "https://static.provider.example/sns-websdk-builder.js"

// verificationPages are the pages about checks of documents in every state.
func verificationPages() map[string]templ.Component {
	all := map[string]templ.Component{
		"websdk":         WebSDK(websdkView()),
		"rejected, said": Outcome(rejectedView(DocumentReason{Said: "Write to <b>help@acme.example</b>"}, DocumentReason{Texts: []string{"No & no."}})),
	}
	for kind := range checkTexts {
		for _, mails := range []bool{true, false} {
			v := checkView(kind)
			v.Mails = mails
			all["check "+kind+", "+v.heard()] = CheckUnderWay(v)
		}
	}
	again := websdkView()
	again.Again, again.Reasons = true, []DocumentReason{{Said: "Blurred"}}
	anew := websdkView()
	anew.Anew = true
	all["websdk, again"], all["websdk, anew"] = WebSDK(again), WebSDK(anew)
	return all
}

func checkView(kind string) CheckView {
	return CheckView{
		Kind: kind, Title: "A person", StatusURL: "/onboarding/status?flow=documents&unattended=1", Status: "checking", Stage: kind,
		Reference: "r-1", Account: known, Others: everyState(),
	}
}

func rejectedView(reasons ...DocumentReason) OutcomeView {
	v := outcomeView("rejected")
	v.Title, v.Reasons = "Documents of a person", reasons
	return v
}

func websdkView() WebSDKView {
	return WebSDKView{
		ScriptURL: sdkURL, BaseURL: "https://forms.provider.example", TokenURL: "/onboarding/documents/token", Registration: "r-1",
		StatusURL: "/onboarding/status?flow=websdk", Status: "open", ReadURL: "/onboarding/complete?flow=websdk", Title: "A person by camera",
		Account: known,
	}
}

func TestChecksWithoutWordsOfTheirOwnAreStillChecks(t *testing.T) {
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, CheckUnderWay(checkView("a stage of tomorrow")))
	if !strings.Contains(page, "The check is still going on") {
		t.Error(page)
	}
}

func TestRejectionsSayWhomToContact(t *testing.T) {
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, Outcome(rejectedView()))
	d, err := parseHTML(page)
	if err != nil {
		t.Fatal(err)
	}
	main := d.named("main")[0].text
	if !strings.Contains(main, "help@acme.example") || !strings.Contains(main, "+49 (0)30 1234") || !strings.Contains(main, "r-1") {
		t.Errorf("no contact, or no reference: %s", main)
	}
}

func TestWordsOfTheProviderAreTextInNoCertainLanguage(t *testing.T) {
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, Outcome(rejectedView(DocumentReason{Said: "<b>לא</b>"})))
	if !strings.Contains(page, `<bdi lang="">&lt;b&gt;לא&lt;/b&gt;</bdi>`) {
		t.Error(page)
	}
}

func TestOurScriptComesBeforeTheProviders(t *testing.T) {
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, WebSDK(websdkView()))
	ours, theirs := strings.Index(page, "/static/websdk."), strings.Index(page, sdkURL)
	if ours < 0 || theirs < ours || strings.Contains(page, "_act-") {
		t.Errorf("ours at %d, theirs at %d:\n%s", ours, theirs, page)
	}
	d, err := parseHTML(page)
	if err != nil {
		t.Fatal(err)
	}
	noscript := d.named("noscript")
	if len(noscript) != 1 || !strings.Contains(noscript[0].text, "JavaScript") || !strings.Contains(noscript[0].text, "camera") || !strings.Contains(noscript[0].text, "help@acme.example") {
		t.Error("no help without JavaScript")
	}
	if _, hidden := d.withID("websdk-help")[0].attrs["hidden"]; !hidden {
		t.Error("the help panel is there from the start")
	}
}
