package main

import (
	"github.com/spf13/cobra"

	"portal/internal/bench"
)

// growth is the name of the command, and of its part of the table.
const growth = "growth"

func newGrowth(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: growth, Short: "Measure pages with few and with many registrations in the database", Args: cobra.NoArgs,
		Long: "Fills a database for each number of registrations, and asks for every page that reads the database at a modest rate,\n" +
			"on all of them in turn. Five million registrations take up to 23 GB of disk, below /var/tmp, and some minutes.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := s.options(cmd)
			if err != nil {
				return err
			}
			machine := bench.LookAtMachine()
			rows, wrong := bench.Growth(cmd.Context(), o)
			return s.print(cmd, rows, machine.Line()+bench.GrowthFoot(o.Length), wrong)
		},
	}
}
