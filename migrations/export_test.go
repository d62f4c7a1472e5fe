package migrations

import (
	"context"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
)

// The tests use schemas of their own, because the real one changes.
var (
	UpFrom       = up
	StatusOf     = status
	CheckAgainst = check
)

// Down undoes every migration.
func Down(ctx context.Context, pool *pgxpool.Pool) error {
	return down(ctx, pool, files)
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
