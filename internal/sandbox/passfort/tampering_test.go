package passfort_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"portal/internal/sandbox/passfort"
)

// leaf is a value inside of a saved account, and how to put another in its place.
type leaf struct {
	value any
	put   func(value any)
}

// leaves are all values inside.
func leaves(v any) []leaf {
	var found []leaf
	add := func(inside any, put func(value any)) {
		found = append(append(found, leaf{inside, put}), leaves(inside)...)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			add(v[name], func(value any) { v[name] = value })
		}
	case []any:
		for i := range v {
			add(v[i], func(value any) { v[i] = value })
		}
	}
	return found
}

// wreck puts something else in the place of one value: mostly of the same kind, perhaps what stands elsewhere.
func wreck(rt *rapid.T, state map[string]any) {
	all := leaves(state)
	at := rapid.SampledFrom(all).Draw(rt, "at")
	instead := rapid.SampledFrom(all).Draw(rt, "instead").value
	if fmt.Sprintf("%T", at.value) != fmt.Sprintf("%T", instead) || rapid.Bool().Draw(rt, "any") {
		values := map[string][]any{
			"string": {"", "none", "COMPLETED", "EXPIRED", "2026-03-01T12:00:00Z", "9999-12-31T23:59:59Z"},
			"number": {0, -1, 1 << 60}, "list": {[]any{}, []any{nil}, nil}, "object": {map[string]any{}, map[string]any{"id": 1}, nil},
		}
		kind := map[string]string{"string": "string", "float64": "number", "[]interface {}": "list"}[fmt.Sprintf("%T", at.value)]
		instead = rapid.SampledFrom(values[cmp.Or(kind, "object")]).Draw(rt, "value")
	}
	at.put(copied(rt, instead))
}

// copied is a value that shares nothing with the original.
func copied(rt *rapid.T, v any) (c any) {
	raw, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		rt.Fatal(err)
	}
	return c
}

func TestTamperedAccountIsRefusedOrWorks(t *testing.T) {
	t.Parallel()
	a := openWith(t, func(c *passfort.Config) { c.Options.RatePerHour = -1 })
	saved := full(t)
	rapid.Check(t, func(rt *rapid.T) {
		a.clock.Reset()
		file := tampered(t, saved, func(state map[string]any) {
			for range rapid.IntRange(1, 3).Draw(rt, "changes") {
				wreck(rt, state)
			}
		})
		if a.Load(file) != nil {
			return
		}
		readAll(t, a)
		a.advance(t, 20*day)
		useAll(t, a)
		a.advance(t, 100*day)
		again, err := a.Save()
		if err != nil {
			rt.Fatal(err)
		}
		if err := a.Load(again); err != nil {
			rt.Errorf("what was loaded and saved is refused: %v\n%s", err, file)
		}
	})
}

// readAll reads everything that the API and the frame show.
func readAll(t *testing.T, a *account) {
	t.Helper()
	for _, o := range a.Overviews(100) {
		if _, err := a.Detail(o.ID); err != nil {
			t.Fatal(err)
		}
		if r := a.api(t, "GET", "/4.0/profiles/"+o.ID, ""); r.status != http.StatusOK {
			t.Fatalf("reading profile %q: %d %s", o.ID, r.status, r.raw)
		}
	}
	noFault(t, a.api(t, "GET", "/4.0/profiles?q=a", ""))
	var all struct {
		State struct {
			Requests []struct{ ID, APIKey string }
		}
	}
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(saved, &all); err != nil {
		t.Fatal(err)
	}
	for _, req := range all.State.Requests {
		f := frame{account: a, id: req.ID, key: req.APIKey}
		r := f.call(t, "GET", "", "")
		noFault(t, r)
		if r.status == http.StatusOK {
			for _, form := range asShown(t, r).Forms {
				noFault(t, f.call(t, "POST", "/forms/"+form.ID, alex.body(t)))
				noFault(t, f.call(t, "PUT", "/forms/"+form.ID+"/documents/identity_document/FRONT", pixel))
			}
		}
	}
}
