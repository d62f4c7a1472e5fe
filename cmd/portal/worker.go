package main

import "github.com/spf13/cobra"

func newWorker(getenv func(string) string) *cobra.Command {
	return &cobra.Command{
		Use: "worker", Short: "Work jobs off, without serving pages", Args: cobra.NoArgs,
		Long: "Does the portal's background work and serves health, metrics and profiles on PORTAL_DEBUG_LISTEN, until SIGINT\n" +
			"or SIGTERM. At SIGHUP it reads its settings anew. They are those of `portal serve`, which does this work too unless it has --no-jobs.",
		RunE: working(func(cmd *cobra.Command) error {
			hangups, end := newHangups()
			defer end()
			return process{settingsFrom(getenv), false, true, hangups}.run(cmd.Context(), cmd.ErrOrStderr())
		}),
	}
}
