package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// width is how long lines are for people: what a terminal has, mostly.
const width = 110

// Print writes results for people: a line for each finding, and below it what to do.
func Print(to io.Writer, results []Result) error {
	names := 0
	for _, r := range results {
		names = max(names, len(r.Name))
	}
	var out strings.Builder
	count := map[State]int{}
	for _, r := range results {
		count[r.State]++
		name := r.Name
		for _, f := range r.Findings {
			head := fmt.Sprintf("%-8s %-*s  ", f.State, names, name)
			name = "" // once
			fold(&out, head, f.What)
			if f.Fix != "" {
				fold(&out, strings.Repeat(" ", len(head))+"→ ", f.Fix)
			}
		}
	}
	fmt.Fprintf(&out, "\n%d checks: %d ok, %d with warnings, %d with problems\n", len(results), count[Fine], count[Doubt], count[Trouble])
	_, err := io.WriteString(to, out.String())
	return err
}

// fold writes a text behind a head, and goes on below where the text began. Lines that the text has stay.
func fold(out *strings.Builder, head, text string) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(head))
	line := head
	for i, part := range strings.Split(text, "\n") {
		if i > 0 {
			out.WriteString(line + "\n")
			line = indent
		}
		for n, word := range strings.Fields(part) {
			if n > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
				out.WriteString(line + "\n")
				line = indent
			} else if n > 0 {
				line += " "
			}
			line += word
		}
	}
	out.WriteString(line + "\n")
}

// PrintJSON writes results for programs.
func PrintJSON(to io.Writer, results []Result) error {
	e := json.NewEncoder(to)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		State  State    `json:"state"`
		Checks []Result `json:"checks"`
	}{Worst(results), results})
}

// Mask is the results without secrets, whoever has quoted them. What is too short to be one is no secret: it would be found in
// any text.
func Mask(results []Result, secrets []string) []Result {
	const shortest = 6
	var pairs []string
	longestFirst := slices.SortedFunc(slices.Values(secrets), func(a, b string) int { return len(b) - len(a) })
	for _, s := range longestFirst {
		if len(s) >= shortest {
			pairs = append(pairs, s, "[secret]")
		}
	}
	mask := strings.NewReplacer(pairs...)
	for _, r := range results {
		for i, f := range r.Findings {
			r.Findings[i].What, r.Findings[i].Fix = mask.Replace(f.What), mask.Replace(f.Fix)
		}
	}
	return results
}
