package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"portal/internal/config"
	"portal/internal/postgres"
	"portal/internal/seal"
)

func newKeysStatus(getenv func(string) string) *cobra.Command {
	cmd := &cobra.Command{
		Use: "status", Short: "Tell how much each key of the keyset has sealed", Args: cobra.NoArgs,
		Long: "Goes through everything that is sealed in the database, changes nothing, and tells how much of it each key of\n" +
			"PORTAL_SEAL_KEYSET has sealed. What a key has sealed that is not in the keyset cannot be read; the exit status is 1 then.",
	}
	dir := cmd.Flags().String("dir", "", "folder that holds the keys")
	cmd.RunE = working(func(cmd *cobra.Command) error {
		k, err := readKeys(getenv, *dir)
		if err != nil {
			return err
		}
		return k.withStore(cmd.Context(), getenv, func(s *postgres.Store, keys *seal.Keyset) error {
			by, err := s.Seals(cmd.Context())
			if err != nil {
				return err
			}
			return tellKeys(cmd.OutOrStdout(), keys, by)
		})
	})
	return cmd
}

// tellKeys lists the keys of a keyset, and what others have sealed.
func tellKeys(to io.Writer, keys *seal.Keyset, by map[seal.KeyID]int) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "KEY\tUSE\tSEALED")
	all := keys.Keys()
	for i, id := range all {
		use := "opens"
		switch {
		case id == keys.Primary():
			use = "seals"
		case i == len(all)-1:
			use = "waits for being promoted"
		}
		_, _ = fmt.Fprintf(table, "%d\t%s\t%d\n", id, use, by[id])
		delete(by, id)
	}
	lost := 0
	for _, n := range by {
		lost += n
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if lost > 0 {
		return fmt.Errorf("PORTAL_SEAL_KEYSET: %d values were sealed by keys that it lacks: put these back, as a backup of it may have them", lost)
	}
	return nil
}

const retireLong = `Takes the keys out of use that were replaced: the third step after those of portal keys rotate. It seals anew, with the
key that is used, what former keys have sealed, drops those of the keyset that have sealed nothing then, and all cookie
keys but the first. The new settings are printed, or written to the files of --dir.

Run it when all processes use the promoted keys, and PORTAL_SESSION_ABSOLUTE and a day at least have passed since: who
is signed in by a former cookie key is signed out. Backups of the database from before need the former keyset: keep it with them.`

func newKeysRetire(getenv func(string) string) *cobra.Command {
	cmd := &cobra.Command{Use: "retire", Short: "Drop the keys that were replaced", Long: retireLong, Args: cobra.NoArgs}
	dir := cmd.Flags().String("dir", "", "folder that holds the keys")
	cmd.RunE = working(func(cmd *cobra.Command) error {
		k, err := readKeys(getenv, *dir)
		if err != nil {
			return err
		}
		gone, err := k.retire(cmd.Context(), getenv)
		if err != nil {
			return err
		}
		if err := k.put(cmd.OutOrStdout(), *dir); err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.ErrOrStderr(), "Keys of the keyset that were dropped: %d. Have all processes read the new settings (SIGHUP, or a restart).\n", len(gone))
		return err
	})
	return cmd
}

// retire leaves the keys that are used.
func (k *keyTexts) retire(ctx context.Context, getenv func(string) string) (gone []seal.KeyID, err error) {
	err = k.withStore(ctx, getenv, func(s *postgres.Store, _ *seal.Keyset) error {
		if _, _, err := s.Reseal(ctx); err != nil {
			return err
		}
		by, err := s.Seals(ctx)
		if err != nil {
			return err
		}
		k.keyset, gone, err = seal.Retire(k.keyset, func(id seal.KeyID) bool { return by[id] == 0 })
		if errors.Is(err, seal.ErrKeyWaits) {
			return fmt.Errorf("PORTAL_SEAL_KEYSET: %w: run `portal keys rotate --promote` first", err)
		}
		return err
	})
	k.cookie, _, _ = strings.Cut(k.cookie, ",")
	return gone, err
}

// withStore opens the database with the keys.
func (k keyTexts) withStore(ctx context.Context, getenv func(string) string, do func(*postgres.Store, *seal.Keyset) error) error {
	e, err := config.Environ(getenv)
	if err != nil {
		return err
	}
	if e.DatabaseURL == "" {
		return errors.New("PORTAL_DATABASE_URL: needed to look for what the keys have sealed")
	}
	keys, err := seal.Parse(k.keyset)
	if err != nil {
		return fmt.Errorf("PORTAL_SEAL_KEYSET: %w", err)
	}
	pool, err := openDatabase(ctx, e)
	if err != nil {
		return err
	}
	defer pool.Close()
	return do(postgres.New(pool, keys, postgres.NoJobs), keys)
}
