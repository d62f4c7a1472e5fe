package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portal/internal/onboarding"
)

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"12.5": "12.5", "12,5": "12.5", " 12,5 %": "12.5", "12,5\u00a0%": "12.5", ".5": "0.5", "١٢٫٥": "12.5", "१२.५": "12.5", "１２．５": "12．5",
		"1.234,5": "1.234.5", "": "", "half": "half",
	} {
		if got := typedPercentage(typed); got != want {
			t.Errorf("the percentage %q is read as %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string]string{
		"1000": "1000", "1,000": "1000", "1.000.000": "1000000", "1\u202f000": "1000", "1’000": "1000", "1 000 000": "1000000",
		"12,34,567": "1234567", "١٬٠٠٠": "1000", "12,5": "12,5", "1.000,50": "1.000,50", "1,0000": "1,0000", "-5": "-5",
	} {
		if got := typedAmount(typed); got != want {
			t.Errorf("the number %q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestDigitsOfEveryScriptAreRead(t *testing.T) {
	t.Parallel()
	for _, zero := range []rune{'0', '٠', '۰', '०', '๐', '０', '𝟎', '𝟘', '𝟶', '𞥐'} {
		for n := range rune(10) {
			if got := plainDigits(string(zero + n)); got != string('0'+n) {
				t.Errorf("%U is read as %s, want %d", zero+n, got, n)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		if i := strings.IndexFunc(plainDigits(text), func(r rune) bool { return unicode.IsDigit(r) && r > '9' }); i >= 0 {
			t.Errorf("%q keeps a strange digit", text)
		}
	})
}

func TestEmptyRowsOfSharesAreLeftOut(t *testing.T) {
	t.Parallel()
	f := url.Values{"share_class": {"", "A", "  "}, "amount": {"", "1"}, "percentage": {"", "", "", "5"}}
	want := []onboarding.Shareholding{{Class: "A", Amount: "1"}, {Percentage: "5"}}
	if diff := cmp.Diff(want, typedIn(f, "").details().Shareholdings); diff != "" {
		t.Error(diff)
	}
}

func TestCountriesAreThoseThatAreTaken(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	for lang, of := range countriesIn {
		list := of()
		if len(list) < 190 {
			t.Errorf("%s: only %d countries", lang, len(list))
		}
		for _, c := range list {
			d := onboarding.Details{EntityType: onboarding.Company, Name: "x", Roles: []onboarding.AssociatedRole{onboarding.Partner}, Country: c.Value}
			if err := d.Check(now, 18); err != nil {
				t.Errorf("%s: %s %s is not taken: %v", lang, c.Value, c.Text, err)
			}
		}
	}
	for _, s := range specialNationalities {
		d := onboarding.Details{EntityType: onboarding.Individual, FamilyName: "x", Roles: []onboarding.AssociatedRole{onboarding.Partner}, Nationality: s[0]}
		if err := d.Check(now, 18); err != nil {
			t.Errorf("%s is not taken: %v", s[0], err)
		}
	}
}

func TestEveryFaultIsFound(t *testing.T) {
	t.Parallel()
	one, two := &onboarding.Error{Field: "one"}, &onboarding.Error{Field: "two"}
	err := errors.Join(errors.New("of another make"), errors.Join(one, nil), errors.Join(errors.Join(two)))
	if got := slices.Collect(faultsIn(err)); !slices.Equal(got, []*onboarding.Error{one, two}) {
		t.Errorf("found %v", got)
	}
	for range faultsIn(err) {
		break
	}
	if got := slices.Collect(faultsIn(nil)); got != nil {
		t.Errorf("found %v in nothing", got)
	}
}

// FuzzTypedAssociate feeds forms of strangers: whatever comes can be shown again and checked.
func FuzzTypedAssociate(f *testing.F) {
	f.Add("type=COMPANY&name=x&share_class=A&amount=1,000&percentage=12,5&asked=a+b&id=1")
	f.Add("percentage=%D9%A1&date_of_birth=%D9%A2%D9%A0-01-01&roles=DIRECTOR&roles=")
	f.Fuzz(func(t *testing.T, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			t.Skip()
		}
		typed := typedIn(values, "")
		if typed.id.IsZero() && values.Get("id") == "" {
			t.Error("a new associate without an id")
		}
		_ = typed.details().Tidied().Check(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), 18)
	})
}
