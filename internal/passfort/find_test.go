package passfort_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
)

// register is a list of profiles as the API might show it, in whatever order a test gives it.
type register struct {
	listed   []listed
	knowsRef bool // q matches references
	perPage  int  // fewer than asked for, if positive
	broken   string
	pages    int // asked for
	read     []string
}

type listed struct {
	ID   string `json:"id"`
	Role string `json:"role,omitempty"`
	Date string `json:"creation_date,omitempty"`
	ref  string
}

func (g *register) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/4.0/profiles")
	switch {
	case g.broken != "" && strings.Contains(r.URL.String(), g.broken):
		w.WriteHeader(http.StatusNotFound)
	case path == "":
		g.list(w, r)
	default:
		id := strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/collected_data")
		g.read = append(g.read, id)
		i := slices.IndexFunc(g.listed, func(l listed) bool { return l.ID == id })
		_ = json.NewEncoder(w).Encode(map[string]any{"entity_type": "COMPANY", "customer_ref": g.listed[i].ref})
	}
}

func (g *register) list(w http.ResponseWriter, r *http.Request) {
	all := g.listed
	q := r.URL.Query()
	if ref := q.Get("q"); ref != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(l listed) bool { return !g.knowsRef || l.ref != ref })
	} else {
		g.pages++
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	if g.perPage > 0 {
		limit = g.perPage
	}
	all = all[min(offset, len(all)):min(offset+limit, len(all))]
	_ = json.NewEncoder(w).Encode(map[string]any{"results": append([]listed{}, all...), "hidden": 0})
}

// others are n profiles of the stub's role, the first created at a time and each next one so much later.
func others(n int, first time.Time, step time.Duration) []listed {
	list := make([]listed, n)
	for i := range list {
		list[i] = listed{ID: fmt.Sprintf("other-%d", i), Role: string(stub.Role), Date: date(first.Add(time.Duration(i) * step))}
	}
	return list
}

func date(t time.Time) string { return t.Format("2006-01-02 15:04:05") }

var ours = listed{ID: "ours", Role: string(stub.Role), Date: date(since.Add(time.Minute)), ref: stub.CustomerRef}

func TestFindProfileFindsExactlyOurs(t *testing.T) {
	t.Parallel()
	old := others(450, since.Add(-time.Hour), -time.Minute) // newest first
	oldestFirst := slices.Clone(old)
	slices.Reverse(oldestFirst)
	for name, g := range map[string]*register{
		"by search":         {listed: append(slices.Clone(old), ours), knowsRef: true},
		"newest first":      {listed: append([]listed{ours}, old...)},
		"oldest first":      {listed: append(oldestFirst, ours)},
		"in the middle":     {listed: slices.Insert(slices.Clone(old), 199, ours)},
		"small pages":       {listed: append(oldestFirst, ours), perPage: 50},
		"no dates, no role": {listed: []listed{{ID: "x", ref: "not-" + stub.CustomerRef}, {ID: "ours", ref: stub.CustomerRef}}},
		"strange dates":     {listed: []listed{{ID: "ours", Date: "yesterday", ref: stub.CustomerRef}}},
		"clock behind":      {listed: []listed{{ID: "ours", Date: date(since.Add(-4 * time.Minute)), ref: stub.CustomerRef}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := client(t, g).FindProfile(t.Context(), stub, since, nobodys)
			if id != "ours" || err != nil {
				t.Errorf("got %q, %v", id, err)
			}
		})
	}
}

func TestFindProfileSaysNotFoundAfterACompleteLookUp(t *testing.T) {
	t.Parallel()
	individual := ours
	individual.Role = string(onboarding.IndividualCustomer)
	for name, test := range map[string]struct {
		register
		pages int
	}{
		"empty":                   {register{}, 1},
		"newest first ends early": {register{listed: others(900, since.Add(-time.Hour), -time.Minute)}, 1},
		"oldest first, to the end": {
			register{listed: others(900, since.Add(-1000*time.Hour), time.Minute)}, 6,
		},
		"one date shows no order":  {register{listed: others(300, since.Add(-time.Hour), 0)}, 3},
		"other reference":          {register{listed: []listed{{ID: "x", ref: strings.ToUpper(stub.CustomerRef)}}}, 2},
		"other role":               {register{listed: []listed{individual}}, 2},
		"from before the look-up":  {register{listed: []listed{{ID: "x", Date: date(since.Add(-time.Hour)), ref: stub.CustomerRef}}}, 2},
		"an unknown date, no stop": {register{listed: append(others(210, since.Add(-time.Hour), -time.Minute), listed{ID: "x"})}, 1},
		"an unknown date at once":  {register{listed: append([]listed{{ID: "x"}}, others(210, since.Add(-time.Hour), -time.Minute)...)}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client(t, &test.register).FindProfile(t.Context(), stub, since, nobodys)
			wantKind(t, err, onboarding.NotFound)
			if test.register.pages != test.pages {
				t.Errorf("%d pages read, want %d", test.register.pages, test.pages)
			}
		})
	}
}

func TestFindProfileAdmitsAnIncompleteLookUp(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]*register{
		"too many pages":      {listed: others(10_001, since.Add(-1000*time.Hour), time.Second)},
		"too many candidates": {listed: others(101, since, time.Second)},
		"no list":             {broken: "offset=0"},
		"no later page":       {broken: "offset=200", listed: others(300, since.Add(-1000*time.Hour), time.Minute)},
		"no search":           {broken: "q="},
		"unreadable one":      {broken: "other-1/", listed: others(3, since, time.Second)},
		"nameless one":        {listed: []listed{{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client(t, g).FindProfile(t.Context(), stub, since, nobodys)
			wantKind(t, err, onboarding.Busy)
		})
	}
}

func TestFindProfileReadsEachCandidateOnce(t *testing.T) {
	t.Parallel()
	g := &register{listed: others(60, since, time.Second), perPage: 25}
	g.listed = append(g.listed, g.listed...)
	_, err := client(t, g).FindProfile(t.Context(), stub, since, nobodys)
	wantKind(t, err, onboarding.NotFound)
	if len(g.read) != 60 {
		t.Errorf("%d profiles read, want 60", len(g.read))
	}
}

// nobodys knows of no candidate that it is somebody else's.
func nobodys(context.Context, []onboarding.ProfileID) ([]onboarding.ProfileID, error) {
	return nil, nil
}

func TestProfilesOfOthersCostNoRead(t *testing.T) {
	t.Parallel()
	busy := others(1000, since.Add(time.Minute), time.Second)
	g := &register{listed: append(busy, ours)}
	taken := func(_ context.Context, ids []onboarding.ProfileID) ([]onboarding.ProfileID, error) {
		return slices.DeleteFunc(slices.Clone(ids), func(id onboarding.ProfileID) bool { return id == "ours" }), nil
	}
	id, err := client(t, g).FindProfile(t.Context(), stub, since, taken)
	if err != nil || id != "ours" || len(g.read) != 1 {
		t.Errorf("%s, %v, after %d reads; want ours after one", id, err, len(g.read))
	}
}
