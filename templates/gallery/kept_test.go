package gallery

import (
	"context"
	"strings"
	"testing"

	"portal/templates"
)

// What pages keep of each other is the same for everybody: each page is the same with what others have left and without.
func TestKeptPartsAreNobodysOwn(t *testing.T) {
	t.Parallel()
	keeping := site()
	keeping.Parts = &templates.Parts{}
	all, err := everything()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		var b strings.Builder
		if err := s.Render(context.Background(), keeping, s.locale, &b); err != nil {
			t.Fatal(err)
		}
		if b.String() != s.html {
			t.Errorf("%s in %s is another page after the others", s.Name, s.locale.Lang())
		}
	}
}
