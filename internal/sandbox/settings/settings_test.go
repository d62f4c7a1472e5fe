package settings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/settings"
)

type colour string

type shared struct {
	Depth int `json:"depth" usage:"how deep"`
}

type sample struct {
	Name string `json:"name" usage:"what it is called"`
	shared
	Colour   colour            `json:"colour,omitempty"`
	Count    int               `json:"count"`
	Seed     uint64            `json:"seed"`
	Chance   float64           `json:"chance"`
	Loud     bool              `json:"loud"`
	Origins  []string          `json:"origins"`
	Colours  []colour          `json:"colours"`
	Statuses map[string]int    `json:"statuses"`
	Texts    map[string]string `json:"texts"`
	Data     map[string]any    `json:"data"`
	Inner    string            `json:"-"`
	Nameless string
	hidden   string
}

func TestFieldsAreListedInTheirOrderWithTheirValues(t *testing.T) {
	t.Parallel()
	s := sample{
		Name: "a", shared: shared{Depth: 2}, Colour: "red", Count: -1, Seed: 1 << 63, Chance: 0.25, Loud: true,
		Origins: []string{"https://a.example", "https://b.example"}, Statuses: map[string]int{"gone": 410},
		Inner: "x", Nameless: "y", hidden: "z",
	}
	want := []settings.Field{
		{Name: "name", Usage: "what it is called", Kind: settings.Text, Value: "a"},
		{Name: "depth", Usage: "how deep", Kind: settings.Number, Value: "2"},
		{Name: "colour", Kind: settings.Text, Value: "red"},
		{Name: "count", Kind: settings.Number, Value: "-1"},
		{Name: "seed", Kind: settings.Number, Value: "9223372036854775808"},
		{Name: "chance", Kind: settings.Fraction, Value: "0.25"},
		{Name: "loud", Kind: settings.Switch, Value: "true"},
		{Name: "origins", Kind: settings.List, Value: "https://a.example,https://b.example"},
		{Name: "colours", Kind: settings.List},
		{Name: "statuses", Kind: settings.JSON, Value: `{"gone":410}`},
		{Name: "texts", Kind: settings.JSON},
		{Name: "data", Kind: settings.JSON},
	}

	for _, v := range []any{s, &s} {
		if diff := cmp.Diff(want, settings.Fields(v)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestSetTakesWhatFieldsShow(t *testing.T) {
	t.Parallel()
	want := sample{
		Name: "a, b", shared: shared{Depth: 2}, Colour: "red", Count: -1, Seed: 7, Chance: 0.25, Loud: true,
		Origins: []string{"a", "b"}, Colours: []colour{"red", "blue"}, Statuses: map[string]int{"gone": 410},
		Texts: map[string]string{"x": `{"y":{{json .z}}}`}, Data: map[string]any{"n": 1.5},
	}
	var got sample
	for _, field := range settings.Fields(want) {
		if err := settings.Set(&got, field.Name, field.Value); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sample{})); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyTextIsTheZeroValue(t *testing.T) {
	t.Parallel()
	s := sample{
		Name: "a", Colour: "red", Count: 1, Seed: 1, Chance: 1, Loud: true, Origins: []string{"a"}, Colours: []colour{"b"},
		Statuses: map[string]int{"a": 1}, Texts: map[string]string{"a": "b"}, Data: map[string]any{"a": 1},
	}
	for _, field := range settings.Fields(s) {
		if err := settings.Set(&s, field.Name, ""); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(sample{}, s, cmp.AllowUnexported(sample{})); diff != "" {
		t.Error(diff)
	}
}

func TestListsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	var s sample
	if err := settings.Set(&s, "origins", " a, b ,,c,"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, s.Origins); diff != "" {
		t.Error(diff)
	}
}

func TestSetRefusesInSentencesAndChangesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ setting, text, says string }{
		"a word for a number":    {"count", "many", `count is "many", but must be a whole number`},
		"too large":              {"count", "99999999999999999999", "a whole number"},
		"negative":               {"seed", "-1", "not negative"},
		"no fraction":            {"chance", "half", "a number"},
		"not a number":           {"chance", "NaN", "a number"},
		"infinite":               {"chance", "-Inf", "a number"},
		"neither":                {"loud", "maybe", "true or false"},
		"no JSON":                {"statuses", "gone=410", "JSON of its kind"},
		"wrong JSON":             {"statuses", `{"gone":"x"}`, "JSON of its kind"},
		"two values":             {"statuses", `{"gone":410}{}`, "something behind it"},
		"unknown":                {"size", "1", "size is no setting"},
		"hidden from JSON":       {"-", "1", "is no setting"},
		"without a name in JSON": {"", "1", "is no setting"},
	} {
		s := sample{Count: 1, Statuses: map[string]int{"a": 400}}
		err := settings.Set(&s, c.setting, c.text)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
		if diff := cmp.Diff(sample{Count: 1, Statuses: map[string]int{"a": 400}}, s, cmp.AllowUnexported(sample{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
