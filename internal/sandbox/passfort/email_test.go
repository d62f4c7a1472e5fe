package passfort_test

import (
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// emailed is the latest e-mail about a new request.
func emailed(t *testing.T, a *account) (frame, opened) {
	t.Helper()
	f := openPerson(t, a)
	if err := a.EmailRequest(f.id, "jo@example.com"); err != nil {
		t.Fatal(err)
	}
	return f, a.letter(t)
}

func TestEmailHasWhatTheThemeSays(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) {
		c.Account = changed(func(d *accounts.Account) {
			d.Email.Subject = "Bitte vervollständigen"
			d.Email.SenderName = "Northlight Köln"
			d.Email.Text = "Only <a few> details & a photo."
		})
	})

	_, got := emailed(t, a)

	want := opened{
		envelope: "jo@example.com", from: "onboarding@company.example", fromName: "Northlight Köln", to: "jo@example.com",
		subject: "Bitte vervollständigen", plain: got.plain, page: got.page,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(opened{})); diff != "" {
		t.Error(diff)
	}
	for _, text := range []string{"Only <a few> details & a photo.", "Northlight Ltd, 1 Harbour Street, London", "until 30 May 2026"} {
		if !strings.Contains(got.plain, text) {
			t.Errorf("the text part lacks %q: %s", text, got.plain)
		}
		if !strings.Contains(got.page, html.EscapeString(text)) {
			t.Errorf("the HTML part lacks %q: %s", text, got.page)
		}
	}
}

func TestButtonOpensTheCustomersPage(t *testing.T) {
	t.Parallel()
	f, got := emailed(t, open(t, passfort.Options{}))

	link := "https://company.example/onboarding?request_id=" + f.id + "&apikey=" + f.key
	if !strings.Contains(got.plain, "\r\n"+link+"\r\n") && !strings.Contains(got.plain, "\n"+link+"\n") {
		t.Errorf("the text part lacks %s: %s", link, got.plain)
	}
	button := `<a href="` + html.EscapeString(link) + `" style="display:inline-block;padding:12px 20px;border-radius:4px;background:#20425c;`
	if !strings.Contains(got.page, button) || !strings.Contains(got.page, ">Open the forms</a>") {
		t.Errorf("the HTML part has no such button: %s", got.page)
	}
}

func TestLogoTakesThePlaceOfTheName(t *testing.T) {
	t.Parallel()
	_, named := emailed(t, open(t, passfort.Options{}))
	_, logo := emailed(t, openWith(t, func(c *passfort.Config) {
		c.Account = changed(func(d *accounts.Account) { d.Email.Logo = "https://company.example/logo.png" })
	}))

	image := `<img src="https://company.example/logo.png" alt="Northlight"`
	if strings.Contains(named.page, "<img") || !strings.Contains(logo.page, image) {
		t.Errorf("without a logo: %s\nwith one: %s", named.page, logo.page)
	}
}

func TestLinkIsAnUnknown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options passfort.Options
		page    string
		want    string
	}{
		"usual":          {passfort.Options{}, "https://c.example/o", "https://c.example/o?request_id=ID&apikey=KEY"},
		"page has query": {passfort.Options{}, "https://c.example/o?x=1", "https://c.example/o?x=1&request_id=ID&apikey=KEY"},
		"fragment":       {passfort.Options{LinkFragment: true}, "https://c.example/o?x=1", "https://c.example/o?x=1#request_id=ID&apikey=KEY"},
		"names": {
			passfort.Options{LinkParams: []string{"rid", "the key"}},
			"https://c.example/o",
			"https://c.example/o?rid=ID&the+key=KEY",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, got := emailed(t, openWith(t, func(config *passfort.Config) { config.Options, config.FormURL = c.options, c.page }))

			link := strings.NewReplacer("ID", f.id, "KEY", f.key).Replace(c.want)
			if !strings.Contains(got.plain, link) || !strings.Contains(html.UnescapeString(got.page), `href="`+link+`"`) || f.overview(t).Link != link {
				t.Errorf("no %s in %s; staff see %s", link, got.plain, f.overview(t).Link)
			}
		})
	}
}

func TestFlowRequestCanBeSentAgain(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f, _ := emailed(t, a)

	if err := a.EmailRequest(f.id, "other@example.com"); err != nil {
		t.Fatal(err)
	}

	if got := a.letter(t).to; got != "other@example.com" || f.overview(t).SentTo != got {
		t.Errorf("sent to %q, staff see %q", got, f.overview(t).SentTo)
	}
	want := []string{"profile.create", "customer_request.create", "customer_request.email", "customer_request.email"}
	if diff := cmp.Diff(want, a.kinds()); diff != "" {
		t.Error(diff)
	}
}
