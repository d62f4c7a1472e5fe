package websdk

import (
	"strings"
	"testing"
)

func TestOnlyOriginsEnterThePolicy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		allowed []string
		want    string
	}{
		{"none given", nil, "*"},
		{"two origins", []string{"https://a.example", "http://127.0.0.1:8080"}, "'self' https://a.example http://127.0.0.1:8080"},
		{"nothing usable", []string{"a.example", "*"}, "'self'"},
		{"a directive", []string{"https://a.example; script-src *", "https://b.example"}, "'self' https://b.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, got, _ := strings.Cut(policy(c.allowed), "frame-ancestors "); got != c.want {
				t.Errorf("frame-ancestors %s, want %s", got, c.want)
			}
		})
	}
}
