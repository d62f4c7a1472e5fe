package migrations

import (
	"context"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/rivermigrate"
)

// The tests use schemas of their own, because the real one changes.
var (
	UpFrom       = up
	StatusOf     = status
	CheckAgainst = check
)

// Down undoes every migration.
func Down(ctx context.Context, pool *pgxpool.Pool) error {
	if err := DownQueue(ctx, pool, 0); err != nil {
		return err
	}
	return down(ctx, pool, files)
}

// DownQueue undoes the job queue's migrations after the given one.
func DownQueue(ctx context.Context, pool *pgxpool.Pool, version int) error {
	m, err := migrator(pool)
	if err != nil {
		return err
	}
	if version == 0 {
		version = -1 // River's word for none
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionDown, &rivermigrate.MigrateOpts{TargetVersion: version})
	return err
}

func down(ctx context.Context, pool *pgxpool.Pool, fsys fs.FS) error {
	p, err := provider(pool, fsys)
	if err != nil {
		return err
	}
	defer p.Close()
	_, err = p.DownTo(ctx, 0)
	return err
}
