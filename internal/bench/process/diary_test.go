package process

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestADiaryKeepsTheEndAndWhatIsWrong(t *testing.T) {
	t.Parallel()
	var d Diary
	one, two := d.writer(), d.writer()
	write := func(w io.Writer, text string) {
		t.Helper()
		if n, err := io.WriteString(w, text); n != len(text) || err != nil {
			t.Fatal(n, err)
		}
	}
	write(one, `{"time":"2026-01-02T03:04:05.678901234Z","level":"ER`)
	write(two, `{"time":"2026-01-02T03:04:05.678901234Z","level":"INFO","msg":"\"level\":\"ERROR\" is what somebody has typed"}`+"\n")
	write(one, `ROR","msg":"a"}`+"\n"+`{"time":"2026-01-02T03:04:05.678901234Z","level":"WARN","msg":"b"}`+"\npanic: c\n")
	for i := range 5000 {
		write(two, fmt.Sprintf(`{"level":"INFO","n":%d}`+"\n", i))
	}
	if got, want := d.String(), "5004 lines of log, 1 with warnings, 2 with errors"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	_, errors := d.Errors()
	if diff := cmp.Diff([]string{`{"time":"2026-01-02T03:04:05.678901234Z","level":"ERROR","msg":"a"}`, "panic: c"}, errors); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	end := strings.Split(strings.TrimSpace(d.end()), "\n")
	if len(end) != keptLast || end[0] != `{"level":"INFO","n":4800}` || end[keptLast-1] != `{"level":"INFO","n":4999}` {
		t.Errorf("%d lines, from %s to %s", len(end), end[0], end[len(end)-1])
	}
}

func TestADiaryIsFullOfErrorsAtSomeTime(t *testing.T) {
	t.Parallel()
	var d Diary
	for range 3 * keptWrong {
		d.Note([]byte("panic"))
	}
	if n, kept := d.Errors(); n != 3*keptWrong || len(kept) != keptWrong {
		t.Errorf("%d errors, %d of them kept", n, len(kept))
	}
}

func TestAProgramWritesInADiary(t *testing.T) {
	t.Parallel()
	var d Diary
	c := shell(t, "echo out of luck >&2; exit 3")
	c.Log, c.Diary = "", &d
	p, err := Start(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Await(t.Context(), "http://127.0.0.1:1/readyz"); err == nil || !strings.Contains(err.Error(), "out of luck") {
		t.Errorf("it does not say why the program ended: %v", err)
	}
	if n, _ := d.Errors(); n != 1 {
		t.Errorf("%d errors", n)
	}
}
