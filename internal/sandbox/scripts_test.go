package sandbox_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"portal/internal/sandbox"
)

func TestStartPageListsEveryAddressForScripts(t *testing.T) {
	t.Parallel()
	w := open(t, sandbox.Options{})
	router, ok := w.Handler().(chi.Routes)
	if !ok {
		t.Fatal("the handler does not tell its routes")
	}
	page := html.UnescapeString(w.page(t, "/"))
	n := 0
	err := chi.Walk(router, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if strings.HasPrefix(route, "/_sandbox/") {
			n++
			if !contains(page, "<code>"+method+" "+route+"</code>") {
				t.Errorf("%s %s is not on the start page", method, route)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if listed := strings.Count(page, " /_sandbox/"); listed != n {
		t.Errorf("%d addresses are listed, but there are %d", listed, n)
	}
}
