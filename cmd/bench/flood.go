package main

import (
	"github.com/spf13/cobra"

	"portal/internal/bench"
)

func newFlood(s *settings) *cobra.Command {
	var slow, junk int
	cmd := &cobra.Command{
		Use: "flood", Short: "Flood one portal with what strangers send, while applicants go on", Args: cobra.NoArgs,
		Long: "Connects that many clients to one portal that do everything by the byte, one a second, and has others send junk:\n" +
			"unknown addresses, forged cookies, tokens, keys and webhooks, too long headers and bodies, and what is no HTTP at all.\n" +
			"Prints how long applicants wait for their pages meanwhile, and before. The flood lasts as long as a load; 1m is usual.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := s.options(cmd)
			if err != nil {
				return err
			}
			o.Sizes = nil // which are not compared
			machine := bench.LookAtMachine()
			rows, wrong := bench.Flood(cmd.Context(), o, slow, junk)
			return s.print(cmd, rows, machine.Line(), wrong)
		},
	}
	cmd.Flags().IntVar(&slow, "slow", bench.FloodSlow, "how many slow connections")
	cmd.Flags().IntVar(&junk, "junk", bench.FloodJunk, "how many junk requests")
	return cmd
}
