package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

// again is a form that was saved once, to which the browser's Back has led.
type again struct {
	entering
	id string
}

func (a again) save(fields ...string) page {
	a.w.t.Helper()
	return a.post("/associates", slices.Concat([]string{"registration", a.registration, "id", a.id, "roles", "DIRECTOR"}, fields)...)
}

// answer presses the button of a question about what was typed.
func (a again) answer(p page, answer string, fields ...string) page {
	a.w.t.Helper()
	return a.save(slices.Concat(fields, []string{"asked", p.hidden("asked"), "version", p.hidden("version"), "answer", answer})...)
}

func usedAgain(t *testing.T) again {
	t.Helper()
	a := again{newWorld(t, wanted{}).entering("ada@example.com"), uuid.NewString()}
	for range 2 {
		a.save("family_name", "Hopper").leads(a.about("", "done", "added"))
	}
	return a
}

func TestFormThatIsUsedAgainAsksWhetherToChangeOrAdd(t *testing.T) {
	t.Parallel()
	for _, typed := range [][]string{{"family_name", "Lovelace"}, {"family_name", "Hopper", "date_of_birth", "1990-01-02"}} {
		a := usedAgain(t)
		p := a.save(typed...).shows(http.StatusConflict, "associates.again").says("You have entered Hopper with this form before")
		if got, want := p.answers(), []string{"change", "another"}; !slices.Equal(got, want) {
			t.Fatalf("answers %v, want %v", got, want)
		}
		if p.value("family_name") != typed[1] {
			t.Error("what was typed is not kept")
		}
		a.save(append(typed, "asked", p.hidden("asked"))...).shows(http.StatusConflict, "error.associate_answer")
		if n := a.w.count("select count(*) from associates where version = 1"); n != 1 {
			t.Errorf("%d entries as they were, want 1", n)
		}
	}
}

func TestAnswerToAFormUsedAgainHasOneEffect(t *testing.T) {
	t.Parallel()
	a := usedAgain(t)
	p := a.save("family_name", "Lovelace")
	for range 2 {
		a.answer(p, "another", "family_name", "Lovelace").leads(a.about("", "done", "added"))
	}
	a.get(a.about("")).says("Hopper", "Lovelace")
	p = a.save("family_name", "Hopper", "date_of_birth", "1990-01-02")
	for range 2 {
		a.answer(p, "change", "family_name", "Hopper", "date_of_birth", "1990-01-02").leads(a.about("", "done", "changed"))
	}
	if n := a.w.count("select count(*) from associates"); n != 2 {
		t.Errorf("%d entries, want 2", n)
	}
	if got := a.get(a.about("/" + a.id)).value("date_of_birth"); got != "1990-01-02" {
		t.Errorf("born on %q", got)
	}
}

func TestChangeByAFormUsedAgainDoesNotOverwriteWhatItHasNotShown(t *testing.T) {
	t.Parallel()
	a := usedAgain(t)
	p := a.save("family_name", "Hopper", "given_names", "Grace")
	a.post("/associates/"+a.id, "registration", a.registration, "family_name", "Hopper", "given_names", "Brewster", "roles", "DIRECTOR").leads(a.about("", "done", "changed"))
	stale := a.answer(p, "change", "family_name", "Hopper", "given_names", "Grace").shows(http.StatusConflict, "associates.stale_title")
	if stale.value("given_names") != "Grace" {
		t.Error("what was typed is not kept")
	}
	if got := a.get(a.about("/" + a.id)).value("given_names"); got != "Brewster" {
		t.Errorf("overwritten: %q", got)
	}
}

func TestFormOfWhatWasSentCanOnlyAddAnother(t *testing.T) {
	t.Parallel()
	a := usedAgain(t)
	a.post("/associates/submit", "registration", a.registration)
	p := a.save("family_name", "Lovelace").shows(http.StatusConflict, "associates.again").says("and it has been sent")
	if got := p.answers(); !slices.Equal(got, []string{"another"}) {
		t.Errorf("answers %v", got)
	}
	a.answer(p, "change", "family_name", "Lovelace").shows(http.StatusConflict, "associates.again")
	a.answer(p, "another", "family_name", "Lovelace").leads(a.about("", "done", "added"))
}

// Whoever comes second is asked, even where both came before either was there.
func TestFormSentTwiceAtOnceDoesNotOverwrite(t *testing.T) {
	t.Parallel()
	a := again{newWorld(t, wanted{}).entering("ada@example.com"), uuid.NewString()}
	var saved, asked atomic.Int32
	var presses sync.WaitGroup
	for i := range 8 {
		presses.Go(func() {
			switch p := a.save("family_name", fmt.Sprint("Hopper ", i)); p.status {
			case http.StatusSeeOther:
				saved.Add(1)
			case http.StatusConflict:
				asked.Add(1)
			}
		})
	}
	presses.Wait()
	if saved.Load() != 1 || asked.Load() != 7 {
		t.Errorf("%d saved and %d asked, want 1 and 7", saved.Load(), asked.Load())
	}
}
