package browsertest_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"portal/internal/browsertest"
)

// barred is full of what keeps people out.
const barred = `<style>
	.pale { color: #bbb; background: #fff }
	.cut { width: 50px; overflow: hidden; white-space: nowrap }
	.low { height: 20px; width: 60px; padding: 0 }
	.wide { width: 900px }
	.plain:focus { outline: none }
	.spin { animation: turn 1s infinite }
	@keyframes turn { to { rotate: 1turn } }
</style>
<main><h1>Pale</h1><p class=pale>Hard to read</p><input>
<p class=cut>This sentence is longer than its place</p><button class=low>A long button in a low box</button>
<p class=wide>Wide</p><a class=plain href=#x>No mark</a><p class=spin>Moving</p></main>`

func TestBarriersAreFound(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{"/": barred, "/good": `<script>document.documentElement.lang = "en"</script><main><h1>Good</h1><p>Text</p></main>`})
	a, err := browsertest.NewAuditor(filepath.Join("..", "..", "tools", "npm", "node_modules", "axe-core"))
	if err != nil {
		t.Fatal(err)
	}
	p := browsertest.New(t).Page(t)
	p.Open(s.URL + "/")
	var rules []string
	for _, f := range p.Audit(a) {
		rules = append(rules, f.Rule)
	}
	for _, want := range []string{"color-contrast", "label", "html-has-lang"} {
		if !slices.Contains(rules, want) {
			t.Errorf("%s is not found: %v", want, rules)
		}
	}
	p.Open(s.URL + "/good")
	if found := p.Audit(a); len(found) > 0 || a.Version == "" {
		t.Errorf("a page that is good has %v", found)
	}
}

func TestMisfitsAreFound(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{"/": barred, "/good": `<main><h1>Good</h1><p>Text</p><button>Press</button></main>`})
	p := browsertest.New(t).Page(t)
	p.Resize(390, 800)
	p.Open(s.URL + "/")
	found := strings.Join(p.Misfits(), "\n")
	for _, want := range []string{"it is 9", "is cut off: <p class=cut>", "has outgrown its box: <button class=low>", "spills over the edge: <p class=wide>"} {
		if !strings.Contains(found, want) {
			t.Errorf("%q is not found:\n%s", want, found)
		}
	}
	if found := p.Unmarked(); len(found) != 1 || !strings.Contains(found[0], "No mark") {
		t.Errorf("without a mark: %v", found)
	}
	if found := p.Moving(); len(found) != 1 || !strings.Contains(found[0], "Moving") {
		t.Errorf("moving: %v", found)
	}
	p.Open(s.URL + "/good")
	p.Enlarge(200)
	if found := slices.Concat(p.Misfits(), p.Unmarked(), p.Moving()); len(found) > 0 {
		t.Errorf("a page that is good has %v", found)
	}
}

func TestPreferencesReachThePage(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{"/": `<style>p { display: none } @media (prefers-color-scheme: dark) { p { display: block } }</style><p>Dark</p>`})
	p := browsertest.New(t).Page(t)
	p.Prefer("prefers-color-scheme", "dark")
	p.Open(s.URL + "/")
	p.See("Dark")
	path := filepath.Join(t.TempDir(), "page.webp")
	p.Photograph(path, 80)
	if found, err := filepath.Glob(path); err != nil || len(found) != 1 {
		t.Errorf("no picture: %v", err)
	}
}
