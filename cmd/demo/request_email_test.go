package main

import (
	"html"
	"strings"
	"testing"
)

func TestRequestEmailsLookLikeTheCompanys(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	link, _ := w.invite(t, "individual-onboarding", "letter@example.com")
	page := w.newestMail(t, "letter@example.com").HTML
	for _, want := range []string{"Dear customer,", `<a class="button" href="` + html.EscapeString(link) + `"`, w.env["PORTAL_BASE_URL"] + "</strong>", "1 Harbour Street"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing:\n%s", want, page)
		}
	}
	if strings.Contains(page, "{{") {
		t.Errorf("a mark was left:\n%s", page)
	}
}
