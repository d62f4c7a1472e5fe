package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// Ten classes of shares of each entry fill a page of the review sooner than a list.
func TestReviewOfManyHoldingsStaysSmall(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	for i := range 60 {
		fields := []string{"family_name", fmt.Sprintf("%02d Hopper", i), "roles", "SHAREHOLDER"}
		for class := range 10 {
			fields = append(fields, "share_class", fmt.Sprint(class)+strings.Repeat("é", 89), "amount", "123456789012345", "percentage", "0.1234")
		}
		e.enter(fields...)
	}
	shown, at := 0, e.about("/review")
	for at != "" {
		p := e.get(at).shows(http.StatusOK).says("60 entries", "Send all 60 entries")
		if len(p.body) > 100_000 {
			t.Errorf("%s has %d bytes", at, len(p.body))
		}
		shown, at = shown+strings.Count(p.body, "<h3><bdi>"), ""
		for _, next := range p.elements("a").with("rel", "next") {
			at = strings.TrimPrefix(next.attrs["href"], "/onboarding")
		}
	}
	if shown != 60 {
		t.Errorf("the pages show %d entries, want 60", shown)
	}
}

func TestTotalsLeaveOutWhoIsNoLongerListed(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	gone := e.enter("family_name", "Gone", "roles", "SHAREHOLDER", "share_class", "A", "percentage", "40")
	if _, err := e.w.pool.Exec(t.Context(), "update associates set status = 'removed', submitted_at = now(), profile_id = id where id = $1", gone); err != nil {
		t.Fatal(err)
	}
	for _, share := range []string{"33.3333", "33.3333", "33.3334"} {
		e.enter("family_name", "Hopper "+uuid.NewString(), "roles", "SHAREHOLDER", "share_class", "A", "percentage", share)
	}
	e.get(e.about("/review")).shows(http.StatusOK).says("Shareholder: 100% in all")
}

// Whoever reads German reads numbers, days and countries as Germans write them.
func TestReviewSpeaksTheLanguage(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).entering("ada@example.com")
	id := e.enter("family_name", "Hopper", "date_of_birth", "1906-12-09", "nationality", "AUT",
		"roles", "SHAREHOLDER", "share_class", "A", "percentage", "12.5", "amount", "1000")
	e.language = "de"
	e.get(e.about("/review")).shows(http.StatusOK, "associates.review_title").
		says("9. Dezember 1906", "Österreich", "A · Zahl: 1.000 · 12,5\u00a0%", "Anteilseignerin oder Anteilseigner: zusammen 12,5\u00a0%", "Hinter <bdi>Ihrem Unternehmen")
	if got := e.get(e.about("/" + id)).value("shareholdings-0-percentage"); got != "12,5" {
		t.Errorf("the form shows %q, want 12,5", got)
	}
}
