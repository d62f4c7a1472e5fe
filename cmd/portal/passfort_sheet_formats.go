package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// sheetFormats are the ways to print the sheet.
var sheetFormats = map[string]func(to io.Writer, s *sheet) error{"text": sheetAsText, "markdown": sheetAsMarkdown, "html": sheetAsHTML}

// missingTitle is the headline of what is not decided yet.
const missingTitle = "Still missing"

func sheetAsText(to io.Writer, s *sheet) error {
	var b strings.Builder
	headline := func(text, line string) { fmt.Fprintf(&b, "%s\n%s\n", text, strings.Repeat(line, len([]rune(text)))) }
	headline(s.Title, "=")
	for _, section := range s.Sections {
		b.WriteString("\n")
		headline(section.Title, "-")
		for _, l := range section.Lines {
			fmt.Fprintf(&b, "%s: %s\n", l.Label, l.Value)
		}
	}
	if len(s.Missing) > 0 {
		b.WriteString("\n")
		headline(missingTitle, "-")
	}
	for _, gap := range s.Missing {
		fmt.Fprintf(&b, "%s: set %s\n", gap.What, gap.Setting)
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// literally has Markdown show what it would take for its own signs.
var literally = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`, "`", "\\`", "#", `\#`)

func sheetAsMarkdown(to io.Writer, s *sheet) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", literally.Replace(s.Title))
	for _, section := range s.Sections {
		fmt.Fprintf(&b, "\n## %s\n\n", literally.Replace(section.Title))
		for _, l := range section.Lines {
			fmt.Fprintf(&b, "* **%s:** %s\n", literally.Replace(l.Label), literally.Replace(l.Value))
		}
	}
	if len(s.Missing) > 0 {
		fmt.Fprintf(&b, "\n## %s\n\n", missingTitle)
	}
	for _, gap := range s.Missing {
		fmt.Fprintf(&b, "* %s: set `%s`\n", literally.Replace(gap.What), gap.Setting)
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func sheetAsHTML(to io.Writer, s *sheet) error { return sheetPage(s).Render(context.Background(), to) }
