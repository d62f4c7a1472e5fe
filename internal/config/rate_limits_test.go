package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRateLimitsAreOffOnOrByGroup(t *testing.T) {
	t.Parallel()
	fewForms := usual
	fewForms.Forms, fewForms.API = 5, 0
	for text, want := range map[string]RateLimits{
		"off": {}, "on": usual, "forms=5, api=0,pages=1": {Forms: 5, Pages: 1}, "on,forms=5,API=0": fewForms,
	} {
		var got RateLimits
		if err := got.UnmarshalText([]byte(text)); err != nil || !cmp.Equal(got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"yes", "forms", "forms=", "forms=-1", "forms=many", "loader=1", "forms=1,on", "on,"} {
		var got RateLimits
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is understood: %+v", text, got)
		}
	}
}
