package identity

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/runenames"
)

// names are how Unicode's names of decimal digits end.
var names = []string{"ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"}

func TestDigitsOfEveryScriptAreRead(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, in := range [][]unicode.Range32{wide(unicode.Nd.R16), unicode.Nd.R32} {
		for _, within := range in {
			for r := rune(within.Lo); r <= rune(within.Hi); r += rune(within.Stride) {
				name := runenames.Name(r)
				if name == "" || strings.HasPrefix(name, "<") {
					continue // newer than the table of names
				}
				got := digits(string(r))
				if len(got) != 1 || !strings.HasSuffix(name, "DIGIT "+names[got[0]-'0']) {
					t.Errorf("%q, %s, is read as %s", r, name, got)
				}
				checked++
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d digits were checked", checked)
	}
}

func wide(ranges []unicode.Range16) (same []unicode.Range32) {
	for _, r := range ranges {
		same = append(same, unicode.Range32{Lo: uint32(r.Lo), Hi: uint32(r.Hi), Stride: uint32(r.Stride)})
	}
	return same
}

func TestDigitsDropsWhatStandsBetween(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"123456": "123456", " 123 456\n": "123456", "12-34-56": "123456", "123\u00a0456": "123456", "1\u20092\u20143": "123",
		"": "", " \t-": "", "12345a": "12345a", "²": "²", "①": "①", "١٢٣": "123", "۱۲۳": "123", "𝟙𝟚𝟛": "123", "１２３": "123",
	} {
		if got := digits(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func FuzzDigits(f *testing.F) {
	f.Add("12 34-56")
	f.Add("١٢٣٤٥٦")
	f.Add("\xff\u200e1")
	f.Fuzz(func(t *testing.T, typed string) {
		once := digits(typed)
		if digits(once) != once {
			t.Errorf("%q becomes %q and then %q", typed, once, digits(once))
		}
	})
}
