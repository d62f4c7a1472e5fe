package jobs

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// driver is River's, but that it listens elsewhere: what is told on a proxy's connection is told to whoever has it next.
type driver struct {
	*riverpgxv5.Driver
	sessions *riverpgxv5.Driver
}

// newDriver works on pool, and listens on sessions where there are any.
func newDriver(pool, sessions *pgxpool.Pool) driver {
	return driver{riverpgxv5.New(pool), riverpgxv5.New(sessions)}
}

// GetListener is part of River's driver.
func (d driver) GetListener(params *riverdriver.GetListenenerParams) riverdriver.Listener {
	return d.sessions.GetListener(params)
}
