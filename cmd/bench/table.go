package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"portal/internal/bench"
	"portal/internal/bench/stage"
	"portal/web/session"
)

// errNotHeld is what --strict makes of a table with a promise that is not held.
var errNotHeld = errors.New("not every promise is held")

// settings are the flags.
type settings struct {
	length   time.Duration
	profiles string
	only     string
	strict   bool
	root     string
	sizes    []int // numbers of registrations
}

func newCommand() *cobra.Command {
	var s settings
	root := &cobra.Command{
		Use: "bench", Short: "Measure the portal beside what bounds it", Args: cobra.NoArgs, SilenceErrors: true, SilenceUsage: true,
		Long: "Measures the built portal beside what bounds it, on a private Postgres, and prints one table, at the end of which are\n" +
			"those of streams and of growth, which are commands of their own, too. It takes the program portal from the folder\n" +
			"that bench itself is in, and portal.toml from the one that it is called in.",
		RunE: func(cmd *cobra.Command, _ []string) error { return s.measure(cmd) },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().StringVar(&s.root, "root", ".", "the folder of portal.toml")
	root.PersistentFlags().DurationVar(&s.length, "load", 10*time.Second, "how long each load lasts")
	root.PersistentFlags().StringVar(&s.profiles, "profiles", "", "write CPU and heap profiles of the portal to this folder")
	root.PersistentFlags().StringVar(&s.only, "only", "", "measure only what this regular expression matches")
	root.PersistentFlags().BoolVar(&s.strict, "strict", false, "fail where a promise is not held")
	root.PersistentFlags().IntSliceVar(&s.sizes, "sizes", []int{10_000, 5_000_000}, "numbers of registrations to compare, separated by commas")
	root.AddCommand(newBare(), newSeed(), newGrowth(&s), newStreams(&s), newSoak(&s), newFlood(&s))
	return root
}

// options are what the flags say, and where the programs are.
func (s settings) options(cmd *cobra.Command) (bench.Options, error) {
	self, err := os.Executable()
	if err != nil {
		return bench.Options{}, err
	}
	only, err := regexp.Compile(s.only)
	if err != nil {
		return bench.Options{}, fmt.Errorf("--only: %w", err)
	}
	return bench.Options{
		Options: stage.Options{Bin: filepath.Dir(self), Root: s.root, Cookies: newCookies}, Self: self,
		Length: s.length, Profiles: s.profiles, Only: only, Sizes: s.sizes, Progress: cmd.ErrOrStderr(),
	}, nil
}

// newCookies seals sessions as the portal does. A portal judges itself how long they last.
func newCookies(keys [][]byte, base *url.URL) (stage.Cookies, error) {
	return session.New(session.Options{Keys: keys, BaseURL: base, Name: "portal_session", MaxAge: 24 * time.Hour})
}

func (s settings) measure(cmd *cobra.Command) error {
	o, err := s.options(cmd)
	if err != nil {
		return err
	}
	if !o.Wants(growth) {
		o.Sizes = nil
	}
	machine := bench.LookAtMachine()
	rows, wrong := bench.Measure(cmd.Context(), o, bench.Cases())
	if wrong == nil && o.Wants(streams) {
		rows, wrong = more(rows, func() ([]bench.Row, error) { return bench.Streams(cmd.Context(), o, bench.StreamsPromised) })
	}
	foot := machine.Foot(o.Length)
	if wrong == nil && o.Wants(growth) {
		o.Only = nil // has picked the part as a whole
		rows, wrong = more(rows, func() ([]bench.Row, error) { return bench.Growth(cmd.Context(), o) })
		foot += bench.GrowthFoot(o.Length)
	}
	return s.print(cmd, rows, foot, wrong)
}

// more is rows with those of another part.
func more(rows []bench.Row, measure func() ([]bench.Row, error)) ([]bench.Row, error) {
	others, err := measure()
	return append(rows, others...), err
}

// print prints what there is of a table, even where something went wrong in the middle.
func (s settings) print(cmd *cobra.Command, rows []bench.Row, foot string, wrong error) error {
	if err := bench.WriteTable(cmd.OutOrStdout(), rows); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "\n%s", foot); err != nil {
		return err
	}
	if wrong == nil && s.strict && !bench.Held(rows) {
		return errNotHeld
	}
	return wrong
}
