package i18n

import (
	"context"
	"testing"
)

func TestValueOfTheOtherDirectionIsSetApart(t *testing.T) {
	t.Parallel()
	in := func(lang string) context.Context { return With(context.Background(), BuiltIn.Negotiate(lang)) }
	for _, test := range []struct{ lang, value, want string }{
		{"en", "Acme (UK) Ltd.", "Acme (UK) Ltd."},
		{"en", "محمد", "\u2068محمد\u2069"},
		{"en", "דוד", "\u2068דוד\u2069"},
		{"ar", "Acme (UK) Ltd.", "\u2068Acme (UK) Ltd.\u2069"},
		{"ar", "محمد", "محمد"},
		{"ar", "Acme محمد", "\u2068Acme محمد\u2069"},
		{"ar", "\u2068Acme\u2069، محمد", "\u2068Acme\u2069، محمد"},
		{"ar", "help@acme.example", "help@acme.example"},
		{"ar", "https://acme.example", "https://acme.example"},
		{"ar", "12", "12"},
		{"zh", "王小明", "王小明"},
		{"ar", "", ""},
	} {
		if got := Apart(in(test.lang), test.value); got != test.want {
			t.Errorf("%q in %s: %q, want %q", test.value, test.lang, got, test.want)
		}
	}
	if got, want := T(in("ar"), "associates.for", "name", "Acme (UK)"), "في قائمة \u2068Acme (UK)\u2069"; got != want {
		t.Errorf("in a message: %q, want %q", got, want)
	}
}
