// Package backup takes a dump of the portal's database with Postgres's own programs, restores one into a scratch database, and
// tells a copy from what it was made of. It only reads what it dumps.
//
// [Dump] counts what it dumps as of the very moment of the dump, so that [Snapshot.Differences] finds a single row that a copy
// lacks while the portal goes on working.
package backup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Dump writes a dump of a database to a file, in Postgres's custom format, and says what the database held at that moment.
func Dump(ctx context.Context, address, file string) (s Snapshot, err error) {
	db, err := connect(ctx, address)
	if err != nil {
		return s, err
	}
	defer leave(ctx, db)
	moment := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, db, moment, func(tx pgx.Tx) error {
		if s, err = look(ctx, tx); err != nil {
			return err
		}
		var id string
		if err := tx.QueryRow(ctx, "select pg_export_snapshot()").Scan(&id); err != nil {
			return fmt.Errorf("sharing the snapshot: %w", err)
		}
		return execute(ctx, address, "pg_dump", "--format=custom", "--snapshot="+id, "--file="+file)
	})
	return s, err
}

// Restore fills an empty database from a dump. Whose the tables were and who may use them is left out: a scratch server need
// not know those roles, and `portal migrate up` grants anew what the portal needs.
func Restore(ctx context.Context, file, address string) error {
	config, err := parse(address)
	if err != nil {
		return err
	}
	if err := execute(ctx, address, "pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname="+config.Database, file); err != nil {
		return err
	}
	db, err := connect(ctx, address)
	if err != nil {
		return err
	}
	defer leave(ctx, db)
	_, err = db.Exec(ctx, "analyze") // without statistics, which a dump has not, queries of large tables take for ever
	return err
}

// connect opens one connection. Its URL may be that of a pool.
func connect(ctx context.Context, address string) (*pgx.Conn, error) {
	config, err := parse(address)
	if err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, config)
}

func parse(address string) (*pgx.ConnConfig, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("not a Postgres URL") // the driver's error repeats the text
	}
	return config.ConnConfig, nil
}

// leaveFor is how long what must be done at the end may take, whoever has lost patience.
const leaveFor = 10 * time.Second

func leave(ctx context.Context, db *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveFor)
	defer cancel()
	_ = db.Close(ctx) // nothing is left to be lost
}
