package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"portal/internal/mailcheck"
)

// maxTemplate is how much of a file is looked at, in bytes: far more than mail programs take.
const maxTemplate = 4 << 20

// standardInput stands for it in the place of a file's name.
const standardInput = "-"

func newEmailCheck() *cobra.Command {
	var m marks
	cmd := &cobra.Command{
		Use: "check FILE", Short: "Check a template of the request e-mail",
		Long: "Reads a custom HTML template (- is standard input) and says what PassFort would miss in it, and what does not work\n" +
			"in Outlook, Gmail, Apple Mail, in the dark, without images or on a phone, each with its line and how to mend it.\n" +
			"A file of the same name that ends in .txt is its plain-text part. Exit status: 1 when there is a problem; what is\n" +
			"advice alone is no failure.",
		Args: func(cmd *cobra.Command, args []string) error {
			return errors.Join(m.check(), cobra.ExactArgs(1)(cmd, args))
		},
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := checkTemplate(cmd, args[0], m); err != nil {
			return &failure{err}
		}
		return nil
	}
	m.addFlags(cmd)
	return cmd
}

func checkTemplate(cmd *cobra.Command, name string, m marks) error {
	source, err := readTemplate(cmd.InOrStdin(), name)
	if err != nil {
		return err
	}
	o := mailcheck.Options{Text: m.text, Link: m.link, HasPlain: true}
	beside, text, err := readPlain(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		o.HasPlain = false
	case err != nil:
		return err
	}
	found := map[string][]mailcheck.Finding{name: mailcheck.Check(source, o)}
	if text != nil {
		found[beside] = mailcheck.CheckPlain(text, o)
	}
	return printFindings(cmd.OutOrStdout(), found, name, beside)
}

// printFindings prints what was found in files, and fails when there is a problem among it.
func printFindings(to io.Writer, found map[string][]mailcheck.Finding, files ...string) error {
	all, problems := 0, 0
	for _, file := range files {
		for _, f := range found[file] {
			all++
			if f.Problem {
				problems++
			}
			if err := printFinding(to, file, f); err != nil {
				return err
			}
		}
	}
	if problems > 0 {
		return fmt.Errorf("%s: problems: %d", files[0], problems)
	}
	if all > 0 {
		return nil
	}
	_, err := fmt.Fprintf(to, "%s: nothing to mend\n", files[0])
	return err
}

func readTemplate(stdin io.Reader, name string) ([]byte, error) {
	from := stdin
	if name != standardInput {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	source, err := io.ReadAll(io.LimitReader(from, maxTemplate))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return source, nil
}

// readPlain reads the plain text beside a template. What belongs to standard input nobody knows.
func readPlain(name string) (beside string, text []byte, err error) {
	if name == standardInput {
		return "", nil, nil
	}
	beside = strings.TrimSuffix(name, filepath.Ext(name)) + ".txt"
	text, err = readTemplate(nil, beside)
	return beside, text, err
}

func printFinding(to io.Writer, name string, f mailcheck.Finding) error {
	kind, at := "advice", name
	if f.Problem {
		kind = "problem"
	}
	if f.Line > 0 {
		at = fmt.Sprintf("%s:%d", name, f.Line)
	}
	_, err := fmt.Fprintf(to, "%s: %s: %s %s\n", at, kind, f.What, f.Fix)
	return err
}
