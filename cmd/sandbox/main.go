// Command sandbox plays the outside world on one machine: the provider PassFort, a mailbox, and the company's own page.
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

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
	}
	os.Exit(exitStatus(err))
}

// run does what the arguments ask for, until it is done or ctx is.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	root := &cobra.Command{
		Use:               "sandbox",
		Short:             "The outside world on one machine: PassFort, a mailbox, the company's own page",
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.NoArgs,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE: func(*cobra.Command, []string) error {
			return errors.New("say what to do: sandbox serve, or sandbox --help")
		},
	}
	root.AddCommand(serveCommand(getenv), certificateCommand())
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return root.ExecuteContext(ctx)
}

// failure is an error of the work itself; any other is a wrong use of the command.
type failure struct{ error }

// exitStatus is 0 for success, 1 for a failure and 2 for wrong use.
func exitStatus(err error) int {
	if err == nil {
		return 0
	}
	if _, ok := errors.AsType[failure](err); ok {
		return 1
	}
	return 2
}
