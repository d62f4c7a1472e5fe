package front

import (
	"strings"
	"testing"
)

func TestOnlyOriginsEnterThePolicy(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		ancestors []string
		want      string
	}{
		{"none given", nil, "*"},
		{"two origins", []string{"https://a.example", "http://127.0.0.1:8080"}, "https://a.example http://127.0.0.1:8080"},
		{"nothing usable", []string{"a.example", "*", "https://a.example/path"}, "'none'"},
		{"a directive", []string{"https://a.example; script-src *", "https://b.example"}, "https://b.example"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, got, _ := strings.Cut(frameCSP(c.ancestors), "frame-ancestors ")
			if got != c.want {
				t.Errorf("frame-ancestors %s, want %s", got, c.want)
			}
		})
	}
}
