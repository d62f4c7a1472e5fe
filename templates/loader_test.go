package templates

import (
	"encoding/json"
	"strings"
	"testing"

	"portal/internal/htmltest"
	"portal/internal/i18n"
)

func dynamicLoader() LoaderView {
	return LoaderView{
		EmbedURL: embedURL, Request: CustomerRequest{RequestID: "request-1", APIKey: "secret-key-1"},
		StatusURL: "/onboarding/status?flow=individual", Status: "open", Title: "A person", Account: known,
	}
}

func TestLoaderCarriesThePairOnce(t *testing.T) {
	page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, Loader(dynamicLoader()))
	const want = `<script type="application/json" id="customer-request">{"request_id":"request-1","apikey":"secret-key-1"}</script>`
	if strings.Count(page, want) != 1 || strings.Count(page, "request-1") != 1 || strings.Count(page, "secret-key-1") != 1 {
		t.Error(page)
	}
}

func TestLoaderKeepsHostilePairsInside(t *testing.T) {
	hostile := CustomerRequest{RequestID: `</script><script>alert(1)</script><!--`, APIKey: "\"'&\u2028\x00é"}
	v := dynamicLoader()
	v.Request = hostile
	d, err := htmltest.Parse(render(t, siteAt(t, "/onboarding"), i18n.Locale{}, Loader(v)))
	if err != nil {
		t.Fatal(err)
	}
	var got CustomerRequest
	if err := json.Unmarshal([]byte(d.WithID("customer-request")[0].Text()), &got); err != nil || got != hostile {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestLoaderRunsOurScriptBeforeTheProviders(t *testing.T) {
	for _, v := range []LoaderView{dynamicLoader(), {Static: true, EmbedURL: embedURL}} {
		page := render(t, siteAt(t, "/onboarding"), i18n.Locale{}, Loader(v))
		wrapper, mine, theirs := strings.Index(page, `id="collection-wrapper"`), strings.Index(page, "/static/loader."), strings.Index(page, `<script src="`+embedURL)
		if wrapper < 0 || wrapper > mine || mine > theirs {
			t.Errorf("wrapper at %d, loader.js at %d, embed.js at %d", wrapper, mine, theirs)
		}
	}
}

func TestStaticLoaderIsTheSameForEverybody(t *testing.T) {
	s := siteAt(t, "/onboarding")
	v := dynamicLoader()
	v.Static = true
	page := render(t, s, i18n.Locale{}, Loader(v))
	if page != render(t, s, i18n.Locale{}, Loader(LoaderView{Static: true, EmbedURL: embedURL})) {
		t.Error("personal fields change the page")
	}
	for _, foreign := range []string{"customer-request", "data-status-url", "progress.", "forms.", "sign-out"} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page holds %s", foreign)
		}
	}
}

func TestLoaderHelpsWithoutJavaScript(t *testing.T) {
	d, err := htmltest.Parse(render(t, siteAt(t, "/onboarding"), i18n.Locale{}, Loader(dynamicLoader())))
	if err != nil {
		t.Fatal(err)
	}
	noscript := d.Named("noscript")
	if len(noscript) != 1 || !strings.Contains(noscript[0].Text(), "JavaScript") || !strings.Contains(noscript[0].Text(), "help@acme.example") {
		t.Error("no help without JavaScript")
	}
	if _, hidden := d.WithID("form-help")[0].Attrs["hidden"]; !hidden {
		t.Error("the help panel is there from the start")
	}
}
