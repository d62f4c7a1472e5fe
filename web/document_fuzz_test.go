package web

import (
	"strings"
	"testing"
)

// Whatever an address says, it means a step's own path or none.
func FuzzStepsAreNamedInOneWay(f *testing.F) {
	for _, path := range []string{"identity", "proof-of-residence", "identity2", "", "-", "a--b", "IDENTITY", "identität", "\x00", "..", "a_b"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		set := stepNamed(path)
		if set != "" && stepPath(set) != "/"+path {
			t.Errorf("%q is %q, whose path is %s", path, set, stepPath(set))
		}
		if strings.ContainsAny(set, "/.%?#&\x00") || strings.ToUpper(set) != set {
			t.Errorf("%q is %q", path, set)
		}
	})
}
