package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"portal/internal/config"
	"portal/internal/i18n"
	"portal/templates/email"
)

// marks are how a template says where PassFort fills something in. How PassFort writes them is not documented, so its staff
// say; these are the sandbox's.
type marks struct{ text, link string }

func (m *marks) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.text, "text-mark", "{{editable_text}}", "what stands for the editable paragraph")
	cmd.Flags().StringVar(&m.link, "link-mark", "{{link}}", "what stands for the address of the forms")
}

// check refuses marks that would break the markup, or could not be told apart.
func (m *marks) check() error {
	for name, mark := range map[string]string{"--text-mark": m.text, "--link-mark": m.link} {
		if strings.TrimSpace(mark) == "" || strings.ContainsAny(mark, "\"\r\n") {
			return fmt.Errorf("%s: some characters, without quotation marks and line breaks", name)
		}
	}
	if strings.Contains(m.text, m.link) || strings.Contains(m.link, m.text) {
		return errors.New("--text-mark and --link-mark: the one must not be in the other")
	}
	return nil
}

// requestEmail is what the request e-mail is built from.
type requestEmail struct {
	marks
	lang, flow, out string
}

// Names of the files that are built, and how many days PassFort's links are valid.
const (
	requestHTML = "request.html"
	requestText = "request.txt"
	linkDays    = 90
)

func newEmailBuild(getenv func(string) string) *cobra.Command {
	var e requestEmail
	cmd := &cobra.Command{
		Use: "build", Short: "Build the template of the request e-mail that PassFort sends",
		Long: "Writes " + requestHTML + " and " + requestText + " from the brand in portal.toml and from PORTAL_BASE_URL; needs no secret and no\n" +
			"database. PassFort fills two places in: the paragraph that staff may write, and the address of the forms. How it\n" +
			"marks them is not documented: ask, and build with --text-mark and --link-mark. The usual marks are the sandbox's.",
		Args: func(cmd *cobra.Command, args []string) error {
			return errors.Join(e.check(), cobra.NoArgs(cmd, args))
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return e.run(getenv, cmd) },
	}
	e.addFlags(cmd)
	cmd.Flags().StringVar(&e.lang, "lang", "", "the language, such as de; the portal's first one unless set")
	cmd.Flags().StringVar(&e.flow, "flow", "", "the flow whose brand the e-mail has; the portal's brand unless set")
	cmd.Flags().StringVar(&e.out, "out", ".", "the folder to write to")
	return cmd
}

// run tells a language or a flow that there is not, which is wrong use, from what fails.
func (e *requestEmail) run(getenv func(string) string, cmd *cobra.Command) error {
	c, err := config.LoadPublic(getenv)
	if err != nil {
		return &failure{fmt.Errorf("settings:\n%w", err)}
	}
	languages, err := speak(c)
	if err != nil {
		return &failure{err}
	}
	l, err := e.locale(languages)
	if err != nil {
		return err
	}
	v, err := e.view(c)
	if err != nil {
		return err
	}
	v.Subject = subject(c, languages, l)
	return working(func(cmd *cobra.Command) error { return e.build(i18n.With(cmd.Context(), l), cmd, c, v) })(cmd, nil)
}

func (e *requestEmail) build(ctx context.Context, cmd *cobra.Command, c config.Config, v email.RequestView) error {
	if err := e.write(ctx, v); err != nil {
		return err
	}
	if config.Loopback(c.BaseURL) {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "portal: PORTAL_BASE_URL is %s, which only this machine can open. The e-mail tells customers that its button leads there:\n"+
			"set the public address of the page and build again before you send this to anybody.\n", v.Page)
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\n%s\n\nsubject         %s\neditable text   %s\nlink            %s\n\n"+
		"Ask PassFort how it marks the last two, and build again with --text-mark and --link-mark if these are not its own.\n",
		filepath.Join(e.out, requestHTML), filepath.Join(e.out, requestText), email.RequestSubject(ctx, v), e.text, e.link)
	return err
}

// locale is the language of the e-mail.
func (e *requestEmail) locale(languages *i18n.Languages) (i18n.Locale, error) {
	if e.lang == "" {
		return languages.Locales()[0], nil
	}
	l, ok := languages.Named(e.lang)
	if !ok {
		return l, fmt.Errorf("--lang: the portal does not speak %q (portal.toml languages)", e.lang)
	}
	return l, nil
}

// subject is the company's own words for the subject of the request e-mail, which are in the portal's first language; empty
// where it has none.
func subject(c config.Config, languages *i18n.Languages, l i18n.Locale) string {
	if l.Lang() != languages.Locales()[0].Lang() {
		return ""
	}
	return c.PassFort.EmailSubject
}

// view is the e-mail with the brand of the flow.
func (e *requestEmail) view(c config.Config) (email.RequestView, error) {
	v := email.RequestView{Brand: c.Brand, Page: c.BaseURL.String(), Text: e.text, Link: e.link, Days: linkDays}
	if e.flow == "" {
		return v, nil
	}
	for _, f := range c.Flows {
		if f.Name == e.flow {
			v.Brand = c.BrandOf(f)
			return v, nil
		}
	}
	return v, fmt.Errorf("--flow: there is no [[flow]] named %q in portal.toml", e.flow)
}
