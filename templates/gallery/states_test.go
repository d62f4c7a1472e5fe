package gallery

import (
	"slices"
	"strings"
	"testing"

	"portal/internal/htmltest"
	"portal/internal/i18n"
	"portal/templates"
)

func TestEnterKeySavesInsteadOfAddingARow(t *testing.T) {
	t.Parallel()
	buttons := slices.DeleteFunc(inEnglish(t, "associate, person").Named("button"), func(b *htmltest.Element) bool {
		return b.Attrs["class"] == "quiet" // of another form: signs out
	})
	if b := buttons[0]; b.Attrs["name"] != "" || b.Attrs["aria-hidden"] != "true" || strings.TrimSpace(b.Text()) != "Save" {
		t.Errorf("the Enter key presses %v", b.Attrs)
	}
}

func TestQuestionsComeFirstInTheTitle(t *testing.T) {
	t.Parallel()
	if title := inEnglish(t, "associate, there already").only("title").Text(); !strings.HasPrefix(title, "Error: Is this somebody who is there already? Add a person – ") {
		t.Errorf("title %q", title)
	}
}

func TestProvidersWordsAreTextInNoCertainLanguage(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"documents, again", "camera, again", "outcome, rejected for reasons"} {
		s := inEnglish(t, name)
		if strings.Contains(s.html, `<a href="https://evil`) || strings.Contains(s.html, "<b>ganze") {
			t.Errorf("%s: a comment of the provider's has become markup", name)
		}
		if !strings.Contains(s.html, `<bdi lang="">Bitte das &lt;b&gt;ganze`) {
			t.Errorf("%s: the comment is not set apart:\n%s", name, s.html)
		}
	}
}

func TestStepsAreToldApartInWords(t *testing.T) {
	t.Parallel()
	s := inEnglish(t, "documents")
	for _, text := range []string{"Still to do", "Something is still missing", "Has arrived", "Please give it again", "Accepted, nothing to do", "Please look at this once more"} {
		if !strings.Contains(s.only("main").Text(), text) {
			t.Errorf("%s is said of no step", text)
		}
	}
	if slices.ContainsFunc(s.Named("a"), func(e *htmltest.Element) bool { return strings.Contains(e.Text(), "Proof of your address") }) {
		t.Error("an accepted step can be opened")
	}
}

func TestChecksWithoutWordsOfTheirOwnAreStillChecks(t *testing.T) {
	t.Parallel()
	if text := inEnglish(t, "check, of tomorrow").only("h1").Text(); text != "The check is still going on" {
		t.Error(text)
	}
}

func TestRejectionsSayWhomToContact(t *testing.T) {
	t.Parallel()
	text := inEnglish(t, "outcome, rejected").only("main").Text()
	for _, want := range []string{acme.SupportEmail, acme.SupportPhone, reference} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing:\n%s", want, text)
		}
	}
}

func TestOurScriptComesBeforeTheProviders(t *testing.T) {
	t.Parallel()
	s := inEnglish(t, "camera")
	first, theirs := strings.Index(s.html, "/static/websdk."), strings.Index(s.html, `<script src="`+sdkURL)
	if first < 0 || theirs < first || strings.Contains(s.html, "_act-") {
		t.Errorf("ours at %d, theirs at %d:\n%s", first, theirs, s.html)
	}
	if help := s.only("noscript"); help == nil || !strings.Contains(help.Text(), "JavaScript") || !strings.Contains(help.Text(), "camera") {
		t.Error("no help without JavaScript")
	}
	if !s.WithID("websdk-help")[0].Has("hidden") {
		t.Error("the help panel is there from the start")
	}
}

func TestErrorsAreSaidTwiceAndInTheTitle(t *testing.T) {
	t.Parallel()
	s := inEnglish(t, "sign-in, wrong")
	if n := strings.Count(s.html, "Enter an e-mail address in the right form"); n != 2 {
		t.Errorf("the message is there %d times", n)
	}
	field := s.WithID("email")[0].Attrs
	if field["aria-invalid"] != "true" || field["aria-describedby"] != "email-hint email-error" || field["value"] != typed {
		t.Errorf("field: %v", field)
	}
	if !strings.HasPrefix(s.only("title").Text(), "Error: ") {
		t.Error("the title does not say that there is an error")
	}
}

func TestRevealedPagesShowWhatIsHiddenElsewhere(t *testing.T) {
	t.Parallel()
	if inEnglish(t, "form, not loading").WithID("form-help")[0].Has("hidden") || !inEnglish(t, "form").WithID("form-help")[0].Has("hidden") {
		t.Error("the help is shown where it is hidden, or the other way round")
	}
	failed := inEnglish(t, "form, not loading for the cause network").html
	for _, want := range []string{`<p data-cause="other" hidden>`, `<p data-cause="network">`, `data-embed-doubt hidden>`, `data-embed-window href="/onboarding?`} {
		if !strings.Contains(failed, want) {
			t.Errorf("the page of a form that does not load is without %s", want)
		}
	}
	if text := inEnglish(t, "form, closed").html; strings.Contains(text, `class="late"`) || !strings.Contains(text, `<p role="status">The form`) {
		t.Errorf("nobody says that the form was closed:\n%s", text)
	}
	if !inEnglish(t, "signed out, languages open").only("details").Has("open") {
		t.Error("the languages are not open")
	}
}

func TestStagesShowWhatTheyCanHave(t *testing.T) {
	t.Parallel()
	for _, stage := range templates.AssociateStages() {
		s := inEnglish(t, "associates, "+stage)
		if review := strings.Contains(s.html, "/associates/review"); review != (stage == "drafts") {
			t.Errorf("%s: sending is offered: %v", stage, review)
		}
		if add := strings.Contains(s.html, "/associates/new"); add == (stage == "ended") {
			t.Errorf("%s: adding is offered: %v", stage, add)
		}
		if rows := strings.Contains(s.html, `class="flow entry"`); rows == (stage == "empty") {
			t.Errorf("%s: there are rows: %v", stage, rows)
		}
	}
}

func TestLinksThatAreDeadForGoodAreNotTriedAgain(t *testing.T) {
	t.Parallel()
	for _, kind := range templates.DeadLinkKinds() {
		if again := strings.Contains(inEnglish(t, "dead link, "+kind).html, "/sign-in/link/token"); again != (kind == "cookies") {
			t.Errorf("%s: can be tried again: %v", kind, again)
		}
	}
}

func TestSamplesSpeakTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	german, _ := i18n.BuiltIn.Named("de")
	for name, want := range map[string]string{"associate, person": "Schweden", "documents": "Schweden", "associates, drafts": "12,5\u00a0%"} {
		p, _ := Named(name)
		s, err := show(p, german)
		if err != nil || !strings.Contains(s.html, want) {
			t.Errorf("%s does not say %q: %v", name, want, err)
		}
	}
}

func TestRejectionsOfferNothingOfTheSameProvider(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"rejected", "undecided"} {
		text := inEnglish(t, "outcome, "+kind).html
		if strings.Contains(text, `value="documents"`) || strings.Count(text, identity["en"]) != 1 {
			t.Errorf("%s: what was refused is offered again:\n%s", kind, text)
		}
	}
}

func TestPagesOfCompaniesAreOfABusiness(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"outcome of a company, completed, some sent", "checking a company, some sent", "waiting, something to do meanwhile"} {
		if text := inEnglish(t, name).html; !strings.Contains(text, business["en"]) || strings.Contains(text, individual["en"]) {
			t.Errorf("%s is of a person", name)
		}
	}
}
