package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"portal/internal/postgres/query"
)

// read makes one statement through the db that it is given and reads the answer. It may be called twice.
type read func(ctx context.Context, db query.DBTX) error

// together makes statements in one round trip. Each is called once to say what it asks, and once more with the answer. They
// are one transaction, and each sees what the ones before it have done.
func together(ctx context.Context, db query.DBTX, reads ...read) (err error) {
	batch := &pgx.Batch{}
	for _, ask := range reads {
		if err := ask(ctx, question{batch: batch}); !errors.Is(err, errAsked) {
			return errors.Join(err, errors.New("a read that asks nothing"))
		}
	}
	answers := db.SendBatch(ctx, batch)
	defer func() { err = errors.Join(err, answers.Close()) }()
	for _, hear := range reads {
		if err := hear(ctx, reply{answers: answers}); err != nil {
			return err
		}
	}
	return nil
}

// noneIsFine is the error of a read whose row need not be there.
func noneIsFine(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// errAsked is the error of a query that is only noted down.
var errAsked = errors.New("asked, and not answered yet")

// question notes down what is asked.
type question struct {
	query.DBTX
	batch *pgx.Batch
}

func (q question) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	q.batch.Queue(sql, args...)
	return pgconn.CommandTag{}, errAsked
}

func (q question) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	q.batch.Queue(sql, args...)
	return nil, errAsked
}

func (q question) QueryRow(_ context.Context, sql string, args ...any) pgx.Row {
	q.batch.Queue(sql, args...)
	return unanswered{}
}

// unanswered is the row of a question.
type unanswered struct{}

func (unanswered) Scan(...any) error { return errAsked }

// reply gives the answers in the order of the questions.
type reply struct {
	query.DBTX
	answers pgx.BatchResults
}

func (r reply) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return r.answers.Exec()
}

func (r reply) Query(context.Context, string, ...any) (pgx.Rows, error) { return r.answers.Query() }

func (r reply) QueryRow(context.Context, string, ...any) pgx.Row { return r.answers.QueryRow() }
