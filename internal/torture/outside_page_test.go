package torture

import (
	"net/http"
	"net/url"
	"testing"
)

func TestPagesAreKnownByWhatTheySay(t *testing.T) {
	t.Parallel()
	const pair = `<script type="application/json" id="customer-request">{"request_id":"q","apikey":"k"}</script>`
	for name, c := range map[string]struct {
		status  int
		address string
		html    string
		want    pageKind
	}{
		"a form":                         {http.StatusOK, portalPath, "<h1>Title</h1>" + pair, formPage},
		"two forms":                      {http.StatusOK, portalPath, "<h1>Title</h1>" + pair + pair, strangePage},
		"an outcome":                     {http.StatusOK, portalPath, "<h1>This form has expired</h1>", expiredPage},
		"no heading of ours":             {http.StatusOK, portalPath, "<h1>It works!</h1>", strangePage},
		"a problem":                      {http.StatusInternalServerError, portalPath, "<h1>Something went wrong on our side</h1>", strangePage},
		"a form with a problem's status": {http.StatusInternalServerError, portalPath, "<h1>Title</h1>" + pair, strangePage},
		"not now":                        {http.StatusServiceUnavailable, portalPath, "<h1>We will be back in a moment</h1>", laterPage},
		"not now, with a good status":    {http.StatusOK, portalPath, "<h1>We will be back in a moment</h1>", strangePage},
		"nobody there":                   {http.StatusBadGateway, portalPath, "", laterPage},
		"a wrong code":                   {http.StatusUnprocessableEntity, portalPath, "<h1>Enter the code from your e-mail</h1>", codePage},
		"the company's own page":         {http.StatusOK, thanksPath + "company", "<h1>Thanks</h1>", thanksPage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := seenPage{status: c.status, address: &url.URL{Path: c.address}, html: c.html}
			if got := p.kind(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestFormsAreFoundByWhatTheyCarry(t *testing.T) {
	t.Parallel()
	p := seenPage{html: `
		<form method="post" action="/onboarding/start" novalidate><input type="hidden" name="flow" value="a"/><button>Start</button></form>
		<form method="post" action="/onboarding/start" novalidate><input type="hidden" name="flow" value="b&amp;c"/><button>Start</button></form>`}
	f, ok := p.form("/onboarding/start", url.Values{"flow": {"b&c"}})
	if !ok || f.fields.Get("flow") != "b&c" {
		t.Errorf("found %v, %v", f, ok)
	}
	if f, ok := p.form("/onboarding/start", url.Values{"flow": {"d"}}); ok {
		t.Errorf("found %v, which is another", f)
	}
}
