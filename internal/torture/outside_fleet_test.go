package torture

import "testing"

func TestFleetIsAbleWithASweeperAndADatabase(t *testing.T) {
	t.Parallel()
	f := &fleet{diary: newDiary(), database: true}
	change := func(sweepers int) { f.changed(func() { f.sweepers += sweepers }) }
	if change(0); !f.ableSince().IsZero() {
		t.Error("able without a sweeper")
	}
	change(1)
	first := f.ableSince()
	if first.IsZero() {
		t.Error("not able with a sweeper")
	}
	if change(1); f.ableSince() != first {
		t.Error("a second sweeper began the time anew")
	}
	if f.databaseIs(false); !f.ableSince().IsZero() {
		t.Error("able without a database")
	}
	if f.databaseIs(true); !f.ableSince().After(first) {
		t.Error("the time did not begin anew after an outage")
	}
}

func TestWorkersAndServersSweepUnlessTold(t *testing.T) {
	t.Parallel()
	for _, layout := range layouts {
		sweepers, doors := 0, 0
		for _, args := range layout {
			sweepers += (&berth{args: args}).sweepers()
			if args[0] == "serve" {
				doors++
			}
		}
		if sweepers == 0 || doors == 0 {
			t.Errorf("%v cannot do its work", layout)
		}
	}
}
