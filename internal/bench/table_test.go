package bench

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTableIsAlignedAndLeavesOutWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	rows := []Row{
		{Name: "page: nginx", Figures: Figures{PerSecond: 46760.4, P50: 130 * time.Microsecond, P99: 12345 * time.Microsecond, Resident: 15 << 20}},
		{
			Name: "page: portal", Compared: "0.37 of nginx", Promises: []Promise{{"≥ 0.6", false}, {"p99 < 5ms", true}},
			Figures: Figures{PerSecond: 17318, P50: 3530 * time.Microsecond, CPU: 105 * time.Microsecond, Allocations: 150.4, Allocated: 13619},
		},
	}
	want := `              requests/s  p50 ms  p99 ms  CPU µs  allocs  bytes  memory MB  compared       promised
page: nginx        46760    0.13      12                              15.0
page: portal       17318    3.53             105     150  13619             0.37 of nginx  ≥ 0.6: not held; p99 < 5ms: held
`
	var got strings.Builder
	if err := WriteTable(&got, rows); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOneBrokenPromiseIsEnough(t *testing.T) {
	t.Parallel()
	held := Row{Promises: []Promise{{"a", true}}}
	broken := Row{Promises: []Promise{{"a", true}, {"b", false}}}
	if !Held([]Row{{}, held}) || Held([]Row{held, broken}) {
		t.Error("misjudged")
	}
}
