package migrations

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// upOwn applies the portal's own migrations. The caller holds the lock.
func upOwn(ctx context.Context, pool *pgxpool.Pool, fsys fs.FS) ([]string, error) {
	p, err := provider(pool, fsys)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	results, err := p.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrating the database: %w", err)
	}
	var names []string
	for _, r := range results {
		names = append(names, r.Source.Path)
	}
	return names, nil
}

func statusOwn(ctx context.Context, pool *pgxpool.Pool, fsys fs.FS) ([]Migration, error) {
	p, err := provider(pool, fsys)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	states, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the state of the schema: %w", err)
	}
	var list []Migration
	for _, s := range states {
		list = append(list, Migration{Version: s.Source.Version, Name: s.Source.Path, AppliedAt: s.AppliedAt})
	}
	return list, nil
}

func checkOwn(ctx context.Context, db Querier, fsys fs.FS) error {
	need, err := newest(fsys)
	if err != nil {
		return err
	}
	have, err := version(ctx, db, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`)
	if err == nil && have < need {
		return &OldSchemaError{Have: have, Need: need}
	}
	return err
}

func newest(fsys fs.FS) (int64, error) {
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return 0, fmt.Errorf("listing the migrations: %w", err)
	}
	var highest int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("migration %s: %w", name, err)
		}
		highest = max(highest, version)
	}
	return highest, nil
}

func provider(pool *pgxpool.Pool, fsys fs.FS) (*goose.Provider, error) {
	p, err := goose.NewProvider(goose.DialectPostgres, stdlib.OpenDBFromPool(pool), fsys, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return p, nil
}
