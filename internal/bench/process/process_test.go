package process

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDeadProgramIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	p, err := Start(shell(t, "echo out of luck >&2; exit 3"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Await(t.Context(), "http://127.0.0.1:1/readyz"); err == nil || !strings.Contains(err.Error(), "out of luck") {
		t.Errorf("it does not say why the program ended: %v", err)
	}
	if err := p.Stop(); err == nil {
		t.Error("an exit status of 3 passes for a good end")
	}
}

func TestChildrenCountForTheProcess(t *testing.T) {
	t.Parallel()
	p, err := Start(shell(t, "sleep 60 & wait"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop() }) // a signal ends it, which is no good end
	for deadline := time.Now().Add(10 * time.Second); ; {
		family, err := p.family()
		if err != nil {
			t.Fatal(err)
		}
		if len(family) == 2 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the child is missing: %+v", family)
		}
	}
	if n, err := p.Resident(); err != nil || n < 100<<10 {
		t.Errorf("two processes hold %d bytes: %v", n, err)
	}
}

func shell(t *testing.T, script string) Command {
	t.Helper()
	return Command{Path: "/bin/sh", Args: []string{"-c", script}, Env: os.Environ(), Log: filepath.Join(t.TempDir(), "log")}
}

func TestStateIsReadWhateverTheName(t *testing.T) {
	t.Parallel()
	const rest = " S 41 42 42 0 -1 4194304 9 0 0 0 120 34 5 1 20 0 9 0 5 99999 777 18446744073709551615 1 1 0"
	for _, name := range []string{"portal", "a b", "a) S 1 (b"} {
		got, err := parseStat([]byte("42 (" + name + ")" + rest))
		want := standing{pid: 42, parent: 41, cpu: 1600 * time.Millisecond, pages: 777}
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, text := range []string{"", "42 (portal) S 41", "x (portal)" + rest} {
		if _, err := parseStat([]byte(text)); err == nil {
			t.Errorf("%q is understood", text)
		}
	}
}

func TestMetricsAreReadBySeries(t *testing.T) {
	t.Parallel()
	const text = "# HELP go_goroutines Number.\ngo_goroutines 12\ngo_memstats_mallocs_total 1.5e+06\n" +
		"portal_http_requests_total{method=\"GET\",route=\"/a b\",status=\"200\"} 3\n"
	got, err := parseMetrics(strings.NewReader(text))
	want := Metrics{
		"go_goroutines": 12, "go_memstats_mallocs_total": 1.5e6, `portal_http_requests_total{method="GET",route="/a b",status="200"}`: 3,
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if _, err := parseMetrics(strings.NewReader("go_goroutines many\n")); err == nil {
		t.Error("a value that is no number is understood")
	}
}
