package passfort

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzCut holds that texts are cut as everybody else reads them, and that putting them together again changes nothing.
func FuzzCut(f *testing.F) {
	for _, text := range []string{
		`{}`, ` { "a" : 1 , "b":[ ] } `, `{"a":"}\"\\","a\u0062":-1.5e3,"":{"x":[{}]}}`, `[]`, `[1, "," ,[null] ,{"]":true}]`, `7`, `"x"`, `{"a":1}x`, ``,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		cut, err := membersOf(text)
		var known map[string]json.RawMessage
		switch wrong := json.Unmarshal(text, &known); {
		case (err == nil) != (wrong == nil && known != nil):
			t.Fatalf("%v, but %v", err, wrong)
		case err == nil:
			if diff := cmp.Diff(known, byName(cut)); diff != "" {
				t.Error("members (-want +got):", diff)
			}
			same(t, text, cut.text())
		}
		if !json.Valid(text) {
			return
		}
		list, err := elementsIn(bytes.TrimSpace(text))
		var elements []json.RawMessage
		if wrong := json.Unmarshal(text, &elements); (err == nil) != (wrong == nil) || len(list) != len(elements) {
			t.Fatalf("%v, but %v; %d elements, want %d", err, wrong, len(list), len(elements))
		}
		if len(list) > 0 {
			same(t, text, arrayOf(list))
		}
	})
}

// same holds that two texts differ in blanks alone.
func same(t *testing.T, one, other []byte) {
	t.Helper()
	var a, b bytes.Buffer
	if json.Compact(&a, one) != nil || json.Compact(&b, other) != nil || a.String() != b.String() {
		t.Errorf("%q became %q", one, other)
	}
}
