package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrNotEmpty says that a database must not be filled.
var ErrNotEmpty = errors.New("the scratch database has tables already: name an empty one")

// CheckEmpty returns ErrNotEmpty of a database that has tables.
func CheckEmpty(ctx context.Context, address string) error {
	db, err := connect(ctx, address)
	if err != nil {
		return err
	}
	defer leave(ctx, db)
	var full bool
	if err := db.QueryRow(ctx, "select exists("+tables+")").Scan(&full); err != nil {
		return err
	}
	if full {
		return ErrNotEmpty
	}
	return nil
}

// scratchPrefix begins the name of every scratch database, so that one whose drill was killed is known for what it is.
const scratchPrefix = "portal_drill_"

// create makes a database that takes the same texts, and orders them the same way, as the one where it is asked for.
const create = `select format('create database %I template template0 encoding %L lc_collate %L lc_ctype %L',
    $1::text, pg_encoding_to_char(encoding), datcollate, datctype) from pg_database where datname = current_database()`

// NewScratch makes an empty database on the server of another, and returns its URL and what drops it, also after the end of ctx.
func NewScratch(ctx context.Context, beside string) (address string, drop func() error, err error) {
	db, err := connect(ctx, beside)
	if err != nil {
		return "", nil, err
	}
	defer leave(ctx, db)
	name := scratchPrefix + strings.ToLower(rand.Text())
	var sql string
	if err := db.QueryRow(ctx, create, name).Scan(&sql); err != nil {
		return "", nil, err
	}
	if address, err = renamed(beside, name); err != nil {
		return "", nil, err
	}
	whatever := context.WithoutCancel(ctx) // a statement that is broken off may yet succeed, and nobody would know
	if _, err := db.Exec(whatever, sql); err != nil {
		return "", nil, fmt.Errorf("making a scratch database (give the login the right by `alter role … createdb`, or name an empty database with --scratch): %w", err)
	}
	return address, func() error { return dropDatabase(whatever, beside, name) }, nil
}

func dropDatabase(ctx context.Context, beside, name string) error {
	ctx, cancel := context.WithTimeout(ctx, leaveFor)
	defer cancel()
	db, err := connect(ctx, beside)
	if err != nil {
		return fmt.Errorf("dropping the scratch database %s: %w", name, err)
	}
	defer leave(ctx, db)
	if _, err := db.Exec(ctx, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)"); err != nil {
		return fmt.Errorf("dropping the scratch database %s: %w", name, err)
	}
	return nil
}

// renamed is the URL of another database on the same server.
func renamed(address, database string) (string, error) {
	u, err := split(address)
	if err != nil {
		return "", err
	}
	u.Path, u.RawPath = "/"+database, ""
	query := u.Query()
	query.Del("dbname")
	query.Del("database")
	u.RawQuery = query.Encode()
	return u.String(), nil
}
