package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Row is a line of the table: how something did under a load, or how long it took.
type Row struct {
	Name string
	Figures
	Compared string // with what stands above it
	Promises []Promise
}

// Figures are what is measured; those that are zero are not known or make no sense.
type Figures struct {
	PerSecond   float64       // requests answered at saturation
	P50, P99    time.Duration // of an answer, at half of that
	CPU         time.Duration // of the servers for a request
	Allocations float64       // for a request
	Allocated   float64       // bytes, for a request
	Resident    int64         // bytes of memory afterwards
}

// Promise is what must hold of a row, and whether it does.
type Promise struct {
	Text string
	Held bool
}

func (p Promise) String() string {
	if p.Held {
		return p.Text + ": held"
	}
	return p.Text + ": not held"
}

// Held says whether every promise of the rows is.
func Held(rows []Row) bool {
	for _, row := range rows {
		for _, p := range row.Promises {
			if !p.Held {
				return false
			}
		}
	}
	return true
}

var heads = []string{"", "requests/s", "p50 ms", "p99 ms", "CPU µs", "allocs", "bytes", "memory MB", "compared", "promised"}

// WriteTable writes rows as a table for people.
func WriteTable(w io.Writer, rows []Row) error {
	lines := [][]string{heads}
	for _, row := range rows {
		lines = append(lines, row.cells())
	}
	widths := make([]int, len(heads))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, aligned(line, widths)); err != nil {
			return err
		}
	}
	return nil
}

// aligned puts the cells of a line below one another: figures to the right, words to the left.
func aligned(cells []string, widths []int) string {
	var text strings.Builder
	for i, cell := range cells {
		gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if words := i == 0 || i >= len(cells)-2; words {
			text.WriteString(cell + gap + "  ")
		} else {
			text.WriteString(gap + cell + "  ")
		}
	}
	return strings.TrimRight(text.String(), " ")
}

func (r Row) cells() []string {
	promises := make([]string, len(r.Promises))
	for i, p := range r.Promises {
		promises[i] = p.String()
	}
	return []string{
		r.Name, known(r.PerSecond, "%.0f"), milliseconds(r.P50), milliseconds(r.P99), known(float64(r.CPU.Nanoseconds())/1000, "%.0f"),
		known(r.Allocations, "%.0f"), known(r.Allocated, "%.0f"), known(float64(r.Resident)/(1<<20), "%.1f"),
		r.Compared, strings.Join(promises, "; "),
	}
}

// known is a figure, or nothing where there is none.
func known(figure float64, format string) string {
	if figure == 0 {
		return ""
	}
	return fmt.Sprintf(format, figure)
}

// milliseconds has two digits behind the point where they say something.
func milliseconds(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	if ms < 10 {
		return known(ms, "%.2f")
	}
	return known(ms, "%.0f")
}
