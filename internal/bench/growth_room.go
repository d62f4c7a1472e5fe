package bench

import (
	"context"
	"fmt"
	"syscall"

	"portal/internal/seeding"
)

// makeSureOfRoom is an error where the disk of Postgres has no room for the databases that [Growth] fills: better said before
// anything is measured than after half an hour.
func (r *Run) makeSureOfRoom(ctx context.Context) error {
	if len(r.Sizes) == 0 {
		return nil
	}
	var dir string
	if err := r.Pool.QueryRow(ctx, "show data_directory").Scan(&dir); err != nil {
		return fmt.Errorf("finding where Postgres keeps its files: %w", err)
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return fmt.Errorf("looking for room in %s: %w", dir, err)
	}
	return r.roomFor(dir, int64(disk.Bavail)*disk.Bsize)
}

// roomFor says how much room is wanted, and is an error where less is free.
func (r *Run) roomFor(dir string, free int64) error {
	var wanted int64
	for _, n := range r.Sizes {
		wanted += seeding.Room(n)
	}
	const giga = 1e9
	said := fmt.Sprintf("the databases of %d registrations take up to %.1f GB in %s, where %.1f GB are free", r.Sizes, float64(wanted)/giga, dir, float64(free)/giga)
	if free < wanted {
		return fmt.Errorf("%s: choose others with --sizes", said)
	}
	_, _ = fmt.Fprintln(r.Progress, said) // for people
	return nil
}
