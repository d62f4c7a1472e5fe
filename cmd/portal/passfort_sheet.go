package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"portal/internal/config"
)

func newPassFortCommands(getenv func(string) string) *cobra.Command {
	return group("passfort", "Have PassFort set up",
		"Reads portal.toml and PORTAL_BASE_URL, and needs neither secrets nor a database.", newPassFortSheet(getenv))
}

func newPassFortSheet(getenv func(string) string) *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use: "sheet", Short: "Print what PassFort's staff ask for, ready to send",
		Long: "Prints, from portal.toml and PORTAL_BASE_URL, what PassFort's guides ask for before customer requests and\n" +
			"registration flows work: tasks and documents, forms, addresses, theme, e-mail, DNS, webhooks. It needs no secret and\n" +
			"prints none. What is not decided yet stands at its end, with the setting to fill in; the exit status is 1 then.",
		Args: func(cmd *cobra.Command, args []string) error {
			if _, ok := sheetFormats[format]; !ok {
				return fmt.Errorf("--format: %q is none of text, markdown, html", format)
			}
			return cobra.NoArgs(cmd, args)
		},
		RunE: working(func(cmd *cobra.Command) error { return printSheet(getenv, cmd.OutOrStdout(), format) }),
	}
	cmd.Flags().StringVar(&format, "format", format, "text, markdown or html")
	return cmd
}

func printSheet(getenv func(string) string, to io.Writer, format string) error {
	c, err := config.LoadPublic(getenv)
	if err != nil {
		return fmt.Errorf("settings:\n%w", err)
	}
	s, err := newSheet(c)
	if err != nil {
		return err
	}
	if err := sheetFormats[format](to, s); err != nil {
		return fmt.Errorf("writing the sheet: %w", err)
	}
	if len(s.Missing) > 0 {
		return errors.New("the sheet is not complete: its end says what is missing")
	}
	return nil
}

// sheet is what PassFort's staff get to read.
type sheet struct {
	Title    string
	Sections []sheetSection
	Missing  []sheetGap
}

// sheetSection is a part of it under a headline.
type sheetSection struct {
	Title string
	Lines []sheetLine
}

// sheetLine is something that is asked for, and the answer.
type sheetLine struct{ Label, Value string }

// sheetGap is an answer that is not there yet, and where it is to be given.
type sheetGap struct{ What, Setting string }

// notDecided stands in the place of an answer that is missing.
const notDecided = "(not decided yet)"

func (s *sheet) section(title string) { s.Sections = append(s.Sections, sheetSection{Title: title}) }

// say adds an answer to the last section, unless there is none to give.
func (s *sheet) say(label, value string) {
	if value == "" {
		return
	}
	last := &s.Sections[len(s.Sections)-1]
	last.Lines = append(last.Lines, sheetLine{label, value})
}

// want adds an answer that there must be.
func (s *sheet) want(label, value, setting string) {
	if value == "" {
		s.miss(label, setting)
		value = notDecided
	}
	s.say(label, value)
}

func (s *sheet) miss(what, setting string) {
	s.Missing = append(s.Missing, sheetGap{s.Sections[len(s.Sections)-1].Title + ": " + what, setting})
}
