package seeding

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// frame is what a table is beside its rows: keys and indexes, which are taken off before the rows are copied and put on again
// afterwards. To sort once is much quicker than to insert at five million places, and Postgres itself then proves that what was
// copied is unique and refers to what is there. It happens in one transaction: a seeding that is broken off leaves nothing.
type frame struct{ drop, create []string }

// The constraints and indexes of tables, those that others lean on last. Checks stay: they look at each row as it comes. A
// foreign key is that of the tables themselves, or one of others that refers to them.
const frameQuery = `
select format('alter table %s drop constraint %I', conrelid::regclass, conname) as without,
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as again,
    case contype when 'f' then 1 else 2 end as turn, conname::text as name
from pg_constraint
where contype = 'f' and (conrelid = any($1::text[]::regclass[]) or confrelid = any($1::text[]::regclass[]))
    or contype in ('p', 'u') and conrelid = any($1::text[]::regclass[])
union all
select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 3, indexrelid::regclass::text
from pg_index
where indrelid = any($1::text[]::regclass[])
    and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
order by turn, name`

// readFrame reads the frame of the tables that are filled.
func readFrame(ctx context.Context, tx pgx.Tx) (frame, error) {
	rows, err := tx.Query(ctx, frameQuery, names())
	if err != nil {
		return frame{}, fmt.Errorf("reading keys and indexes: %w", err)
	}
	var f frame
	var without, again string
	_, err = pgx.ForEachRow(rows, []any{&without, &again, nil, nil}, func() error {
		f.drop = append(f.drop, without)
		f.create = append([]string{again}, f.create...) // in the opposite order
		return nil
	})
	if err != nil {
		return frame{}, fmt.Errorf("reading keys and indexes: %w", err)
	}
	return f, nil
}

func names() []string {
	list := make([]string, len(tables))
	for i, t := range tables {
		list[i] = t.name
	}
	return list
}

// The session's own settings, while the transaction lasts: triggers do not fire, so that nobody is told of what was long ago,
// and sorting has memory.
var settings = []string{
	"set local session_replication_role = replica",
	"set local maintenance_work_mem = '512MB'",
	"set local statement_timeout = 0",
}

// takeOff empties the tables, which hold nothing, and takes their frame off. Truncating is what allows rows to be frozen.
func (f frame) takeOff(ctx context.Context, tx pgx.Tx) error {
	truncate := "truncate " + strings.Join(names(), ", ")
	return inOrder(ctx, tx, append(append(append([]string{}, settings...), f.drop...), truncate))
}

// putOn puts the frame on again. Before that the planner has to learn how large the tables are, since foreign keys are looked at
// by a query; and notices must not be given numbers that are taken.
func (f frame) putOn(ctx context.Context, tx pgx.Tx) error {
	numbers := "select setval(pg_get_serial_sequence('notices', 'seq'), coalesce((select max(seq) from notices), 0) + 1, false)"
	return inOrder(ctx, tx, append([]string{"analyze " + strings.Join(names(), ", "), numbers}, f.create...))
}

func inOrder(ctx context.Context, tx pgx.Tx, statements []string) error {
	for _, s := range statements {
		if _, err := tx.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}
