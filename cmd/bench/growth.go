package main

import (
	"slices"

	"github.com/spf13/cobra"

	"portal/internal/bench"
)

func newGrowth(s *settings) *cobra.Command {
	var sizes []int
	cmd := &cobra.Command{
		Use: "growth", Short: "Measure pages with few and with many registrations in the database", Args: cobra.NoArgs,
		Long: "Fills a database for each number of registrations, and asks for every page that reads the database at a modest rate,\n" +
			"on all of them in turn. Five million registrations take about 15 GB of disk and some minutes.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := s.options(cmd)
			if err != nil {
				return err
			}
			machine := bench.LookAtMachine()
			slices.Sort(sizes)
			rows, wrong := bench.Growth(cmd.Context(), o, sizes)
			return s.print(cmd, rows, machine.Line()+bench.GrowthFoot(o.Length), wrong)
		},
	}
	cmd.Flags().IntSliceVar(&sizes, "registrations", []int{10_000, 5_000_000}, "how many, separated by commas")
	return cmd
}
