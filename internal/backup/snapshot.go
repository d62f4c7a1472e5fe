package backup

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Snapshot is what a database held at one moment.
type Snapshot struct {
	Rows  map[string]int64 // by table
	Rules map[string]bool  // constraints, indexes and triggers, and whether each is in force
	Size  int64            // in bytes, on the server's disk
}

// Look reads what a database holds.
func Look(ctx context.Context, address string) (s Snapshot, err error) {
	db, err := connect(ctx, address)
	if err != nil {
		return s, err
	}
	defer leave(ctx, db)
	moment := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, db, moment, func(tx pgx.Tx) (err error) {
		s, err = look(ctx, tx)
		return err
	})
	return s, err
}

// Total is the number of all rows.
func (s Snapshot) Total() (n int64) {
	for _, rows := range s.Rows {
		n += rows
	}
	return n
}

// OutOfForce lists the rules that nobody enforces, such as constraints that were never validated.
func (s Snapshot) OutOfForce() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(s.Rules)) {
		if !s.Rules[name] {
			names = append(names, name)
		}
	}
	return names
}

// Differences says in which tables a copy has other rows, and which rules it lacks or has besides.
func (s Snapshot) Differences(of Snapshot) (rows, rules []string) {
	for _, table := range both(s.Rows, of.Rows) {
		if want, have := s.Rows[table], of.Rows[table]; want != have {
			rows = append(rows, fmt.Sprintf("%s: %d rows, and %d in the copy", table, want, have))
		}
	}
	for _, name := range both(s.Rules, of.Rules) {
		_, was := s.Rules[name]
		_, is := of.Rules[name]
		switch {
		case was && !is:
			rules = append(rules, name+": not in the copy")
		case is && !was:
			rules = append(rules, name+": only in the copy")
		}
	}
	return rows, rules
}

// both are the names that either has.
func both[V any](one, other map[string]V) []string {
	all := map[string]bool{}
	for name := range one {
		all[name] = true
	}
	for name := range other {
		all[name] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// whole makes names complete whatever the login's search path, and the snapshot last however long it is needed.
const whole = `select set_config('search_path', '', true), set_config('statement_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true)`

const tables = `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'`

const ruleQuery = `
select 'constraint ' || conname || ' of ' || conrelid::regclass, convalidated
from pg_constraint c join pg_namespace n on n.oid = c.connamespace
where conrelid <> 0 and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
union all
select 'index ' || indexrelid::regclass, indisvalid
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
union all
select 'trigger ' || tgname || ' of ' || tgrelid::regclass, tgenabled <> 'D' from pg_trigger where not tgisinternal`

func look(ctx context.Context, tx pgx.Tx) (s Snapshot, err error) {
	if _, err := tx.Exec(ctx, whole); err != nil {
		return s, err
	}
	if err := tx.QueryRow(ctx, "select pg_database_size(current_database())").Scan(&s.Size); err != nil {
		return s, err
	}
	if s.Rows, err = count(ctx, tx); err != nil {
		return s, fmt.Errorf("counting rows: %w", err)
	}
	if s.Rules, err = rules(ctx, tx); err != nil {
		return s, fmt.Errorf("reading the constraints: %w", err)
	}
	return s, nil
}

func count(ctx context.Context, tx pgx.Tx) (map[string]int64, error) {
	rows, _ := tx.Query(ctx, tables) // its error is the rows' too
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	counted := map[string]int64{}
	for _, name := range names {
		var n int64
		if err := tx.QueryRow(ctx, "select count(*) from "+name).Scan(&n); err != nil { // quoted by Postgres where it must be
			return nil, err
		}
		counted[name] = n
	}
	return counted, nil
}

func rules(ctx context.Context, tx pgx.Tx) (map[string]bool, error) {
	rows, _ := tx.Query(ctx, ruleQuery)
	found := map[string]bool{}
	var name string
	var valid bool
	_, err := pgx.ForEachRow(rows, []any{&name, &valid}, func() error {
		found[name] = valid
		return nil
	})
	return found, err
}
