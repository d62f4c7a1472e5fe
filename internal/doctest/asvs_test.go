package doctest_test

import (
	"bufio"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// requirement is a row of docs/asvs.md.
type requirement struct{ number, level, verdict, why string }

var (
	asvsRow = regexp.MustCompile(`(?m)^\| (\d+\.\d+\.\d+) \| (\d) \| [^|]+ \| (met|not applicable|not met) \| ([^|]+) \|$`)
	anyRow  = regexp.MustCompile(`(?m)^\| \d+\.\d+\.`)
	summary = regexp.MustCompile(`Of (\d+) requirements (\d+) are met, (\d+) are not applicable and (\d+) are not met`)

	namedTest = regexp.MustCompile("`([a-z][a-z/]*)\\.((?:Test|Fuzz)\\w+)`")
	namedFile = regexp.MustCompile("`([\\w.-]*(?:/[\\w.-]+)*(?:\\.(?:go|js|json|md|mod|sum|sql|toml|yaml|yml)|Dockerfile|\\.dockerignore|Makefile))`")
	earlier   = regexp.MustCompile(`^as (\d+\.\d+\.\d+)`)
)

func asvs(t *testing.T) (text string, rows []requirement) {
	t.Helper()
	read, err := os.ReadFile(filepath.Join(root, "docs", "asvs.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range asvsRow.FindAllStringSubmatch(string(read), -1) {
		rows = append(rows, requirement{found[1], found[2], found[3], found[4]})
	}
	if all := len(anyRow.FindAllString(string(read), -1)); all != len(rows) {
		t.Errorf("%d of %d rows are not as they should be: number, level, about, met or not, what shows it", all-len(rows), all)
	}
	return string(read), rows
}

func TestEveryRequirementIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	list, err := os.Open(filepath.Join("testdata", "asvs-5.0.0.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	var wanted []string
	for lines := bufio.NewScanner(list); lines.Scan(); {
		wanted = append(wanted, lines.Text())
	}
	_, rows := asvs(t)
	var answered []string
	for _, r := range rows {
		answered = append(answered, r.number+" "+r.level)
	}
	for _, one := range wanted {
		if n := len(answered) - len(slices.DeleteFunc(slices.Clone(answered), func(a string) bool { return a == one })); n != 1 {
			t.Errorf("number and level %s are answered %d times", one, n)
		}
	}
	for _, one := range answered {
		if !slices.Contains(wanted, one) {
			t.Errorf("number and level %s are not in the standard", one)
		}
	}
}

func TestTheSummaryCountsTheAnswers(t *testing.T) {
	t.Parallel()
	text, rows := asvs(t)
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.verdict]++
	}
	want := fmt.Sprintf("Of %d requirements %d are met, %d are not applicable and %d are not met",
		len(rows), counts["met"], counts["not applicable"], counts["not met"])
	if got := summary.FindString(text); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWhatIsMetIsShown(t *testing.T) {
	t.Parallel()
	_, rows := asvs(t)
	tests, shown := map[string]map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		proof := 0
		for _, found := range namedTest.FindAllStringSubmatch(r.why, -1) {
			proof++
			if tests[found[1]] == nil {
				tests[found[1]] = testsOf(t, found[1])
			}
			if !tests[found[1]][found[2]] {
				t.Errorf("%s: %s has no %s", r.number, found[1], found[2])
			}
		}
		for _, found := range namedFile.FindAllStringSubmatch(r.why, -1) {
			proof++
			if _, err := os.Stat(filepath.Join(root, found[1])); err != nil {
				t.Errorf("%s: %v", r.number, err)
			}
		}
		proof += len(link.FindAllString(r.why, -1)) // which TestLinksLeadSomewhere follows
		if found := earlier.FindStringSubmatch(r.why); found != nil && shown[found[1]] {
			proof++
		}
		if shown[r.number] = proof > 0; r.verdict == "met" && proof == 0 {
			t.Errorf("%s is said to be met, and nothing shows it: %s", r.number, r.why)
		}
	}
}

// testsOf are the names of the tests and fuzz targets of a package.
func testsOf(t *testing.T, folder string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, path.Join(folder, "*_test.go")))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range function.FindAllStringSubmatch(string(text), -1) {
			names[found[1]] = true
		}
	}
	return names
}
