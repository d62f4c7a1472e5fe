package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// troubleHouse kills portals and takes Postgres away until within ends, one trouble at a time; ctx goes on after it. At
// the end everything is up again.
func (r *ordeal) troubleHouse(ctx, within context.Context) error {
	dice := r.dice(diceOfHouse)
	for r.waitForMoment(within, dice) {
		var err error
		switch dice.IntN(8) {
		case 0:
			err = r.restartDatabase(ctx, dice)
		case 1:
			err = r.crashDatabase(ctx)
		default:
			err = r.killPortals(ctx, within, dice)
		}
		if err != nil {
			return err
		}
	}
	return r.fleet.start(ctx)
}

// waitForMoment waits until trouble hurts: the provider has just been asked to create something, or nothing happens for
// long. It says whether the storm goes on.
func (r *ordeal) waitForMoment(ctx context.Context, dice *rand.Rand) bool {
	if !linger(ctx, between(dice, 50*time.Millisecond, 700*time.Millisecond)) {
		return false
	}
	bored := time.NewTimer(time.Second)
	defer bored.Stop()
	select {
	case <-r.sandbox.asked: // that was long ago
	default:
	}
	select {
	case <-r.sandbox.asked:
		return linger(ctx, between(dice, 0, 2*creatingTakes))
	case <-bored.C:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// killPortals kills one process or all of them, and starts them at once or after a while.
func (r *ordeal) killPortals(ctx, within context.Context, dice *rand.Rand) error {
	r.killSome(dice)
	if err := r.watchWhatIsLeft(ctx); err != nil {
		return err
	}
	if dice.IntN(2) == 0 {
		linger(within, between(dice, 100*time.Millisecond, 1500*time.Millisecond))
	}
	return r.fleet.start(ctx)
}

func (r *ordeal) killSome(dice *rand.Rand) {
	first, all := dice.IntN(len(r.fleet.berths)), dice.IntN(4) == 0
	for i, b := range r.fleet.berths {
		if all || i == first {
			r.fleet.kill(b)
			r.tell("house", "%s is killed", b.name)
		}
	}
}

// watchWhatIsLeft begins to watch what the processes that have just been killed were working on.
func (r *ordeal) watchWhatIsLeft(ctx context.Context) error {
	killed := time.Now()
	left, err := r.records.claimed(ctx)
	if err != nil {
		return err
	}
	r.tell("house", "%d registrations are being worked on", len(left))
	r.watch.begin(ctx, killed, left)
	return nil
}

// restartDatabase stops Postgres in good order, which breaks all connections, and starts it after a while. Sometimes a
// portal dies meanwhile, with answers of the provider that it could not store.
func (r *ordeal) restartDatabase(ctx context.Context, dice *rand.Rand) error {
	r.fleet.databaseIs(false)
	r.tell("house", "Postgres is stopped")
	if err := r.Server.Halt(); err != nil {
		return fmt.Errorf("stopping postgres: %w", err)
	}
	linger(ctx, between(dice, 0, 800*time.Millisecond))
	dies := dice.IntN(2) == 0
	if dies {
		r.killSome(dice)
	}
	if err := r.Server.Resume(); err != nil {
		return fmt.Errorf("starting postgres: %w", err)
	}
	if err := r.databaseAnswers(ctx); err != nil || !dies {
		return err
	}
	return errors.Join(r.watchWhatIsLeft(ctx), r.fleet.start(ctx))
}

// crashDatabase kills one of Postgres' processes, upon which it drops all that is under way and recovers from its log.
func (r *ordeal) crashDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, r.records.url)
	if err != nil {
		return fmt.Errorf("finding a process of postgres: %w", err)
	}
	defer conn.Close(ctx)
	r.fleet.databaseIs(false)
	r.tell("house", "Postgres crashes")
	if err := syscall.Kill(int(conn.PgConn().PID()), syscall.SIGKILL); err != nil {
		return fmt.Errorf("killing a process of postgres: %w", err)
	}
	if err := conn.Ping(ctx); err == nil { // the end of the connection tells that the server has noticed
		return errors.New("postgres has survived")
	}
	return r.databaseAnswers(ctx)
}

// databaseAnswers returns when it does.
func (r *ordeal) databaseAnswers(ctx context.Context) error {
	err := r.records.try(ctx, func() error { return r.records.pool.Ping(ctx) })
	if err != nil {
		return err
	}
	r.fleet.databaseIs(true)
	r.tell("house", "Postgres is there again")
	return nil
}
