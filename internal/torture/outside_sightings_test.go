package torture

import (
	"strings"
	"testing"
	"time"
)

func TestApplicantsAreMisledByWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	known := truth{
		Records: Records{Registrations: []Registration{{ID: "r1", Status: "open", Request: "q2"}}},
		owners: []ownership{
			{Request: "q1", Registration: "r1", Flow: "company", Subject: "me@example.com"},
			{Request: "q2", Registration: "r1", Flow: "company", Subject: "me@example.com"},
			{Request: "q9", Registration: "r9", Flow: "company", Subject: "other@example.com"},
		},
		keys: map[string]string{"q1": "k1", "q2": "k2", "q9": "k9"},
	}
	form := func(request, key string) sighting { return sighting{kind: formPage, request: request, key: key} }
	last, expired := form("q2", "k2"), sighting{kind: expiredPage, reference: "r1"}
	for name, c := range map[string]struct {
		seen []sighting
		says string // nothing where all is well
	}{
		"the way of all applicants":     {[]sighting{{kind: landingPage}, {kind: waitingPage}, form("q1", "k1"), expired, last}, ""},
		"another's form":                {[]sighting{form("q9", "k9"), last}, "which is not theirs"},
		"another's key":                 {[]sighting{form("q1", "k2"), last}, "a key that is not its"},
		"another's outcome":             {[]sighting{{kind: closedPage, reference: "r9"}, last}, "which is not theirs"},
		"a page that should not be":     {[]sighting{{kind: strangePage, status: 500}, last}, "status 500"},
		"a form after completion":       {[]sighting{{kind: thanksPage}, last}, "again after thanks"},
		"a form after its end":          {[]sighting{form("q2", "k2"), expired, last}, "again after expired"},
		"the end is not where one is":   {[]sighting{last, expired}, "the registration is open"},
		"the end is at an earlier form": {[]sighting{form("q1", "k1")}, "sees at last"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := known.misled("me@example.com", "company", inOrder(c.seen))
			text := strings.Join(wrong, "; ")
			if (text == "") != (c.says == "") || !strings.Contains(text, c.says) {
				t.Errorf("says %q, want a word of %q", text, c.says)
			}
		})
	}
	if wrong := known.misled("me@example.com", "individual", inOrder([]sighting{last})); len(wrong) == 0 {
		t.Error("nobody misses a registration that is not there")
	}
}

func TestTabsMayAnswerOutOfOrder(t *testing.T) {
	t.Parallel()
	seen := inOrder([]sighting{{kind: thanksPage}, {kind: formPage, request: "q1"}})
	seen[1].asked = seen[0].asked // asked for before the thanks came
	if over, ok := overBefore(seen[1], seen[:1], nil); ok {
		t.Errorf("a form that was on its way already counts as coming back after %s", over.kind)
	}
}

// inOrder gives sightings times, one after the other.
func inOrder(seen []sighting) []sighting {
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for i := range seen {
		seen[i].asked, seen[i].seen = at, at.Add(time.Second)
		at = at.Add(2 * time.Second)
	}
	return seen
}
