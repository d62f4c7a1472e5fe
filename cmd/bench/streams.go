package main

import (
	"github.com/spf13/cobra"

	"portal/internal/bench"
)

// streams is the name of the command, and of its part of the table.
const streams = "streams"

func newStreams(s *settings) *cobra.Command {
	var n int
	cmd := &cobra.Command{
		Use: streams, Short: "Connect many applicants to the live status of one portal", Args: cobra.NoArgs,
		Long: "Connects that many applicants to one portal, changes some of their registrations in the database, and prints how long\n" +
			"the events take and how much memory the portal holds. Each takes a file handle of the portal's and of this program's.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := s.options(cmd)
			if err != nil {
				return err
			}
			machine := bench.LookAtMachine()
			rows, wrong := bench.Streams(cmd.Context(), o, n)
			return s.print(cmd, rows, machine.Line(), wrong)
		},
	}
	cmd.Flags().IntVar(&n, "streams", bench.StreamsPromised, "how many")
	return cmd
}
