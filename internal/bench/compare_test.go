package bench

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portal/internal/bench/bare"
	"portal/internal/bench/load"
)

// one and two portals are the last, and the bare handler is the first.
func TestPortalIsComparedWithEverybodyAndTwoWithOne(t *testing.T) {
	t.Parallel()
	c := comparison{name: "page", part: 0.6, isPage: true}
	rows := c.rows(
		[]contestant{{name: "net/http"}, {name: "nginx"}, {name: "portal"}, {name: "two portals"}},
		[]Figures{{PerSecond: 1000}, {PerSecond: 2000}, {PerSecond: 599, P99: 4 * time.Millisecond}, {PerSecond: 1198}},
	)
	want := []Row{
		{Name: "page: net/http"},
		{Name: "page: nginx"},
		{Name: "page: portal", Compared: "0.60 of net/http, 0.30 of nginx", Promises: []Promise{{"≥ 0.6", false}, {"p99 < 5ms", true}}},
		{Name: "page: two portals", Compared: "2.00 of one"},
	}
	for i := range rows {
		rows[i].Figures = Figures{}
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestStartsAreJudgedByWhatThePortalAdds(t *testing.T) {
	t.Parallel()
	alone, slow := load.Times{200 * time.Millisecond}, load.Times{216 * time.Millisecond}
	if rows := startRows("slow", alone, slow, Figures{}); Held(rows) {
		t.Errorf("16 ms more are promised: %+v", rows)
	}
	if rows := startRows("slow", alone, load.Times{215 * time.Millisecond}, Figures{}); !Held(rows) {
		t.Errorf("15 ms more are not promised: %+v", rows)
	}
}

func TestNginxAddsTheHeadersItDoesNotWriteItself(t *testing.T) {
	t.Parallel()
	got := nginxHeaders(bare.Page{Header: map[string][]string{
		"Content-Type": {"text/html"}, "Content-Length": {"12"}, "Vary": {"Cookie", `a "b" \`}, "Content-Encoding": {"zstd"},
	}})
	want := "add_header Content-Encoding \"zstd\";\n        add_header Vary \"Cookie\";\n        add_header Vary \"a \\\"b\\\" \\\\\";\n        "
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWebhooksAreAllDifferentAndOfOneLength(t *testing.T) {
	t.Parallel()
	next, seen := webhooksTo("/webhooks"), map[string]bool{}
	length := len(next(nil, 0))
	for range 100 {
		text := string(next(nil, 0)) // whatever number a load gives it
		if seen[text] || len(text) != length {
			t.Fatalf("again, or of another length: %s", text)
		}
		seen[text] = true
	}
}
