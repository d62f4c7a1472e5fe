package archtest

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// root is the module's folder, seen from this one.
const root = "../.."

func TestTreeFollowsTheRules(t *testing.T) {
	t.Parallel()
	problems, err := rules.Problems(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}

func TestNoNameIsVague(t *testing.T) {
	t.Parallel()
	names, err := vagueNames(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Errorf("%s: name it after what it holds", name)
	}
}

// Imports of imports count too: a fake must not come in through a third package.
func TestPortalLinksNoFake(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(root + "/cmd/portal"); err != nil {
		t.Skip("cmd/portal does not exist yet")
	}
	list := exec.Command("go", "list", "-deps", "./cmd/portal")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, linked := range strings.Fields(string(out)) {
		room, ok := strings.CutPrefix(linked, ours)
		if linked == "testing" || ok && matches(rules.TestsMayImport, room) {
			t.Errorf("cmd/portal links %s", linked)
		}
	}
}

// The table can be edited; what it must never say is here.
func TestRulesKeepTheDomainsInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, domain := range domains {
		if allowed := rules.MayImport[domain]; len(allowed) > 0 {
			t.Errorf("%s may import %v: a domain imports none of ours", domain, allowed)
		}
	}
	for _, adapter := range adapters {
		for _, other := range adapters {
			if matches(rules.MayImport[adapter], other) {
				t.Errorf("%s may import %s: adapters meet in cmd/portal", adapter, other)
			}
		}
		if matches(rules.MayImport["web"], adapter) {
			t.Errorf("web may import %s: it knows domains only", adapter)
		}
	}
}

func TestRulesKeepTheBrowserOutOfInternal(t *testing.T) {
	t.Parallel()
	for pkg, allowed := range rules.MayImport {
		if !strings.HasPrefix(pkg, "internal/") {
			continue
		}
		for _, edge := range []string{"web", "web/session", "web/middleware", "templates", "templates/email"} {
			if matches(allowed, edge) && !(pkg == "internal/mail" && edge == "templates/email") {
				t.Errorf("%s may import %s: nothing under internal/ knows that there is a browser", pkg, edge)
			}
		}
	}
}

func TestProblemsNamesEveryBrokenRule(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file    string
		imports string
		want    string // part of the sentence; none when all is well
	}{
		"a domain alone":             {"internal/identity/a.go", `"time"`, ""},
		"a domain's adapter":         {"internal/oidc/a.go", `"portal/internal/identity"`, ""},
		"a domain imports another":   {"internal/inbox/a.go", `"portal/internal/identity"`, "may import of ours: nothing"},
		"adapters meet":              {"internal/passfort/a.go", `"portal/internal/postgres"`, "internal/passfort/a.go imports internal/postgres"},
		"a browser below internal":   {"internal/config/a.go", `"portal/templates"`, "internal/config/a.go imports templates"},
		"mail renders its e-mails":   {"internal/mail/a.go", `"portal/templates/email"`, ""},
		"mail renders a page":        {"internal/mail/a.go", `"portal/templates"`, "internal/mail/a.go imports templates"},
		"web asks an adapter":        {"web/a.go", `"portal/internal/postgres"`, "web/a.go imports internal/postgres"},
		"the portal links a fake":    {"cmd/portal/a.go", `"portal/internal/sandbox/clock"`, "cmd/portal/a.go imports internal/sandbox/clock"},
		"the portal links the house": {"cmd/portal/a.go", `"portal/internal/postgres"`, ""},
		"the sandbox has rooms":      {"internal/sandbox/new/a.go", `"portal/internal/sandbox/clock"`, ""},
		"the sandbox shares a type":  {"internal/sandbox/new/a.go", `"portal/internal/passfort"`, "internal/sandbox/new/a.go imports internal/passfort"},
		"a package is new":           {"internal/novelty/a.go", `"time"`, "internal/novelty is a new package: list it"},
		"http in a domain":           {"internal/onboarding/a.go", `"net/http"`, "imports net/http, which belongs in: web/..."},
		"http in a domain's test":    {"internal/onboarding/a_test.go", `"net/http/httptest"`, "imports net/http/httptest"},
		"pgx through another door":   {"web/a.go", `"github.com/jackc/pgx/v5/pgxpool"`, "belongs in: internal/postgres/..."},
		"pgx in a test of web":       {"web/a_test.go", `"github.com/jackc/pgx/v5/pgxpool"`, ""},
		"a cluster in a test":        {"internal/postgres/a_test.go", `"portal/internal/localpg"`, ""},
		"a cluster outside of tests": {"internal/postgres/a.go", `"portal/internal/localpg"`, "internal/postgres/a.go imports internal/localpg"},
		"a cluster under a domain":   {"internal/identity/a_test.go", `"portal/internal/localpg"`, "may import of ours: nothing"},
		"a test from outside":        {"internal/identity/a_test.go", `"portal/internal/identity"`, ""},
		"a test's library":           {"internal/seal/a.go", `"github.com/google/go-cmp/cmp"`, "belongs in: tests"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tree := fstest.MapFS{test.file: {Data: []byte("package a\n\nimport " + test.imports)}}
			problems, err := rules.Problems(tree)
			if err != nil {
				t.Fatal(err)
			}
			if test.want == "" && len(problems) > 0 {
				t.Errorf("unexpected: %v", problems)
			}
			if test.want != "" && (len(problems) != 1 || !strings.Contains(problems[0], test.want)) {
				t.Errorf("got %q, want one sentence with %q", problems, test.want)
			}
		})
	}
}

func TestProblemsStopsAtWhatIsNotGo(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{"static/a.go": {Data: []byte("import first, package later")}}
	if _, err := rules.Problems(tree); err == nil {
		t.Error("a file that is not Go passed")
	}
}

func TestVagueNamesFindsFilesAndFolders(t *testing.T) {
	t.Parallel()
	file := &fstest.MapFile{}
	names, err := vagueNames(fstest.MapFS{
		"web/util.go": file, "internal/common/mail.go": file, "templates/helpers.templ": file, "web/models_test.go": file,
		"web/utility.go": file, "node_modules/x/util.js": file, ".git/common": file, "bin/util": file,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"internal/common", "templates/helpers.templ", "web/models_test.go", "web/util.go"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A pattern or door that names no listed package is a slip of the pen.
func TestRulesNameListedPackagesOnly(t *testing.T) {
	t.Parallel()
	var patterns []string
	for _, allowed := range rules.MayImport {
		patterns = append(patterns, allowed...)
	}
	for _, d := range rules.Doors {
		patterns = append(patterns, slices.Concat(d.In, d.Tests)...)
	}
	for _, pattern := range patterns {
		name := strings.TrimSuffix(strings.TrimPrefix(pattern, "!"), "/...")
		_, listed := rules.allowed(name)
		if !listed && name != "..." && name != "cmd" && name != "web" {
			t.Errorf("the rules name %s, which they do not list", pattern)
		}
	}
}
