// Command portal is the customer-request portal: it serves the page on which applicants fill the provider's forms.
//
// This package is the one place where the parts are joined. Each command has a file; `portal --help` lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit statuses.
const (
	exitOK       = 0
	exitFailure  = 1
	exitWrongUse = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal is not ours any more: it ends the process at once
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run carries out one command and returns the exit status.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	root := newCommand(getenv)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	_, _ = fmt.Fprintln(stderr, "portal:", err)
	if _, ok := errors.AsType[*failure](err); ok {
		return exitFailure
	}
	_, _ = fmt.Fprintf(stderr, "See `%s --help`.\n", cmd.CommandPath())
	return exitWrongUse
}

// failure is an error of a command's work. What cobra itself complains of is wrong use.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// working makes a command's work out of a function that may fail.
func working(work func(cmd *cobra.Command) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		if err := work(cmd); err != nil {
			return &failure{err}
		}
		return nil
	}
}

func newCommand(getenv func(string) string) *cobra.Command {
	root := group("portal", "The customer-request portal",
		"Settings come from the environment and from portal.toml; the README says which.\n"+
			"Exit status: 0 on success, 1 on failure, 2 on wrong use.",
		newServe(getenv), newWorker(getenv), newMigrate(getenv), newWebhooks(getenv), newNotices(getenv),
		newRegistrations(getenv), newAudit(getenv), newEmail(getenv), newPassFortCommands(getenv), newAPIKeys(getenv), newKeys(getenv), newTheme(getenv), newBackup(getenv), newDoctor(getenv), newHealth(getenv), newVersion())
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	return root
}

// group is a command that only has other commands.
func group(use, short, long string, commands ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{Use: use, Short: short, Long: short + ".\n\n" + long, Args: cobra.NoArgs}
	g.RunE = func(cmd *cobra.Command, _ []string) error {
		return fmt.Errorf("%s needs a command", cmd.CommandPath())
	}
	g.AddCommand(commands...)
	return g
}
