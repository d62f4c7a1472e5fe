package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"portal/internal/seal"
)

// sealedColumn is a column of what is sealed. The place that its contents are bound to is an expression of SQL.
type sealedColumn struct{ table, key, column, place string }

func (c sealedColumn) name() string { return c.table + "." + c.column }

// sealedColumns are all of them.
var sealedColumns = []sealedColumn{
	{"customer_requests", "id", "sealed_key", "'customer_requests.sealed_key/' || registration_id || '/' || id"},
	{"registration_facts", "registration_id", "sealed", "'registration_facts.sealed/' || registration_id"},
	{"structures", "registration_id", "sealed_own", "'structures.sealed_own/' || registration_id"},
	{"associates", "id", "sealed", "'associates.sealed/' || id"},
	{"verifications", "registration_id", "sealed", "'verifications.sealed/' || registration_id"},
	{"webhooks", "seq", "sealed_body", "'webhooks.sealed_body/' || provider || '/' || message_id"},
	{"links", "token_hash", "sealed_facts", "'links.sealed_facts/' || encode(token_hash, 'hex')"},
	{"sessions", "token_hash", "sealed_id_token", "'sessions.sealed_id_token/' || encode(token_hash, 'hex')"},
}

const (
	lookedThrough = 200 // rows in one statement; bodies of webhooks are the largest of what they hold
	sealedAtOnce  = 50  // rows in one transaction, so that nobody waits for them
)

// Seals counts what is sealed, by keys. What no key has sealed that could be is counted under zero.
func (s *Store) Seals(ctx context.Context) (map[seal.KeyID]int, error) {
	by := map[seal.KeyID]int{}
	err := s.eachSealed(ctx, func(_ sealedColumn, found []sealedValue) error {
		for _, v := range found {
			id, _ := seal.KeyOf(v.sealed)
			by[id]++
		}
		return nil
	})
	return by, err
}

// Reseal seals anew, with the primary key, what another key of the keyset has sealed. It goes through everything, some rows at
// a time, and leaves alone what somebody changes meanwhile, who seals with the primary key, too. What does not open stays as it
// is, and is counted as lost.
func (s *Store) Reseal(ctx context.Context) (anew, lost int, err error) {
	err = s.eachSealed(ctx, func(c sealedColumn, found []sealedValue) error {
		stale, unopened, err := s.stale(found)
		if err != nil {
			return err
		}
		n, err := s.sealAnew(ctx, c, stale)
		anew, lost = anew+n, lost+unopened
		return err
	})
	return anew, lost, err
}

// stale are those that another key than the primary one has sealed, with what is to take their place.
func (s *Store) stale(found []sealedValue) (stale []sealedValue, lost int, err error) {
	for _, v := range found {
		if id, ok := seal.KeyOf(v.sealed); ok && id == s.keys.Primary() {
			continue
		}
		text, err := s.keys.Open(v.sealed, v.place)
		if err != nil {
			lost++
			continue
		}
		if v.anew, err = s.keys.Seal(text, v.place); err != nil {
			return nil, lost, err
		}
		stale = append(stale, v)
	}
	return stale, lost, nil
}

// sealedValue is a value with the key of its row.
type sealedValue struct {
	key    any
	place  string
	sealed []byte
	anew   []byte
}

// eachSealed goes through what is sealed, in the order of the rows' keys. A batch may be empty.
func (s *Store) eachSealed(ctx context.Context, do func(c sealedColumn, found []sealedValue) error) error {
	for _, c := range sealedColumns {
		var after any
		for more := true; more; {
			found, last, n, err := s.sealedAfter(ctx, c, after)
			if err == nil {
				err = do(c, found)
			}
			if err != nil {
				return fault("going through "+c.name(), err)
			}
			after, more = last, n == lookedThrough
		}
	}
	return nil
}

// sealedAfter reads the values of some rows behind one, of the first where that is nil, and says which row was the last, and
// how many there were.
func (s *Store) sealedAfter(ctx context.Context, c sealedColumn, after any) (found []sealedValue, last any, n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, batchWithin)
	defer cancel()
	where, args := "", []any{}
	if after != nil {
		where, args = "where "+c.key+" > $1", []any{after}
	}
	rows, err := s.pool.Query(ctx, fmt.Sprintf("select %s, %s, %s from %s %s order by 1 limit %d", c.key, c.column, c.place, c.table, where, lookedThrough), args...)
	if err != nil {
		return nil, nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var v sealedValue
		if err := rows.Scan(&v.key, &v.sealed, &v.place); err != nil {
			return nil, nil, 0, err
		}
		last, n = v.key, n+1
		if len(v.sealed) > 0 {
			found = append(found, v)
		}
	}
	return found, last, n, rows.Err()
}

// sealAnew puts the new values in place of those that are still there.
func (s *Store) sealAnew(ctx context.Context, c sealedColumn, values []sealedValue) (n int, err error) {
	for some := range slices.Chunk(values, sealedAtOnce) {
		batch := &pgx.Batch{}
		for _, v := range some {
			batch.Queue(fmt.Sprintf("update %s set %s = $2 where %s = $1 and %s = $3", c.table, c.column, c.key, c.column), v.key, v.anew, v.sealed)
		}
		changed, err := s.changeAll(ctx, batch)
		n += changed
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (s *Store) changeAll(ctx context.Context, batch *pgx.Batch) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	answers := s.pool.SendBatch(ctx, batch)
	defer func() { err = errors.Join(err, answers.Close()) }()
	for range batch.Len() {
		tag, err := answers.Exec()
		if err != nil {
			return n, err
		}
		n += int(tag.RowsAffected())
	}
	return n, nil
}
