package passfort_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// manyForms is an account whose flow for persons has this many forms of one question each.
func manyForms(n int) *accounts.Account {
	return changed(func(d *accounts.Account) {
		d.FlowTemplates[0].Forms = nil
		for i := range n {
			alias := string(rune('a' + i))
			d.Forms = append(d.Forms, accounts.Form{Alias: alias, Title: alias, Type: accounts.UpdateData, Sections: []accounts.Section{
				{Questions: []question{{Name: alias, Label: alias, Type: accounts.Text}}},
			}})
			d.FlowTemplates[0].Forms = append(d.FlowTemplates[0].Forms, alias)
		}
	})
}

// openForms opens a request of this many forms.
func openForms(t *testing.T, n int, unknowns passfort.Options) frame {
	t.Helper()
	return openPerson(t, openWith(t, func(c *passfort.Config) { c.Account, c.Options = manyForms(n), unknowns }))
}

// end lets staff bring a form to a terminal state.
func (f frame) end(t *testing.T, form string, s passfort.State) {
	t.Helper()
	if err := f.account.SetFormState(f.id, form, s); err != nil {
		t.Fatal(err)
	}
}

func TestRequestIsSentUntilEveryFormIsTerminal(t *testing.T) {
	t.Parallel()
	f := openForms(t, 4, passfort.Options{})

	for form, s := range map[string]passfort.State{"a": passfort.Completed, "b": passfort.Expired, "d": passfort.Canceled} {
		f.end(t, form, s)
		if o := f.overview(t); o.State != passfort.Sent || f.read(t).body["is_completed"] != false {
			t.Errorf("after %s: %+v", form, o)
		}
	}
	f.end(t, "c", passfort.Completed)
	if o := f.overview(t); o.State != passfort.Completed || f.read(t).body["is_completed"] != true {
		t.Errorf("at the end: %+v", o)
	}
}

func TestSomeFormsCompletedAndTheRestExpiredIsExpired(t *testing.T) {
	t.Parallel()
	f := openForms(t, 3, passfort.Options{})
	f.end(t, "a", passfort.Completed)
	f.end(t, "c", passfort.Completed)

	f.endAs(t, passfort.Expired)

	var states []passfort.State
	for _, form := range f.overview(t).Forms {
		states = append(states, form.State)
	}
	if diff := cmp.Diff([]passfort.State{passfort.Completed, passfort.Expired, passfort.Completed}, states); diff != "" {
		t.Error(diff)
	}
	if o := f.overview(t); o.State != passfort.Expired {
		t.Errorf("the request is %s", o.State)
	}
}

func TestFormThatEndsLastDecides(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) { c.Account = manyForms(6) })
	rapid.Check(t, func(rt *rapid.T) {
		f := openPerson(t, a)
		order := rapid.Permutation([]string{"a", "b", "c", "d", "e", "f"}).Draw(rt, "order")
		canceledIs := rapid.SampledFrom([]passfort.State{passfort.Expired, passfort.Completed}).Draw(rt, "canceled_last")
		if err := a.SetOptions(passfort.Options{CanceledLast: canceledIs, RatePerHour: -1}); err != nil {
			rt.Fatal(err)
		}
		want := passfort.Sent
		for i, form := range order {
			s := rapid.SampledFrom([]passfort.State{passfort.Completed, passfort.Expired, passfort.Canceled}).Draw(rt, form)
			f.end(t, form, s)
			if want = passfort.Sent; i == len(order)-1 {
				if want = s; s == passfort.Canceled {
					want = canceledIs
				}
			}
			if got := f.overview(t).State; got != want {
				rt.Fatalf("after form %d, the request is %s, want %s", i+1, got, want)
			}
		}
	})
}

func TestCanceledLastFormIsAnUnknown(t *testing.T) {
	t.Parallel()
	for option, want := range map[passfort.State]passfort.State{
		"": passfort.Expired, passfort.Expired: passfort.Expired, passfort.Completed: passfort.Completed,
	} {
		f := openForms(t, 2, passfort.Options{CanceledLast: option})
		f.end(t, "a", passfort.Completed)
		f.end(t, "b", passfort.Canceled)
		if got := f.overview(t).State; got != want {
			t.Errorf("option %q: %s, want %s", option, got, want)
		}
	}
}

func TestTerminalFormStaysAsItIs(t *testing.T) {
	t.Parallel()
	f := openForms(t, 2, passfort.Options{})
	f.end(t, "a", passfort.Canceled)
	before := f.account.events()

	f.end(t, "a", passfort.Canceled) // the same again changes nothing
	if err := f.account.SetFormState(f.id, "a", passfort.Completed); !errors.Is(err, passfort.ErrOver) {
		t.Errorf("ending it otherwise: %v", err)
	}
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"unknown form":    {f.account.SetFormState(f.id, "none", passfort.Completed), passfort.ErrNotFound},
		"unknown request": {f.account.SetFormState("none", "a", passfort.Completed), passfort.ErrNotFound},
		"unknown state":   {f.account.SetFormState(f.id, "b", passfort.Sent), passfort.ErrInvalid},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	if diff := cmp.Diff(before, f.account.events()); diff != "" {
		t.Error(diff)
	}
}

func TestCustomerCannotAnswerAFormThatStaffCanceled(t *testing.T) {
	t.Parallel()
	f := openForms(t, 2, passfort.Options{})
	f.end(t, "a", passfort.Canceled)

	if r := f.try(t, "a", answers{"a": "x"}); r.status != 409 {
		t.Errorf("status %d: %s", r.status, r.raw)
	}
	f.submit(t, "b", answers{"b": "x"})
	f.finish(t)
	if got := f.overview(t).State; got != passfort.Completed {
		t.Errorf("the request is %s", got)
	}
}
