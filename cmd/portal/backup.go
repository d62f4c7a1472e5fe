package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"portal/internal/backup"
	"portal/internal/config"
	"portal/internal/seal"
)

const drillLong = `Shows that the portal can be restored from a backup: dumps the database (pg_dump), restores the dump into a scratch
database (pg_restore), and verifies that one. The schema must be that of this portal, every table must have the rows that it had
in the very moment of the dump, no constraint may be missing or out of force, the audit trail must hold, and PORTAL_SEAL_KEYSET
must open what is sealed: keys are looked at of all values, and up to 50 of each key in each column are opened.

The database is that of PORTAL_DATABASE_DIRECT_URL, or of PORTAL_DATABASE_URL where that leads to Postgres itself. It is only
read. The scratch database is a new one on the same server, which the login must have the right to create, and is dropped at the
end, also when the drill is interrupted. The dump is a file in the folder for temporary files (TMPDIR), removed at the end.

With --dump the dump is yours, in any format that pg_restore takes: only what it holds can be judged then, not what it lacks.
With --scratch the scratch database is yours, and what was restored stays in it. With both, no other database is needed.`

// drill is what a drill works with.
type drill struct {
	source  string // "" where nothing is dumped
	dump    string // a file
	taken   bool   // the dump is somebody's, and is not made
	scratch string
	keys    *seal.Keyset
}

func newBackup(getenv func(string) string) *cobra.Command {
	var dump, scratch string
	cmd := &cobra.Command{Use: "drill", Short: "Restore a backup into a scratch database and verify it", Long: drillLong, Args: cobra.NoArgs}
	cmd.Flags().StringVar(&dump, "dump", "", "a dump to restore, rather than one made now")
	cmd.Flags().StringVar(&scratch, "scratch", "", "the URL of an empty database to restore into, rather than a new one")
	cmd.RunE = working(func(cmd *cobra.Command) error {
		d, err := newDrill(getenv, dump, scratch)
		if err != nil {
			return err
		}
		return d.withDump(func() error {
			return d.withScratch(cmd.Context(), func() error { return d.run(cmd.Context(), cmd.OutOrStdout()) })
		})
	})
	return group("backup", "See whether backups can be restored", "How to make them is in docs/operations.md.", cmd)
}

// newDrill reads the settings that a drill needs.
func newDrill(getenv func(string) string, dump, scratch string) (*drill, error) {
	e, err := config.Environ(getenv)
	if err != nil {
		return nil, err
	}
	d := &drill{dump: dump, taken: dump != "", scratch: scratch}
	if d.source = e.SessionURL().Reveal(); d.source == "" && (dump == "" || scratch == "") {
		return nil, errors.New("PORTAL_DATABASE_URL: needed unless --dump and --scratch are given (or PORTAL_DATABASE_DIRECT_URL, where PORTAL_DATABASE_POOLING is transaction)")
	}
	if e.SealKeyset == "" {
		return nil, errors.New("PORTAL_SEAL_KEYSET: needed to see that it opens what is sealed")
	}
	if d.keys, err = seal.Parse(e.SealKeyset.Reveal()); err != nil {
		return nil, fmt.Errorf("PORTAL_SEAL_KEYSET: %w", err)
	}
	return d, nil
}

// withDump has a place for the dump while something is done.
func (d *drill) withDump(do func() error) (err error) {
	if d.taken {
		return do()
	}
	dir, err := os.MkdirTemp("", "portal-drill-") // which nobody else may enter
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d.dump = filepath.Join(dir, "dump")
	return do()
}

// withScratch has an empty database while something is done.
func (d *drill) withScratch(ctx context.Context, do func() error) (err error) {
	if d.scratch != "" {
		if err := backup.CheckEmpty(ctx, d.scratch); err != nil {
			return fmt.Errorf("--scratch: %w", err)
		}
		return do()
	}
	scratch, drop, err := backup.NewScratch(ctx, d.source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop()) }()
	d.scratch = scratch
	return do()
}
