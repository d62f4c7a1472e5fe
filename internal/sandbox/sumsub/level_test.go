package sumsub_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/sumsub"
)

func TestLevelsComeFromAFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		good    bool
	}{
		"a level":         {`[{"name":"L","verdict":"green","requiredIdDocs":{"docSets":[{"idDocSetType":"SELFIE","types":["SELFIE"]}]}}]`, true},
		"no level":        {`[]`, false},
		"twice":           {`[{"name":"L","requiredIdDocs":{"docSets":[{"idDocSetType":"A"}]}},{"name":"L","requiredIdDocs":{"docSets":[{"idDocSetType":"A"}]}}]`, false},
		"no steps":        {`[{"name":"L","requiredIdDocs":{"docSets":[]}}]`, false},
		"a step twice":    {`[{"name":"L","requiredIdDocs":{"docSets":[{"idDocSetType":"A"},{"idDocSetType":"A"}]}}]`, false},
		"unknown member":  {`[{"name":"L","verdcit":"green"}]`, false},
		"unknown verdict": {`[{"name":"L","verdict":"blue","requiredIdDocs":{"docSets":[{"idDocSetType":"A"}]}}]`, false},
	} {
		path := filepath.Join(t.TempDir(), "levels.json")
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sumsub.ReadLevels(path); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerdictOfALevelOutweighsTheOption(t *testing.T) {
	t.Parallel()
	levels := sumsub.DefaultLevels()
	levels[0].Verdict = "green"
	a := openWith(t, func(c *sumsub.Config) { c.Levels, c.Options = levels, sumsub.Options{ProcessingMS: -1} })
	id := a.create(t, "u-1", "id-only")
	a.give(t, id, "PASSPORT", "", "")
	a.askFor(t, id)
	if got := a.status(t, id); got != "completed GREEN" {
		t.Error(got)
	}
	items, _ := a.ok(t, "GET", "/resources/applicants/-/levels", "").at("list", "items").([]any)
	first, _ := items[0].(map[string]any)
	if first["name"] != "id-only" || first["verdict"] != nil {
		t.Errorf("%v", first)
	}
}

func TestEmbeddedLevelsAreThoseThatAreNeeded(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	want := []string{"id-only", "id-and-selfie", "id-selfie-poa", "id-and-liveness", "applicant-data-and-id"}
	if diff := cmp.Diff(want, a.Levels()); diff != "" {
		t.Error(diff)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	for _, o := range []sumsub.Options{
		{CreateStatus: 204},
		{Verdict: "blue"},
		{ProcessingMS: -2},
		{AfterReupload: "pending"},
		{MaxDocuments: -1},
		{MinFileBytes: 2, MaxFileBytes: 1},
		{KeepBytes: -2},
		{AllowedDomains: []string{"portal.example"}},
	} {
		if err := a.SetOptions(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}
