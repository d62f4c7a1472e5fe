package middleware_test

import (
	"io"
	"net/http"
	"slices"
	"testing"

	"portal/internal/i18n"
	"portal/web/middleware"
)

func TestLocaleIsNegotiatedAndSaid(t *testing.T) {
	t.Parallel()
	h := middleware.NegotiateLocale(i18n.BuiltIn, "")(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, i18n.From(r.Context()).Lang())
	}))
	for accept, want := range map[string]string{"de-AT,de;q=0.9,en;q=0.8": "de", "en": "en", "tlh": "en", "": "en", ";;;q=x": "en"} {
		w := get(middleware.NegotiateLocale(i18n.BuiltIn, "")(h), "/", "Accept-Language", accept) // twice does no harm
		if w.Body.String() != want || w.Header().Get("Content-Language") != want {
			t.Errorf("%q: rendered in %s, said to be %s, want %s", accept, w.Body, w.Header().Get("Content-Language"), want)
		}
		if vary := w.Header().Values("Vary"); !slices.Equal(vary, []string{"Accept-Language"}) {
			t.Error("Vary:", vary)
		}
	}
}
