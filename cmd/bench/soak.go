package main

import (
	"time"

	"github.com/spf13/cobra"

	"portal/internal/bench"
)

func newSoak(s *settings) *cobra.Command {
	var length time.Duration
	cmd := &cobra.Command{
		Use: "soak", Short: "Serve everything for long, and see whether anything grows", Args: cobra.NoArgs,
		Long: "Has two portals serve pages, files, streams, registrations, companies, documents, webhooks and calls of the API for so\n" +
			"long, at a third of what they bear. It fails where a request fails or is not answered as it must be, where a portal\n" +
			"logs an error, or where the portals hold more memory, goroutines, connections or file handles in the last quarter\n" +
			"than in the second, which is judged after four minutes or more.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := s.options(cmd)
			if err != nil {
				return err
			}
			return bench.Soak(cmd.Context(), o, length, cmd.OutOrStdout())
		},
	}
	cmd.Flags().DurationVar(&length, "for", time.Hour, "for how long")
	return cmd
}
