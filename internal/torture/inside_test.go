package torture

import (
	"flag"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portal/internal/localpg"
)

// How much is done; rapid's own flags -rapid.checks and -rapid.seed say how many runs a lane makes, and which.
var lanes = flag.Int("torture.lanes", 2, "runs of the inside gear at once")

// Sixty runs where nobody says otherwise; make torture makes thousands.
func init() {
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
}

// Whatever fails, dies, comes late or twice: the promises hold.
func TestInside(t *testing.T) {
	t.Parallel()
	for range *lanes {
		t.Run("lane", func(t *testing.T) {
			t.Parallel()
			bench, began := &Bench{Pool: localpg.New(t), Keys: newKeys(t)}, time.Now()
			var runs, linked, holdings, listed, marks, conflicts, given, asked, replaced atomic.Int64
			rapid.Check(t, func(rt *rapid.T) {
				o, err := bench.Run(rt.Context(), choices(rt))
				if err != nil {
					rt.Fatal(err)
				}
				if len(o.Violations) > 0 {
					rt.Fatalf("%s\nwhat had happened:\n%s", strings.Join(o.Violations, "\n"), strings.Join(o.Story, "\n"))
				}
				runs.Add(1)
				linked.Add(int64(o.Linked))
				holdings.Add(int64(o.Holdings))
				listed.Add(int64(o.Listed))
				marks.Add(int64(o.Marks))
				conflicts.Add(int64(o.Conflicts))
				given.Add(int64(o.Exam.Given))
				asked.Add(int64(o.Exam.Asked))
				replaced.Add(int64(o.Exam.Replaced))
			})
			t.Logf("%d runs in %s; %d associates linked with %d shareholdings, %d entries on lists, %d marks of strangers kept, %d writes made again after a 412; "+
				"%d documents given, %d checks asked for, %d pictures replaced",
				runs.Load(), time.Since(began).Round(time.Millisecond), linked.Load(), holdings.Load(), listed.Load(), marks.Load(), conflicts.Load(),
				given.Load(), asked.Load(), replaced.Load())
		})
	}
}

// choices are rapid's, so that it can shrink them, drawn bit by bit: its numbers tend to be small, and then little goes
// wrong.
func choices(rt *rapid.T) Chooser {
	bits := rapid.SliceOfN(rapid.Bool(), 12, 12)
	return func(n int, what string) int {
		c := 0
		for _, set := range bits.Draw(rt, what) {
			c <<= 1
			if set {
				c++
			}
		}
		return c % n
	}
}
