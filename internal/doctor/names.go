package doctor

import (
	"slices"
	"strings"
)

// Unknown looks for settings in an environment ("NAME=value") that look like ours and are none: what is misspelt is without
// effect, and nobody says so.
func Unknown(environ, known, prefixes []string) []Finding {
	var found []Finding
	for _, entry := range slices.Sorted(slices.Values(environ)) {
		name, _, _ := strings.Cut(entry, "=")
		ours := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
		if !ours || slices.Contains(known, name) {
			continue
		}
		fix := "remove it: the portal does not read it"
		if like := resembling(name, known); like != "" {
			fix = "if you mean " + like + ", name it so; otherwise remove it"
		}
		found = append(found, Warning(fix, "%s is set, and there is no such setting", name))
	}
	return found
}

// resembling is the known name that differs least; empty where none is near.
func resembling(name string, known []string) string {
	best, least := "", len(name)/4+1
	for _, k := range known {
		if d := distance(name, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is how many letters must be put in, left out or changed to make a word of the other (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
