package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"portal/internal/brand"
	"portal/internal/config"
	"portal/internal/i18n"
	"portal/internal/theme"
	"portal/static"
	"portal/templates"
)

func newTheme(getenv func(string) string) *cobra.Command {
	return group("theme", "See whether everybody can read the pages",
		"The look of the pages is [brand] in portal.toml, the file that PORTAL_CONFIG names; docs/theming.md tells how to change it.",
		newThemeCheck(getenv))
}

func newThemeCheck(getenv func(string) string) *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Find what would harm the people who read the pages", Args: cobra.NoArgs,
		Long: "Looks at [brand] and the brands of flows, their files, the languages, titles and texts of portal.toml, and at the\n" +
			"stylesheets, catalogues and templates in this program. Says of everything that harms (problem), or could be better\n" +
			"(advice), where it is and how it is mended. No secret and no database is needed.\n\n" +
			"Exit status: 0 when there is no problem, 1 when there is one, 2 on wrong use.",
		RunE: working(func(cmd *cobra.Command) error {
			t, err := newThemeOf(cmd.Context(), getenv)
			if err != nil {
				return err
			}
			return report(cmd.OutOrStdout(), theme.Check(t))
		}),
	}
}

// newThemeOf gathers what the rules look at.
func newThemeOf(ctx context.Context, getenv func(string) string) (theme.Theme, error) {
	c, err := config.LoadFile(getenv)
	if err != nil {
		return theme.Theme{}, err
	}
	page, err := anyPage(ctx)
	return theme.Theme{
		Brands: worn(c), Files: c.Dir, Languages: c.Languages, Texts: c.Texts, Titles: titled(c), Stylesheets: static.Stylesheets(), Page: page,
	}, err
}

// worn lists the portal's brand and those of flows.
func worn(c config.Config) []theme.Worn {
	all := []theme.Worn{{Where: "portal.toml [brand]", Brand: c.Brand}}
	for _, f := range c.Flows {
		if f.Brand != nil {
			all = append(all, theme.Worn{Where: fmt.Sprintf("portal.toml [flow.brand] (%s)", f.Name), Brand: c.BrandOf(f)})
		}
	}
	return all
}

// titled lists what applicants choose by its title.
func titled(c config.Config) []theme.Titled {
	var all []theme.Titled
	for _, f := range c.Flows {
		all = append(all, theme.Titled{Where: fmt.Sprintf("portal.toml [[flow]] (%s)", f.Name), Title: f.Title, Titles: f.Titles})
	}
	for _, o := range c.OIDC {
		all = append(all, theme.Titled{Where: fmt.Sprintf("portal.toml [[oidc]] (%s)", o.Name), Title: o.Title, Titles: o.Titles})
	}
	return all
}

// anyPage is a page in the frame that all pages have. It wears a brand that is known to be good: the company's may be broken.
func anyPage(ctx context.Context) ([]byte, error) {
	b := brand.Brand{Name: "Example", Accent: "#1a4f8b"}
	assets, err := b.Assets(nil)
	if err != nil {
		return nil, err
	}
	site := templates.Site{Brand: b, Assets: static.New(assets), Languages: i18n.BuiltIn}
	var page bytes.Buffer
	err = templates.SignedOut().Render(templates.With(ctx, site), &page)
	return page.Bytes(), err
}

// report prints what was found, and fails if there is a problem.
func report(w io.Writer, found []theme.Finding) error {
	var text bytes.Buffer
	problems := 0
	for _, f := range found {
		kind := "advice"
		if f.Problem {
			kind = "problem"
			problems++
		}
		fmt.Fprintf(&text, "%s: %s\n    %s.\n    %s.\n\n", kind, f.Where, f.What, f.Mend)
	}
	if problems == 0 {
		fmt.Fprintln(&text, "Everybody can read these pages: no problem was found.")
	}
	if _, err := text.WriteTo(w); err != nil || problems == 0 {
		return err
	}
	return fmt.Errorf("theme: problems to be mended before anybody sees these pages: %d", problems)
}
