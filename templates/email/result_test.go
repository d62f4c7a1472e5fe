package email

import (
	"context"
	"strings"
	"testing"
)

func resultView(kind string) ResultView {
	return ResultView{Brand: view().Brand, Kind: kind, URL: "https://www.acme.example/onboarding?flow=a&b"}
}

func TestResultsAreWholeInEveryLanguage(t *testing.T) {
	eachLocale(t, func(t *testing.T, ctx context.Context) {
		said := map[string]bool{}
		for _, kind := range []string{"approved", "retry", "rejected"} {
			v := resultView(kind)
			text := ResultText(ctx, v)
			wordsOnly(t, text)
			wordsOnly(t, ResultSubject(ctx, v))
			for _, want := range []string{v.URL, "help@acme.example", resultTitle(ctx, v)} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: %q is missing:\n%s", kind, want, text)
				}
			}
			said[resultTitle(ctx, v)+resultNext(ctx, v)] = true
			var html strings.Builder
			if err := Result(v).Render(ctx, &html); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(html.String(), `href="https://www.acme.example/onboarding?flow=a&amp;b"`) {
				t.Errorf("%s: no way to the page:\n%s", kind, html.String())
			}
			wellFormed(t, html.String())
		}
		if len(said) != 3 {
			t.Errorf("the three say %d different things", len(said))
		}
	})
}
