package bench

import (
	"errors"
	"strings"
	"testing"
	"time"

	"portal/internal/bench/load"
	"portal/internal/bench/process"
)

// report is of a soak in which nothing went wrong.
func report() soakReport {
	return soakReport{
		length: time.Hour, requests: 1000, times: load.Times{time.Millisecond}, diary: &process.Diary{},
		samples: soaked(time.Hour, 1, func(*sample, float64) {}),
	}
}

func TestASoakIsJudgedByEverything(t *testing.T) {
	t.Parallel()
	if err := report().verdict(); err != nil {
		t.Errorf("nothing was wrong: %v", err)
	}
	failed, cause := report(), errors.New("answered with status 500")
	failed.failed, failed.cause = 1, cause
	if err := failed.verdict(); !errors.Is(err, cause) {
		t.Errorf("one of a thousand failed: %v", err)
	}
	logged := report()
	logged.diary.Note([]byte(`{"level":"ERROR","msg":"out of luck"}`))
	if err := logged.verdict(); !errors.Is(err, errLogged) {
		t.Errorf("an error in the log: %v", err)
	}
	grown := report()
	for i := range grown.samples {
		grown.samples[i].goroutines += float64(i)
	}
	if err := grown.verdict(); !errors.Is(err, errNotFlat) || !strings.Contains(err.Error(), "goroutines") {
		t.Errorf("goroutines without an end: %v", err)
	}
}

func TestASoaksTableIsShortHoweverLongItTakes(t *testing.T) {
	t.Parallel()
	r := report()
	for i := range r.samples {
		r.samples[i].live, r.samples[i].goroutines = float64(i)*(1<<18), 600
	}
	r.diary.Note([]byte("panic: out of luck"))
	var text strings.Builder
	if err := r.write(&text); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(text.String(), "\n"); lines != 1+soakLines+2+len(holdings)+2 {
		t.Errorf("%d lines:\n%s", lines, &text)
	}
	for _, want := range []string{
		"1h0m0s", "live heap MB: 67.5 in the second quarter, 157.5 in the last: NOT FLAT", "goroutines: 600.0 in the second quarter, 600.0 in the last: flat",
		"1 lines of log, 0 with warnings, 1 with errors\npanic: out of luck\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing:\n%s", want, &text)
		}
	}
}

func TestAShortSoakIsNotJudgedByWhatGrows(t *testing.T) {
	t.Parallel()
	r := report()
	r.samples = r.samples[:fewest-1]
	var text strings.Builder
	if err := r.write(&text); err != nil || !strings.Contains(text.String(), "goroutines: the time was too short to judge\n") {
		t.Errorf("%v\n%s", err, &text)
	}
}
