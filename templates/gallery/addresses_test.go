package gallery

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"portal/templates"
)

// ours says whether an address is one that a page may lead to.
func ours(address string) bool {
	allowed := []string{start + "/", start + "?", "#", "mailto:" + acme.SupportEmail, "tel:+49301234", "https://acme.example/"}
	return address == start || slices.ContainsFunc(allowed, func(a string) bool { return strings.HasPrefix(address, a) })
}

func TestAddressesStayBelowTheBase(t *testing.T) {
	each(t, pages, func(s shown, flaw func(string, ...any)) {
		for _, e := range s.Elements {
			if e.Has("href") && e.Name != "base" && !ours(e.Attrs["href"]) {
				flaw("<%s> leads to %q", e.Name, e.Attrs["href"])
			}
			if src := e.Attrs["src"]; src != "" && src != embedURL && src != sdkURL && !strings.HasPrefix(src, start+"/static/") {
				flaw("<%s> loads %q", e.Name, src)
			}
		}
	})
}

func TestBaseIsForTheFormAlone(t *testing.T) {
	each(t, pages, func(s shown, flaw func(string, ...any)) {
		bases := len(s.Named("base"))
		if form := len(s.WithID("collection-wrapper")) == 1; form != (bases == 1) {
			flaw("%d <base>", bases)
		}
		if bases > 0 && (!strings.Contains(s.html, `<head><base href="/">`) || strings.Contains(s.html, `href="#`)) {
			flaw("<base> is late, or a link within the page leads away from it")
		}
	})
}

func TestSignedInPagesOfferToSignOut(t *testing.T) {
	each(t, pages, func(s shown, flaw func(string, ...any)) {
		if strings.Contains(s.only("header").Text(), applicant) && !strings.Contains(s.html, `action="/onboarding/sign-out"`) {
			flaw("there is no way to sign out")
		}
	})
}

// subjects are pages that are about something of their own: those of one name, and each kind of problem, of dead link and of outcome.
func subjects() []string {
	var list []string
	for _, p := range Pages() {
		if !strings.Contains(p.Name, ",") && !p.Mail {
			list = append(list, p.Name)
		}
	}
	for _, status := range templates.ProblemStatuses() {
		list = append(list, "problem, "+strconv.Itoa(status))
	}
	for _, kind := range templates.DeadLinkKinds() {
		list = append(list, "dead link, "+kind)
	}
	for _, kind := range templates.OutcomeKinds() {
		list = append(list, "outcome, "+kind)
	}
	return list
}

// The states of a page may share its title; two pages may not, or nobody finds the right tab.
func TestTitlesDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, name := range subjects() {
		title := inEnglish(t, name).only("title").Text()
		if other, ok := seen[title]; ok {
			t.Errorf("%s and %s share the title %q", name, other, title)
		}
		seen[title] = name
	}
}
