package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"portal/internal/config"
	"portal/internal/seal"
	"portal/internal/seeding"
)

// seedFlags are the flags of seed.
type seedFlags struct {
	registrations, visitors int
	database                string
}

func newSeed() *cobra.Command {
	var f seedFlags
	cmd := &cobra.Command{
		Use: "seed", Short: "Fill a fresh database with years of registrations", Args: cobra.NoArgs,
		Long: "Fills a migrated and empty database with what a portal would have stored over three years: all constraints hold,\n" +
			"everything secret is sealed with PORTAL_SEAL_KEYSET, and every trail with its chain. Nobody in it exists.\n" +
			"The database is that of PORTAL_DATABASE_URL unless --database names another; its role must be a superuser.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.seed(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().IntVar(&f.registrations, "registrations", 100_000, "how many")
	cmd.Flags().IntVar(&f.visitors, "visitors", 100, "how many of them are open and have their applicant signed in")
	cmd.Flags().StringVar(&f.database, "database", "", "the URL of the database to fill")
	return cmd
}

func (f seedFlags) seed(ctx context.Context, out, progress io.Writer) error {
	e, err := config.Environ(os.Getenv)
	if err != nil {
		return err
	}
	url := cmp.Or(f.database, e.DatabaseURL.Reveal())
	if url == "" {
		return errors.New("--database, or PORTAL_DATABASE_URL: required")
	}
	keys, err := seal.Parse(e.SealKeyset.Reveal())
	if err != nil {
		return fmt.Errorf("PORTAL_SEAL_KEYSET: %w", err)
	}
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return errors.New("the URL of the database is none") // the driver's error repeats it
	}
	defer pool.Close()
	began := time.Now()
	seeded, err := seeding.Fill(ctx, pool, seeding.Options{
		Registrations: f.registrations, Visitors: min(f.visitors, f.registrations), Keys: keys, Now: began, Seed: rand.Uint64(),
		Progress: tenths(progress, f.registrations),
	})
	if err != nil {
		return err
	}
	took := time.Since(began)
	var size int64
	if err := pool.QueryRow(ctx, "select pg_database_size(current_database())").Scan(&size); err != nil {
		return fmt.Errorf("asking for the size of the database: %w", err)
	}
	return printSeeded(out, seeded, took, size)
}

// tenths tells of every tenth of so many.
func tenths(w io.Writer, of int) func(done int) {
	next := 1
	return func(done int) {
		for ; next <= 10 && done >= of/10*next; next++ {
			_, _ = fmt.Fprintf(w, "copied %d %%\n", next*10) // for people
		}
	}
}

func printSeeded(w io.Writer, s seeding.Seeded, took time.Duration, size int64) error {
	for _, table := range slices.Sorted(maps.Keys(s.Rows)) {
		if _, err := fmt.Fprintf(w, "%-20s %12d\n", table, s.Rows[table]); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "in %s; the database has %d MB\n", took.Round(100*time.Millisecond), size/1e6)
	return err
}
