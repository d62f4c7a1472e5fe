package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Auditor looks for what keeps people with disabilities from using a page, by the rules of axe-core.
type Auditor struct {
	source  string
	Version string
}

// Standards are the sets of rules that are tried, by axe-core's names: WCAG 2.2 at level AA, and what is good practice beside it.
var Standards = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}

// NewAuditor reads axe-core from the folder of an npm package.
func NewAuditor(dir string) (*Auditor, error) {
	source, err := os.ReadFile(filepath.Join(dir, "axe.min.js"))
	if err != nil {
		return nil, fmt.Errorf("axe-core, which `make deps` fetches: %w", err)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return nil, fmt.Errorf("axe-core: %w", err)
	}
	var about struct{ Version string }
	if err := json.Unmarshal(manifest, &about); err != nil {
		return nil, fmt.Errorf("axe-core's package.json: %w", err)
	}
	return &Auditor{string(source), about.Version}, nil
}

// Finding is something that a rule is about. Unsure ones are for people to judge.
type Finding struct {
	Rule, Help string
	Unsure     bool
	Nodes      []string // the elements, each with what is wrong
}

func (f Finding) String() string {
	sure := ""
	if f.Unsure {
		sure = " (unsure)"
	}
	return f.Rule + sure + ": " + f.Help + "\n\t" + strings.Join(f.Nodes, "\n\t")
}

// Audit tries all rules on the page as it is.
func (p *Page) Audit(a *Auditor) []Finding {
	p.t.Helper()
	standards, err := json.Marshal(Standards)
	if err != nil {
		p.t.Fatalf("browsertest: %v", err)
	}
	there, err := evaluate[bool](p, "typeof axe === 'object'")
	if err == nil && !there {
		_, err = evaluate[bool](p, a.source+"\n;true")
	}
	if err != nil {
		p.fail("bringing axe-core into it: %v", err)
	}
	found, err := evaluate[[]Finding](p, fmt.Sprintf(audit, standards))
	if err != nil {
		p.fail("auditing it: %v", err)
	}
	return found
}

// audit is a script for a page that has axe-core.
const audit = `axe.run(document, {
	runOnly: { type: 'tag', values: %s },
	rules: { 'target-size': { enabled: true } },
	resultTypes: ['violations', 'incomplete'],
	iframes: false,
	ancestry: false,
}).then(({ violations, incomplete }) => {
	const said = (node) => node.html + ' ' + [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ');
	const finding = (unsure) => (r) => ({ Rule: r.id, Help: r.help, Unsure: unsure, Nodes: r.nodes.map(said) });
	return [...violations.map(finding(false)), ...incomplete.map(finding(true))];
})`

// Prefer has the page shown as to somebody whose device says so, such as ("prefers-color-scheme", "dark").
func (p *Page) Prefer(feature, value string) {
	p.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, media); err != nil {
		p.fail("preferring %s %s: %v", feature, value, err)
	}
}
