package onboarding_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portal/internal/onboarding"
)

// known is everything that can be known of somebody, in whatever role.
var known = onboarding.Facts{
	GivenNames: []string{"Zoë", "Anne-Marie"}, FamilyName: "O’Neill", Email: "zoe@neill.example",
	Name: "Zirkel & Söhne GmbH", Number: "HRB 12345", Country: "DEU",
}

func TestFactsDoNotPrint(t *testing.T) {
	t.Parallel()
	r := onboarding.Registration{Facts: known}
	stub := onboarding.StubProfile{Facts: known}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb+"\n", known, &known, r, stub)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "facts", known, "registration", r, "stub", &stub)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "facts", known, "registration", r, "stub", stub)
	if err := json.NewEncoder(&out).Encode([]any{known, r, stub, map[string]any{"facts": &known}}); err != nil {
		t.Fatal(err)
	}
	for _, fact := range []string{"Zoë", "Anne", "Neill", "zoe", "Zirkel", "12345", "DEU"} {
		if printed := out.String(); strings.Contains(printed, fact) || strings.Contains(printed, fmt.Sprintf("%x", fact)) {
			t.Errorf("%q is printed:\n%s", fact, printed)
		}
	}
	if !strings.Contains(out.String(), "[facts]") {
		t.Error("nothing says that there are facts")
	}
}

func TestFactsSurviveBeingWrittenDown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		want := onboarding.Facts{
			FamilyName: rapid.String().Draw(rt, "family name"), Email: rapid.String().Draw(rt, "email"), Name: rapid.String().Draw(rt, "name"),
			Number: rapid.String().Draw(rt, "number"), Country: rapid.String().Draw(rt, "country"),
		}
		if names := rapid.SliceOf(rapid.String()).Draw(rt, "given names"); len(names) > 0 {
			want.GivenNames = names
		}
		got, err := onboarding.DecodeFacts(want.Encode())
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			rt.Fatalf("%v, (-want +got):\n%s", err, diff)
		}
		if blank := cmp.Equal(want, onboarding.Facts{}); got.Empty() != blank {
			rt.Fatalf("empty: %t, want %t", got.Empty(), blank)
		}
	})
}

func TestWhatIsNoFactsIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "Zoë", `{"given_names":"Zoë"}`, `["Zoë"]`} {
		if f, err := onboarding.DecodeFacts(text); err == nil || strings.Contains(err.Error(), "Zoë") || !f.Empty() {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestFactsKeepToTheirRole(t *testing.T) {
	t.Parallel()
	for role, want := range map[onboarding.Role]onboarding.Facts{
		onboarding.IndividualCustomer: {GivenNames: known.GivenNames, FamilyName: known.FamilyName, Email: known.Email},
		onboarding.CompanyCustomer:    {Email: known.Email, Name: known.Name, Number: known.Number, Country: known.Country},
		"UNHEARD_OF":                  {},
	} {
		if diff := cmp.Diff(want, known.For(role)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
}

func TestFactsThatCanBeTrueAreRight(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]onboarding.Facts{
		"none":             {},
		"all":              known,
		"joined letters":   {GivenNames: []string{"علی\u200cرضا"}, FamilyName: "Nguyễn"},
		"longest":          {FamilyName: strings.Repeat("é", 100), Name: strings.Repeat("é", 300), Number: strings.Repeat("1", 50)},
		"Kosovo":           {Country: "XKX"},
		"an own territory": {Country: "GIB"},
	} {
		if err := f.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFactsThatCannotBeTrueAreNamed(t *testing.T) {
	t.Parallel()
	long, characters, email, country := onboarding.ErrFactTooLong, onboarding.ErrFactText, onboarding.ErrFactEmail, onboarding.ErrFactCountry
	for name, c := range map[string]struct {
		facts onboarding.Facts
		field string
		what  error
	}{
		"long given name":     {onboarding.Facts{GivenNames: []string{"A", strings.Repeat("a", 101)}}, "given_names", long},
		"many given names":    {onboarding.Facts{GivenNames: strings.Split(strings.Repeat("a", 11), "")}, "given_names", long},
		"given name of none":  {onboarding.Facts{GivenNames: []string{""}}, "given_names", characters},
		"long family name":    {onboarding.Facts{FamilyName: strings.Repeat("é", 101)}, "family_name", long},
		"line break":          {onboarding.Facts{FamilyName: "a\nb"}, "family_name", characters},
		"other line break":    {onboarding.Facts{FamilyName: "a\u2028b"}, "family_name", characters},
		"text turned round":   {onboarding.Facts{Name: "a\u202eb"}, "name", characters},
		"no text":             {onboarding.Facts{Name: "a\xff"}, "name", characters},
		"blank":               {onboarding.Facts{Name: "  "}, "name", characters},
		"long name":           {onboarding.Facts{Name: strings.Repeat("a", 301)}, "name", long},
		"long number":         {onboarding.Facts{Number: strings.Repeat("1", 51)}, "number", long},
		"no address":          {onboarding.Facts{Email: "zoe"}, "email", email},
		"name and address":    {onboarding.Facts{Email: "Zoë <zoe@neill.example>"}, "email", email},
		"local address":       {onboarding.Facts{Email: "zoe@localhost"}, "email", email},
		"address of a number": {onboarding.Facts{Email: "zoe@[192.0.2.1]"}, "email", email},
		"long address":        {onboarding.Facts{Email: strings.Repeat("a", 250) + "@b.example"}, "email", email},
		"control in address":  {onboarding.Facts{Email: "zoe@neill.example\r\n"}, "email", email},
		"two letters":         {onboarding.Facts{Country: "DE"}, "country_of_incorporation", country},
		"small letters":       {onboarding.Facts{Country: "deu"}, "country_of_incorporation", country},
		"nowhere":             {onboarding.Facts{Country: "ZZZ"}, "country_of_incorporation", country},
		"number of a country": {onboarding.Facts{Country: "276"}, "country_of_incorporation", country},
		"country of the past": {onboarding.Facts{Country: "DDR"}, "country_of_incorporation", country},
	} {
		err := c.facts.Check()
		wrong, ok := errors.AsType[*onboarding.Error](err)
		if !ok || wrong.Kind != onboarding.Invalid || wrong.Field != c.field || !errors.Is(err, c.what) {
			t.Errorf("%s: %+v, want %s with %s", name, wrong, c.field, c.what)
		}
	}
}

func TestEveryWrongFactIsNamed(t *testing.T) {
	t.Parallel()
	err := onboarding.Facts{FamilyName: "a\nb", Email: "secret", Country: "secret"}.Check()
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 3 || onboarding.KindOf(err) != onboarding.Invalid {
		t.Errorf("%v, want three troubles", err)
	}
	if strings.Contains(fmt.Sprint(err), "secret") {
		t.Errorf("it repeats a fact: %v", err)
	}
}
