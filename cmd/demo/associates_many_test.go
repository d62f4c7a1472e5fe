package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// mostPage is how large a page may be, in bytes as they are before any compression.
const mostPage = 100_000

func TestListOfFiveHundredAssociatesHasSmallPages(t *testing.T) {
	t.Parallel()
	const many, atOnce = 500, 4
	w := ownWorld(t)
	c := w.registered(t)
	names := make(chan string, many)
	for i := range many {
		names <- fmt.Sprintf("%03d Wolter-Falk", i)
	}
	close(names)
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for name := range names {
				c.enterPatiently(t, director(name))
			}
		})
	}
	all.Wait()
	c.leaf(t, "/onboarding/associates", many)
}

// enterPatiently enters somebody through the API, and waits as long as the API says where it is called too often.
func (r registered) enterPatiently(t *testing.T, somebody map[string]any) {
	for {
		h, err := r.world.tryAPI(t, http.MethodPost, r.associates(), somebody)
		if err != nil || h.status != http.StatusCreated && h.status != http.StatusTooManyRequests {
			t.Errorf("status %d, %v: %s", h.status, err, h.body)
			return
		}
		if h.status == http.StatusCreated {
			return
		}
		select {
		case <-time.After(h.wait):
		case <-t.Context().Done():
			return
		}
	}
}

// leaf goes through the pages of a list or a review, of which there must be several, and checks how many entries they have.
func (v *visitor) leaf(t *testing.T, path string, want int) {
	t.Helper()
	entries, pages := 0, 0
	for at := path; ; pages++ {
		p := v.get(at).small(t)
		entries += strings.Count(p.html, "Wolter-Falk</bdi>")
		if !strings.Contains(p.html, `rel="next"`) {
			break
		}
		at = p.link(t, "Next page")
	}
	if entries != want || pages == 0 {
		t.Errorf("%s has %d entries after %d further pages, want %d entries", path, entries, pages, want)
	}
}

func (p view) small(t *testing.T) view {
	t.Helper()
	if len(p.html) > mostPage {
		t.Errorf("a page has %d bytes: %.200s", len(p.html), p.text())
	}
	return p
}

func TestReviewOfManyDraftsHasSmallPages(t *testing.T) {
	t.Parallel()
	const many = 60
	c := sharedWorld(t).registered(t)
	list := "/onboarding/associates?registration=" + c.id
	for i := range many {
		form := c.follow(c.get(list), "Add a person").small(t)
		c.send(form, "Save", owner(i)).says(t, "Saved. It is not sent yet.")
	}
	for _, path := range []string{list, "/onboarding/associates/review?registration=" + c.id} {
		c.leaf(t, path, many)
	}
}

// owner is somebody of whom everything is known.
func owner(i int) url.Values {
	return url.Values{
		"given_names": {fmt.Sprintf("Number %d Maria Magdalena", i)}, "family_name": {"Wolter-Falk"}, "date_of_birth": {"1970-01-01"},
		"email": {fmt.Sprintf("number-%d@shareholders.example", i)}, "nationality": {"GBR"},
		"roles":       {"DIRECTOR", "SHAREHOLDER", "CONTROLLING_SHAREHOLDER", "BENEFICIAL_OWNER", "AUTHORIZED_PERSON"},
		"share_class": {"Ordinary shares with one vote each"}, "amount": {"1000000"}, "percentage": {"1.25"},
		"appointed_on": {"2019-12-31"}, "authorized_from": {"2020-01-01"}, "authorized_to": {"2020-12-31"},
	}
}
