package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"portal/internal/config"
	"portal/internal/postgres"
	"portal/migrations"
)

// migrateWait is above what a Postgres takes that is started together with the portal.
const migrateWait = 30 * time.Second

func newMigrate(getenv func(string) string) *cobra.Command {
	var wait time.Duration
	up := &cobra.Command{
		Use: "up", Short: "Bring the database schema up to this version", Args: cobra.NoArgs,
		Long: "Brings the database schema up to this version. Waits for a Postgres that is not there yet.",
		RunE: working(func(cmd *cobra.Command) error { return migrateUp(cmd, getenv, wait) }),
	}
	up.Flags().DurationVar(&wait, "wait", migrateWait, "how long to wait for Postgres")
	status := &cobra.Command{
		Use: "status", Short: "List the migrations and when the database took them", Args: cobra.NoArgs,
		RunE: working(func(cmd *cobra.Command) error { return migrationStatus(cmd, getenv) }),
	}
	return group("migrate", "Change the database schema",
		"The database is that of PORTAL_DATABASE_DIRECT_URL, or of PORTAL_DATABASE_URL where that leads to Postgres itself.", up, status)
}

func migrateUp(cmd *cobra.Command, getenv func(string) string, wait time.Duration) error {
	return withSessions(cmd, getenv, wait, func(pool *pgxpool.Pool) error {
		applied, err := migrations.Up(cmd.Context(), pool)
		for _, name := range applied {
			_, _ = fmt.Fprintln(cmd.OutOrStdout(), "applied", name)
		}
		if err == nil && len(applied) == 0 {
			_, _ = fmt.Fprintln(cmd.OutOrStdout(), "nothing to do")
		}
		return err
	})
}

func migrationStatus(cmd *cobra.Command, getenv func(string) string) error {
	return withSessions(cmd, getenv, 0, func(pool *pgxpool.Pool) error {
		list, err := migrations.Status(cmd.Context(), pool)
		for _, m := range list {
			when := "pending"
			if !m.AppliedAt.IsZero() {
				when = m.AppliedAt.UTC().Format(time.RFC3339)
			}
			_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%5d  %-20s  %s\n", m.Version, when, m.Name)
		}
		return err
	})
}

// withSessions works on the configured database past a proxy that takes connections away: migrating takes a lock that is
// the connection's.
func withSessions(cmd *cobra.Command, getenv func(string) string, wait time.Duration, work func(*pgxpool.Pool) error) error {
	e, err := databaseEnviron(getenv)
	if err != nil {
		return err
	}
	name := "PORTAL_DATABASE_URL"
	if e.DatabaseDirectURL != "" || e.TransactionPooling() {
		name = "PORTAL_DATABASE_DIRECT_URL"
	}
	if e.SessionURL() == "" {
		return fmt.Errorf("%s: required to migrate, because PORTAL_DATABASE_POOLING is %q", name, e.DatabasePooling)
	}
	pool, err := postgres.ConnectAside(cmd.Context(), e.SessionURL().Reveal())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer pool.Close()
	if err := reach(cmd, pool, wait); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return work(pool)
}

// reach waits for Postgres for so long, and says so.
func reach(cmd *cobra.Command, pool *pgxpool.Pool, wait time.Duration) error {
	if wait <= 0 {
		return pool.Ping(cmd.Context())
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), wait)
	defer cancel()
	return await(ctx, pool.Ping, func(cause error) {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), "waiting for Postgres:", cause)
	})
}

// withDatabase works on the configured database, of which alone the settings are read. What goes wrong once it is reached
// is not the setting's fault.
func withDatabase(ctx context.Context, getenv func(string) string, work func(*pgxpool.Pool) error) error {
	e, err := databaseEnviron(getenv)
	if err != nil {
		return err
	}
	pool, err := openPool(ctx, e)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := pool.Ping(ctx); err != nil {
		return fmt.Errorf("PORTAL_DATABASE_URL: %w", err)
	}
	return work(pool)
}

// databaseEnviron is the environment of a command that needs a database.
func databaseEnviron(getenv func(string) string) (config.Environment, error) {
	e, err := config.Environ(getenv)
	if err == nil {
		err = e.CheckDatabase()
	}
	return e, err
}
