package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/internal/mailcheck"
	"portal/templates/email"
)

// demosFile is the environment of commands that need no secret, with the demo's portal.toml at a public address.
func demosFile(more map[string]string) map[string]string {
	environ := map[string]string{"PORTAL_CONFIG": "../../portal.toml", "PORTAL_BASE_URL": "https://www.northlight.example/onboarding"}
	maps.Copy(environ, more)
	return environ
}

// changedFile is the same with something replaced in portal.toml.
func changedFile(t *testing.T, replaced ...string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../portal.toml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "portal.toml")
	changed := strings.NewReplacer(replaced...).Replace(string(text))
	if changed == string(text) {
		t.Fatalf("%q is not in portal.toml", replaced)
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	return demosFile(map[string]string{"PORTAL_CONFIG": path})
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEmailBuildWritesBothPartsInTheLanguage(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "new", "folder")
	code, said, stderr := command(t, demosFile(nil), "email", "build", "--lang", "de", "--out", out, "--text-mark", "<%= text %>", "--link-mark", "*|LINK|*")
	if code != exitOK || !strings.Contains(said, "Bitte ergänzen Sie Ihre Angaben für Northlight") || !strings.Contains(said, "--link-mark") {
		t.Fatalf("exit %d, %q, %q", code, said, stderr)
	}
	page, text := read(t, filepath.Join(out, "request.html")), read(t, filepath.Join(out, "request.txt"))
	for _, want := range []string{"<%= text %>", "*|LINK|*", "Guten Tag,", "https://www.northlight.example/onboarding", "Northlight Ltd, 1 Harbour Street, London"} {
		if !strings.Contains(page, want) || !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if code, said, stderr := command(t, nil, "email", "check", "--text-mark", "<%= text %>", "--link-mark", "*|LINK|*", filepath.Join(out, "request.html")); code != exitOK || !strings.Contains(said, "nothing to mend") {
		t.Errorf("check: exit %d, %q, %q", code, said, stderr)
	}
}

func TestEmailBuildTakesTheCompanysSubjectInItsLanguage(t *testing.T) {
	t.Parallel()
	const own, portals = "Please complete your registration with Northlight", "Please complete your details for Northlight"
	unset := changedFile(t, "email_subject =", "# email_subject =")
	for _, c := range []struct {
		environ map[string]string
		lang    string
		want    string
	}{{demosFile(nil), "", own}, {demosFile(nil), "en", own}, {unset, "", portals}, {demosFile(nil), "de", "Bitte ergänzen Sie Ihre Angaben für Northlight"}} {
		out := t.TempDir()
		code, said, stderr := command(t, c.environ, "email", "build", "--out", out, "--lang", c.lang)
		if code != exitOK || !strings.Contains(said, "subject         "+c.want+"\n") || stderr != "" {
			t.Errorf("%q: exit %d, %q, %q", c.lang, code, said, stderr)
		}
		if page := read(t, filepath.Join(out, "request.html")); !strings.Contains(page, "<title>"+c.want+"</title>") {
			t.Errorf("%q: another subject in the template", c.lang)
		}
	}
}

func TestEmailBuildWarnsOfAnAddressThatNobodyElseReaches(t *testing.T) {
	t.Parallel()
	environ := demosFile(map[string]string{"PORTAL_BASE_URL": "http://127.0.0.1:8080/onboarding"})
	if code, _, stderr := command(t, environ, "email", "build", "--out", t.TempDir()); code != exitOK || !strings.Contains(stderr, "http://127.0.0.1:8080/onboarding, which only this machine can open") {
		t.Errorf("exit %d, %q", code, stderr)
	}
}

func TestEmailBuildWearsTheBrandOfTheFlow(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	environ := changedFile(t, "[[flow]]\nname = \"company\"\n", "[[flow]]\nname = \"company\"\nbrand = { name = \"Harbour\", accent = \"#7a1f5c\" }\n")
	if code, _, stderr := command(t, environ, "email", "build", "--flow", "company", "--out", out); code != exitOK {
		t.Fatal(stderr)
	}
	if page := read(t, filepath.Join(out, "request.html")); !strings.Contains(page, ">Harbour</td>") || !strings.Contains(page, "background-color:#7a1f5c") {
		t.Error(page)
	}
}

func TestEmailBuildSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		environ map[string]string
		args    []string
		code    int
		says    string
	}{
		{demosFile(map[string]string{"PORTAL_BASE_URL": ""}), nil, exitFailure, "PORTAL_BASE_URL"},
		{demosFile(nil), []string{"--lang", "tlh"}, exitWrongUse, "--lang"},
		{demosFile(nil), []string{"--flow", "nothing"}, exitWrongUse, "--flow"},
		{demosFile(nil), []string{"--text-mark", "Northlight"}, exitFailure, "request.html: The editable text (Northlight) is there"},
		{demosFile(nil), []string{"--link-mark", "presentation"}, exitFailure, "request.html: The link's mark (presentation) also stands in the markup"},
		{demosFile(nil), []string{"--link-mark", "button"}, exitFailure, "request.txt: The link (button) is there"},
		{demosFile(nil), []string{"--out", "/dev/null/folder"}, exitFailure, "--out"},
		{demosFile(nil), []string{"--link-mark", " "}, exitWrongUse, "--link-mark"},
		{demosFile(nil), []string{"--link-mark", `"`}, exitWrongUse, "--link-mark"},
		{demosFile(nil), []string{"--link-mark", "{{editable_text}}"}, exitWrongUse, "--text-mark"},
		{demosFile(nil), []string{"now"}, exitWrongUse, "now"},
	} {
		out := t.TempDir()
		code, _, stderr := command(t, c.environ, append([]string{"email", "build", "--out", out}, c.args...)...)
		if left, _ := os.ReadDir(out); code != c.code || !strings.Contains(stderr, c.says) || len(left) > 0 {
			t.Errorf("%v: exit %d, %q, %d files", c.args, code, stderr, len(left))
		}
	}
}

// TestThereIsNothingToMendInWhatIsBuilt draws brands that the portal takes.
func TestThereIsNothingToMendInWhatIsBuilt(t *testing.T) {
	t.Parallel()
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		v := email.RequestView{Brand: anyBrand(t), Page: "https://www.northlight.example/onboarding", Text: "{{editable_text}}", Link: "{{link}}", Days: linkDays}
		if v.Brand.Check() != nil {
			return
		}
		accepted++
		for _, l := range i18n.BuiltIn.Locales() {
			var page strings.Builder
			if err := email.Request(v).Render(i18n.With(t.Context(), l), &page); err != nil {
				t.Fatal(err)
			}
			for _, f := range mailcheck.Check([]byte(page.String()), mailcheck.Options{Text: v.Text, Link: v.Link, HasPlain: true}) {
				t.Errorf("%s, line %d: %s", l.Lang(), f.Line, f.What)
			}
		}
	})
	if accepted < 20 {
		t.Errorf("%d brands that are drawn are accepted, which says nothing", accepted)
	}
}

// anyBrand has light and dark colours, as designers choose them: of those from the middle hardly any pair reads.
func anyBrand(t *rapid.T) brand.Brand {
	paper, ink := rapid.Uint8Range(0xd8, 0xff), rapid.Uint8Range(0, 0x50)
	hex := func(name string, channel *rapid.Generator[uint8]) string {
		return fmt.Sprintf("#%02x%02x%02x", channel.Draw(t, name+" r"), channel.Draw(t, name+" g"), channel.Draw(t, name+" b"))
	}
	surfaces := rapid.Bool().Draw(t, "surfaces")
	if surfaces && rapid.Bool().Draw(t, "dark") {
		paper, ink = ink, paper
	}
	b := brand.Brand{
		Name: rapid.SampledFrom([]string{"Acme", "Müller & Söhne <GmbH>", `"Q"`, "株式会社", "بنك"}).Draw(t, "name"), Accent: hex("accent", rapid.OneOf(ink, ink, rapid.Uint8())),
		SupportEmail: "help@acme.example", PrivacyURL: "https://acme.example/privacy?a=1&b=2", ImprintURL: "https://acme.example/imprint",
		Address: rapid.SampledFrom([]string{"", "Acme\n1 High Street\nTown", "© 2026 <Acme>"}).Draw(t, "address"),
		Radius:  rapid.SampledFrom([]string{"", "0", "4px", "24px", "0.5rem"}).Draw(t, "radius"),
	}
	if surfaces {
		b.Surface, b.Text = hex("surface", paper), hex("text", ink)
	}
	if rapid.Bool().Draw(t, "logo") {
		b.EmailLogoURL, b.EmailLogoWidth, b.EmailLogoHeight = "https://acme.example/logo.png", 160, 40
	}
	return b
}
