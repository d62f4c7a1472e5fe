package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"portal/internal/backup"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/migrations"
)

// openedOfEach is how many values of each key in each column are opened.
const openedOfEach = 50

// told is how many of what is wrong are listed for each step.
const told = 20

// finding is what a step of a drill has found: in a few words, and each thing that is wrong.
type finding struct {
	says  string
	wrong []string
}

// run goes through a drill and prints a line for each step. What cannot be dumped or restored ends it; what does not verify is
// told, and the rest is looked at all the same.
func (d *drill) run(ctx context.Context, to io.Writer) error {
	p := &protocol{to: to}
	var was, is backup.Snapshot
	if !d.taken {
		if err := p.step("dump", func() (f finding, err error) { f, was, err = d.take(ctx); return f, err }); err != nil {
			return err
		}
	}
	if err := p.step("restore", func() (f finding, err error) { f, is, err = d.restore(ctx); return f, err }); err != nil {
		return err
	}
	pool, err := postgres.ConnectAside(ctx, d.scratch)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := p.step("schema", func() (finding, error) { return finding{says: "as this portal needs it"}, migrations.Check(ctx, pool) }); err != nil {
		return err
	}
	store := postgres.New(pool, d.keys, postgres.NoJobs)
	err = errors.Join(
		p.step("rows", func() (finding, error) { return d.rows(was, is), nil }),
		p.step("constraints", func() (finding, error) { return d.rules(was, is), nil }),
		p.step("audit trail", func() (finding, error) { return d.trail(ctx, store) }),
		p.step("sealed", func() (finding, error) { return d.sealed(ctx, store) }),
	)
	return errors.Join(err, p.verdict())
}

// protocol prints what comes of a drill as it goes on.
type protocol struct {
	to     io.Writer
	failed []string
}

// step prints what comes of a step and how long it took.
func (p *protocol) step(name string, do func() (finding, error)) error {
	if p.failed == nil {
		p.failed = []string{}
		_, _ = fmt.Fprintf(p.to, "%-12s %-8s %9s  %s\n", "STEP", "RESULT", "TIME", "WHAT")
	}
	began := time.Now()
	f, err := do()
	result := "ok"
	if err != nil || len(f.wrong) > 0 {
		result = "PROBLEM"
		p.failed = append(p.failed, name)
	}
	if err != nil {
		f.says = "see below"
		err = fmt.Errorf("%s: %w", name, err)
	}
	_, _ = fmt.Fprintf(p.to, "%-12s %-8s %9s  %s\n", name, result, fmt.Sprintf("%.1f s", time.Since(began).Seconds()), f.says)
	for i, line := range f.wrong {
		if i == told {
			_, _ = fmt.Fprintf(p.to, "    and %d more\n", len(f.wrong)-told)
			break
		}
		_, _ = fmt.Fprintf(p.to, "    %s\n", oneLine(line))
	}
	return err
}

// verdict is the error of a drill that has found something wrong.
func (p *protocol) verdict() error {
	if len(p.failed) == 0 {
		return nil
	}
	return errors.New("this backup does not restore the portal: " + strings.Join(p.failed, ", "))
}

func (d *drill) take(ctx context.Context) (finding, backup.Snapshot, error) {
	was, err := backup.Dump(ctx, d.source, d.dump)
	if err != nil {
		return finding{}, was, err
	}
	file, err := os.Stat(d.dump)
	if err != nil {
		return finding{}, was, err
	}
	return finding{says: fmt.Sprintf("%s, of a database of %s", inBytes(file.Size()), inBytes(was.Size))}, was, nil
}

func (d *drill) restore(ctx context.Context) (finding, backup.Snapshot, error) {
	if err := backup.Restore(ctx, d.dump, d.scratch); err != nil {
		return finding{}, backup.Snapshot{}, err
	}
	is, err := backup.Look(ctx, d.scratch)
	return finding{says: "a database of " + inBytes(is.Size)}, is, err
}

func (d *drill) rows(was, is backup.Snapshot) finding {
	f := finding{says: fmt.Sprintf("%d in %d tables", is.Total(), len(is.Rows))}
	if d.taken {
		f.says += ", compared with nothing"
		return f
	}
	f.wrong, _ = was.Differences(is)
	return f
}

func (d *drill) rules(was, is backup.Snapshot) finding {
	f := finding{says: fmt.Sprintf("%d constraints, indexes and triggers", len(is.Rules))}
	for _, name := range is.OutOfForce() {
		f.wrong = append(f.wrong, name+": not in force")
	}
	if !d.taken {
		_, rules := was.Differences(is)
		f.wrong = append(f.wrong, rules...)
	}
	return f
}

func (*drill) trail(ctx context.Context, store *postgres.Store) (f finding, err error) {
	until := time.Now()
	audit, err := store.VerifyAudit(ctx, until, func(fault onboarding.Fault) {
		f.wrong = append(f.wrong, fmt.Sprintf("registration %s, entry %d: %s", fault.Registration, fault.Seq, fault.What))
	})
	f.says = fmt.Sprintf("%d entries of %d registrations", audit.Entries, audit.Registrations)
	return f, err
}

func (*drill) sealed(ctx context.Context, store *postgres.Store) (f finding, err error) {
	columns, err := store.Opens(ctx, openedOfEach)
	values, opened := 0, 0
	for _, c := range columns {
		values, opened = values+c.Values, opened+c.Tried-c.Broken
		if c.Foreign > 0 {
			f.wrong = append(f.wrong, fmt.Sprintf("%s: %d of %d values were sealed by keys that PORTAL_SEAL_KEYSET lacks", c.Name, c.Foreign, c.Values))
		}
		if c.Broken > 0 {
			f.wrong = append(f.wrong, fmt.Sprintf("%s: %d of %d values do not open", c.Name, c.Broken, c.Tried))
		}
	}
	f.says = fmt.Sprintf("%d values, %d of them opened", values, opened)
	return f, err
}

// inBytes is a number of bytes for people.
func inBytes(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
}
