package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"portal/internal/config"
	"portal/internal/postgres"
	"portal/migrations"
)

func newMigrate(getenv func(string) string) *cobra.Command {
	up := &cobra.Command{
		Use: "up", Short: "Bring the database schema up to this version", Args: cobra.NoArgs,
		RunE: working(func(cmd *cobra.Command) error { return migrateUp(cmd, getenv) }),
	}
	status := &cobra.Command{
		Use: "status", Short: "List the migrations and when the database took them", Args: cobra.NoArgs,
		RunE: working(func(cmd *cobra.Command) error { return migrationStatus(cmd, getenv) }),
	}
	return group("migrate", "Change the database schema", "The database is that of PORTAL_DATABASE_URL.", up, status)
}

func migrateUp(cmd *cobra.Command, getenv func(string) string) error {
	return withDatabase(cmd.Context(), getenv, func(pool *pgxpool.Pool) error {
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
	return withDatabase(cmd.Context(), getenv, func(pool *pgxpool.Pool) error {
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

// withDatabase works on the configured database, of which alone the settings are read. What goes wrong once it is reached
// is not the setting's fault.
func withDatabase(ctx context.Context, getenv func(string) string, work func(*pgxpool.Pool) error) error {
	e, err := databaseEnviron(getenv)
	if err != nil {
		return err
	}
	pool, err := postgres.Connect(ctx, e.DatabaseURL.Reveal())
	if err != nil {
		return fmt.Errorf("PORTAL_DATABASE_URL: %w", err)
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
	if err == nil && e.DatabaseURL == "" {
		err = errors.New("PORTAL_DATABASE_URL: required")
	}
	return e, err
}
