package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"portal/internal/bench/bare"
)

// newBare is for bench itself: what the portal is compared with is a process of its own, too.
func newBare() *cobra.Command {
	var config, listen, debug string
	cmd := &cobra.Command{
		Use: "bare", Short: "Serve what the portal is compared with", Args: cobra.NoArgs, Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := os.ReadFile(config)
			if err != nil {
				return err
			}
			var c bare.Config
			if err := json.Unmarshal(text, &c); err != nil {
				return fmt.Errorf("%s: %w", config, err)
			}
			return bare.Serve(cmd.Context(), c, listen, debug, cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&config, "config", "", "the file that says what to serve")
	cmd.Flags().StringVar(&listen, "listen", "", "the address of the pages")
	cmd.Flags().StringVar(&debug, "debug-listen", "", "the address of health and metrics")
	return cmd
}
