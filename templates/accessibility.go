package templates

import (
	"context"
	_ "embed"
	"encoding/json"
	"strconv"
	"sync"

	"portal/internal/i18n"
)

// AccessibilityTest is what the pages were tested for, with what, and what came of it. `make a11y` writes it.
type AccessibilityTest struct {
	Day     string   `json:"day"`  // such as 2026-01-31
	Tool    string   `json:"tool"` // with its version
	Version string   `json:"wcag_version"`
	Level   string   `json:"wcag_level"`
	Rules   []string `json:"rules"` // sets of them, by the tool's names

	Pages     int      `json:"pages"`
	States    int      `json:"states"` // of the pages, all together
	Languages []string `json:"languages"`
	Schemes   []string `json:"colour_schemes"`
	Widths    []int    `json:"widths"`             // in CSS pixels
	TextSizes []int    `json:"text_sizes_percent"` // at which nothing is cut off

	Violations int      `json:"violations"`
	ByPeople   []string `json:"left_to_people"` // what no machine has tested
}

//go:embed accessibility.json
var accessibilityRecord []byte

// LastAccessibilityTest is the test of the pages as they are.
var LastAccessibilityTest = sync.OnceValues(func() (t AccessibilityTest, err error) {
	return t, json.Unmarshal(accessibilityRecord, &t)
})

// AccessibilityView says how far everybody can use the pages.
type AccessibilityView struct {
	Test AccessibilityTest
	Day  string // of the test, in words
}

// results are what came of the test, in words.
func (v AccessibilityView) results(ctx context.Context) []Detail {
	return []Detail{
		{i18n.T(ctx, "accessibility.told_day"), v.Day},
		{i18n.T(ctx, "accessibility.told_tool"), v.Test.Tool},
		{i18n.T(ctx, "accessibility.told_pages"), strconv.Itoa(v.Test.Pages)},
		{i18n.T(ctx, "accessibility.told_states"), strconv.Itoa(v.Test.States)},
		{i18n.T(ctx, "accessibility.told_languages"), strconv.Itoa(len(v.Test.Languages))},
		{i18n.T(ctx, "accessibility.told_looks"), i18n.T(ctx, "accessibility.looks")},
		{i18n.T(ctx, "accessibility.told_found"), strconv.Itoa(v.Test.Violations)},
	}
}
