package main

import (
	"strings"
	"testing"
)

func TestTheSheetAnswersEveryQuestion(t *testing.T) {
	t.Parallel()
	secrets := demosFile(map[string]string{"PASSFORT_WEBHOOK_SECRET": "not-to-be-printed", "PASSFORT_API_KEY": "nor-this"})
	for _, format := range []string{"text", "markdown", "html"} {
		code, said, stderr := command(t, secrets, "passfort", "sheet", "--format", format)
		if code != exitOK || strings.Contains(said, "Still missing") || strings.Contains(said, notDecided) {
			t.Errorf("%s: exit %d, %s\n%s", format, code, stderr, said)
		}
		for _, want := range []string{
			"Verify identity", "Passport (front, selfie); Identity card (front, back, selfie)", "Your details; Your document", "personal-account",
			"https://www.northlight.example/onboarding/complete", "https://www.northlight.example/onboarding/webhooks/passfort", "apikey",
			"static, for the links", "0b5c57", "Please complete your registration", "onboarding@northlight.example", "Example DNS", "CNAME",
			"up to 3, one every 7 days", "Customer request changed", "agreed separately", "individual-onboarding", "request.html", "1 Harbour Street",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is missing:\n%s", format, want, said)
			}
		}
		if strings.Contains(said, "not-to-be-printed") || strings.Contains(said, "nor-this") {
			t.Errorf("%s: a secret is printed", format)
		}
	}
}

func TestTheSheetSaysWhatIsMissingAndWhereToSetIt(t *testing.T) {
	t.Parallel()
	for replaced, want := range map[[2]string]string{
		{`role = "COMPANY_CUSTOMER"` + "\nflow_template", "flow_template"}: "Registration flow: Open a business account: For: set portal.toml [[flow]] role (flow company)",
		{`title = "Open a business account"`, ""}:                          "Registration flow: company: Title: set portal.toml [[flow]] title (flow company)",
		{"dns_provider =", "# dns_provider ="}:                             "Request e-mail: DNS provider: set portal.toml [passfort] dns_provider",
		{"email_subject =", "# email_subject ="}:                           "email_subject",
		{"email_sender_address =", "# email_sender_address ="}:             "email_sender_address",
		{"email_text =", "# email_text ="}:                                 "email_text",
		{"reminders =", "# reminders ="}:                                   "Reminders: How many, and how often: set portal.toml [passfort] reminders",
		{`subject = "Reminder: please complete your registration", `, ""}:  "reminders (subject)",
		{`forms = ["Your details", "Your document"]`, ""}:                  "forms (flow individual)",
		{`product = "business-account"` + "\n\n", "\n"}:                    "product (flow company)",
		{"address = \"Northlight Ltd, 1 Harbour Street, London\"", "\n"}:   "Footer: set portal.toml [brand] address",
	} {
		code, said, stderr := command(t, changedFile(t, replaced[0], replaced[1]), "passfort", "sheet")
		_, missing, _ := strings.Cut(said, "Still missing")
		if code != exitFailure || !strings.Contains(missing, want) || strings.Count(missing, ": set ") != 1 {
			t.Errorf("%q: exit %d, %s\n%s", replaced[0], code, stderr, missing)
		}
	}
}

func TestTheSheetsPreviewHasOneSlash(t *testing.T) {
	t.Parallel()
	_, said, _ := command(t, demosFile(map[string]string{"PASSFORT_COLLECTION_URL": "https://collection.example/"}), "passfort", "sheet")
	if !strings.Contains(said, "https://collection.example/theme,") {
		t.Errorf("it is not there:\n%s", said)
	}
}

func TestTheSheetKnowsAnAddressThatNobodyElseReaches(t *testing.T) {
	t.Parallel()
	code, said, _ := command(t, demosFile(map[string]string{"PORTAL_BASE_URL": "http://127.0.0.1:8080/onboarding"}), "passfort", "sheet")
	if code != exitFailure || !strings.Contains(said, "Form page: the public address of the page: set PORTAL_BASE_URL\n") {
		t.Errorf("exit %d\n%s", code, said)
	}
}

func TestTheSheetLeavesOutWhatIsNotUsed(t *testing.T) {
	t.Parallel()
	const both = `loaders = ["static", "dynamic"]`
	_, links, _ := command(t, changedFile(t, both, `loaders = ["static"]`), "passfort", "sheet")
	_, registrations, _ := command(t, changedFile(t, both, `loaders = ["dynamic"]`), "passfort", "sheet")
	if strings.Contains(links, "Registration flow") || strings.Contains(links, "Webhooks") || !strings.Contains(links, "Request e-mail") {
		t.Error(links)
	}
	if strings.Contains(registrations, "Request e-mail") || strings.Contains(registrations, "Tasks and documents") || !strings.Contains(registrations, "Registration flow") {
		t.Error(registrations)
	}
}

func TestTheSheetHasABlockForEveryBrandOfAFlow(t *testing.T) {
	t.Parallel()
	own := []string{"[[flow]]\nname = \"company\"\n", "[[flow]]\nname = \"company\"\nbrand = { name = \"Harbour\", accent = \"#7a1f5c\" }\n"}
	const both = `loaders = ["static", "dynamic"]`
	for _, loaders := range []string{`loaders = ["static"]`, both + " # both", `loaders = ["dynamic"]`} {
		_, said, _ := command(t, changedFile(t, append(own, both, loaders)...), "passfort", "sheet")
		_, block, _ := strings.Cut(said, "\nForm theme of the flow company\n")
		block, _, _ = strings.Cut(block, "\n\n")
		for _, want := range []string{"Company: Harbour\n", "#7a1f5c, with text in"} {
			if !strings.Contains(block, want) || strings.Count(said, want) != 1 {
				t.Errorf("%s: %q is not there once:\n%s", loaders, want, said)
			}
		}
		links := strings.Contains(block, "Form URL: https://www.northlight.example/onboarding?flow=company\n") && strings.Contains(block, "portal email build --flow company")
		if links != strings.Contains(loaders, "static") || strings.Contains(said, "the flow individual") {
			t.Errorf("%s: %s", loaders, said)
		}
	}
}

func TestTheSheetIsWellFormedWhateverStandsInIt(t *testing.T) {
	t.Parallel()
	environ := changedFile(t, `email_text = "To finish`, `email_text = "<script>*bold* _and_ [more](x)</script> To finish`)
	_, page, _ := command(t, environ, "passfort", "sheet", "--format", "html")
	if strings.Contains(page, "<script>") || !strings.Contains(page, "&lt;script&gt;") {
		t.Errorf("markup of the settings is markup of the sheet:\n%s", page)
	}
	_, text, _ := command(t, environ, "passfort", "sheet", "--format", "markdown")
	if !strings.Contains(text, `\<script>\*bold\* \_and\_ \[more](x)\</script>`) {
		t.Errorf("signs of the settings are signs of the sheet:\n%s", text)
	}
	if code, _, stderr := command(t, environ, "passfort", "sheet", "--format", "pdf"); code != exitWrongUse || !strings.Contains(stderr, "--format") {
		t.Errorf("a format that there is not: exit %d, %s", code, stderr)
	}
}
