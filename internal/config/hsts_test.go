package config

import "testing"

func TestReachOfHSTSIsOneOfFour(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"off": "", "host": "max-age=31536000", "subdomains": "max-age=31536000; includeSubDomains",
		"preload": "max-age=63072000; includeSubDomains; preload",
	} {
		var h HSTS
		if err := h.UnmarshalText([]byte(text)); err != nil || h.Header() != want {
			t.Errorf("%s: %q, %v, want %q", text, h.Header(), err, want)
		}
	}
	for _, text := range []string{"", "on", "true", "max-age=0", "Host"} {
		if err := new(HSTS).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is understood", text)
		}
	}
}
