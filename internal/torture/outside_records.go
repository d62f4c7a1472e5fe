package torture

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// recordsRoom is the run's database, as whoever judges the run reads it.
type recordsRoom struct {
	server Database
	name   string
	url    string
	pool   *pgxpool.Pool
}

// newRecordsRoom makes a database out of the server's migrated one. Unlike other tests' it loses nothing when the server
// breaks down: what is committed here was promised to somebody.
func newRecordsRoom(ctx context.Context, server Database, name string) (*recordsRoom, error) {
	d := &recordsRoom{server: server, name: pgx.Identifier{name}.Sanitize(), url: server.URL(name)}
	err := d.order(ctx,
		"create database "+d.name+" template portal strategy file_copy",
		"alter database "+d.name+" set synchronous_commit = on")
	if err != nil {
		return nil, err
	}
	if d.pool, err = pgxpool.New(ctx, d.url); err != nil {
		return nil, fmt.Errorf("opening the run's database: %w", err)
	}
	return d, nil
}

// order has the server do something about the database, from another one.
func (d *recordsRoom) order(ctx context.Context, orders ...string) error {
	conn, err := pgx.Connect(ctx, d.server.URL("postgres"))
	if err != nil {
		return fmt.Errorf("the run's database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, sql := range orders {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("the run's database: %w", err)
		}
	}
	return nil
}

func (d *recordsRoom) close() error {
	if d == nil {
		return nil
	}
	d.pool.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return d.order(ctx, "drop database "+d.name+" with (force)")
}

// try asks again until the database answers; it may be away.
func (d *recordsRoom) try(ctx context.Context, ask func() error) error {
	for {
		err := ask()
		if err == nil {
			return nil
		}
		if !linger(ctx, 20*time.Millisecond) {
			return fmt.Errorf("asking the database in vain: %w", err)
		}
	}
}

// version of a registration.
type version struct {
	ID      string
	Version int64
}

// claimed are the registrations on their way to a form that some process is working on.
func (d *recordsRoom) claimed(ctx context.Context) (list []version, err error) {
	err = d.try(ctx, func() error {
		list, err = rowsOf[version](ctx, d.pool, `
			select id::text, version from registrations
			where status in ('starting', 'unclear') and claimed_until > now()`)
		return err
	})
	return list, err
}

// versions are the present versions of registrations.
func (d *recordsRoom) versions(ctx context.Context, ids []string) ([]version, error) {
	return rowsOf[version](ctx, d.pool, `select id::text, version from registrations where id = any($1::uuid[])`, ids)
}

// ownership is a customer request and whose it is: an e-mail address, or the company's own name of a subject.
type ownership struct{ Request, Registration, Flow, Subject string }

// owners are all registrations with the customer requests they have had, an empty one where there was none.
func (d *recordsRoom) owners(ctx context.Context) ([]ownership, error) {
	return rowsOf[ownership](ctx, d.pool, `
		select coalesce(q.id, ''), r.id::text, r.flow, i.subject
		from registrations r
		join identities i on i.applicant_id = r.applicant_id and i.issuer in ('email', 'link')
		left join customer_requests q on q.registration_id = r.id`)
}
