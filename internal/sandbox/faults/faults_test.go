package faults_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/faults"
)

func TestAddNumbersRules(t *testing.T) {
	t.Parallel()
	rules := faults.New()
	for want := 1; want <= 3; want++ {
		r, err := rules.Add(faults.Rule{ID: 70, Kind: faults.Hang})
		if err != nil || r.ID != want {
			t.Errorf("rule %d, %v, want rule %d", r.ID, err, want)
		}
	}
	if err := rules.Delete(3); err != nil {
		t.Error(err)
	}

	r, err := rules.Add(faults.Rule{Kind: faults.Hang})

	if err != nil || r.ID != 4 {
		t.Errorf("rule %d, %v; an id must not be given twice", r.ID, err)
	}
}

func TestReportsAreFlatJSON(t *testing.T) {
	t.Parallel()
	s := newService()
	s.order(t, faults.Rule{Method: "POST", Path: "/4.0", Kind: faults.Status, Status: 429, Count: 5})
	s.order(t, faults.Rule{When: faults.After, Kind: faults.Garbage})
	s.post("/4.0/profiles")

	got, err := json.Marshal(s.All())

	want := `[{"id":1,"method":"POST","path":"/4.0","when":"before","kind":"status","status":429,"retry_after_s":1,"count":5,"struck":1},` +
		`{"id":2,"when":"after","kind":"garbage","garbage":"malformed","struck":0}]`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestDeleteEndsTheCallsOfItsRuleOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		one := s.order(t, faults.Rule{Path: "/one", Kind: faults.Hang})
		s.order(t, faults.Rule{Path: "/two", Kind: faults.Hang})
		ended := make(chan string, 2)
		for _, path := range []string{"/one", "/two"} {
			go func() {
				if status, _ := s.post(path); status == 0 {
					ended <- path
				}
			}()
		}
		synctest.Wait()

		if err := s.Delete(one.ID); err != nil {
			t.Error(err)
		}
		synctest.Wait()

		if len(ended) != 1 || <-ended != "/one" {
			t.Error("deleting the first rule did not end its call, or not only its call")
		}
		if status, _ := s.post("/one"); status != http.StatusTeapot {
			t.Errorf("afterwards: status %d", status)
		}
		if left := s.All(); len(left) != 1 || left[0].Path != "/two" {
			t.Errorf("in force: %+v", left)
		}
		s.Clear()
	})
}

func TestDeleteKnowsOnlyRulesInForce(t *testing.T) {
	t.Parallel()
	s := newService()
	s.order(t, faults.Rule{Kind: faults.Hang})
	if err := s.Delete(1); err != nil {
		t.Error(err)
	}

	for _, id := range []int{1, 0, -1, 2} {
		if err := s.Delete(id); !errors.Is(err, faults.ErrNotFound) {
			t.Errorf("rule %d: %v, want ErrNotFound", id, err)
		}
	}
}

func TestClearEndsEveryCallThatIsHeldUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.order(t, faults.Rule{Path: "/hang", Kind: faults.Hang})
		s.order(t, faults.Rule{Path: "/slow", Kind: faults.Slow, DelayMS: 60_000})
		began := time.Now()
		go s.post("/hang")
		go s.post("/slow")
		synctest.Wait()

		s.Clear()

		<-s.ended
		<-s.ended
		if took := time.Since(began); took != 0 || s.calls.Load() != 1 {
			t.Errorf("they were held up for %v, %d effects", took, s.calls.Load())
		}
	})
}

func TestResetForgetsEffectsStillToCome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.order(t, faults.Rule{When: faults.Later, Kind: faults.Status, DelayMS: 100, Count: 1})
		s.post("/")

		s.Reset()

		time.Sleep(time.Second)
		if got := s.calls.Load(); got != 0 {
			t.Errorf("%d effects, want none", got)
		}
	})
}

func TestLoadContinuesWhereAllLeftOff(t *testing.T) {
	t.Parallel()
	before := newService()
	before.order(t, faults.Rule{Kind: faults.Hang})
	before.order(t, faults.Rule{Kind: faults.Status, Status: 500, Count: 3})
	before.order(t, faults.Rule{Path: "/4.0", Kind: faults.Garbage, Garbage: faults.HTML})
	if err := before.Delete(1); err != nil {
		t.Fatal(err)
	}
	before.fates(2)
	file, err := json.Marshal(before.All())
	if err != nil {
		t.Fatal(err)
	}
	var saved []faults.Report
	if err := json.Unmarshal(file, &saved); err != nil {
		t.Fatal(err)
	}

	after := newService()
	after.order(t, faults.Rule{Kind: faults.Reset})
	err = after.Load(saved)

	if diff := cmp.Diff(before.All(), after.All()); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if got := after.fates(3); got != "x.." {
		t.Errorf("fates %s, want one more of three faults", got)
	}
	if next := after.order(t, faults.Rule{Kind: faults.Hang}); next.ID != 4 {
		t.Errorf("the next rule is %d, want 4", next.ID)
	}
}

func TestLoadChangesNothingIfAReportCannotBeUsed(t *testing.T) {
	t.Parallel()
	good := faults.Report{Rule: faults.Rule{ID: 5, Kind: faults.Hang}}
	for name, bad := range map[string]faults.Report{
		"no id":           {Rule: faults.Rule{Kind: faults.Hang}},
		"an id again":     {Rule: faults.Rule{ID: 5, Kind: faults.Hang}},
		"an enormous id":  {Rule: faults.Rule{ID: 1 << 40, Kind: faults.Hang}},
		"no kind":         {Rule: faults.Rule{ID: 6}},
		"negative struck": {Rule: faults.Rule{ID: 6, Kind: faults.Hang}, Struck: -1},
	} {
		s := newService()
		s.order(t, faults.Rule{Kind: faults.Reset})
		held := s.All()
		if err := s.Load([]faults.Report{good, bad}); err == nil {
			t.Errorf("%s: was accepted", name)
		}
		if diff := cmp.Diff(held, s.All()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
