package main

import (
	"context"
	"errors"
	"time"

	"portal/internal/doctor"
	"portal/internal/postgres"
	"portal/migrations"
)

// besidePool is how many connections a portal serve has besides its pool: for jobs and for changes.
const besidePool = 2

// openedInSample is how many values of each key are opened in each column.
const openedInSample = 5

// noDatabase is what to say where Postgres cannot be asked by the settings alone; nil where it can.
func (p *patient) noDatabase() []doctor.Finding {
	switch {
	case !p.c.Dynamic():
		return unused(linksAlone)
	case p.noPool != nil:
		return one(doctor.Problem("correct PORTAL_DATABASE_URL", "%v", p.noPool))
	case p.pool == nil:
		return needs("PORTAL_DATABASE_URL")
	}
	return nil
}

func (p *patient) database(ctx context.Context) []doctor.Finding {
	if why := p.noDatabase(); why != nil {
		return why
	}
	err := migrations.Check(ctx, p.pool)
	old, isOld := errors.AsType[*migrations.OldSchemaError](err)
	if err != nil && !isOld {
		return one(doctor.Problem("start Postgres, or correct PORTAL_DATABASE_URL", "Postgres cannot be asked: %v", err))
	}
	schema := doctor.OK("the schema is as this portal needs it")
	if isOld {
		schema = doctor.Problem("run `portal migrate up` as the owner of the database", "%v", old)
	}
	d := doctor.Database{Pool: p.pool, Pooled: p.c.TransactionPooling(), Beside: besidePool}
	return append(append(d.Look(ctx), schema, d.Transport()), p.direct(ctx)...)
}

// direct looks at the way past a pooler.
func (p *patient) direct(ctx context.Context) []doctor.Finding {
	const setting = "PORTAL_DATABASE_DIRECT_URL"
	if !p.c.TransactionPooling() {
		return nil
	}
	if p.c.SessionURL() == "" {
		return one(doctor.Warning("set "+setting+" to Postgres itself", "%s is not set: pages ask instead of being told, and portal migrate does not work", setting))
	}
	pool, err := postgres.ConnectAside(ctx, p.c.SessionURL().Reveal())
	if err == nil {
		defer pool.Close()
		err = pool.Ping(ctx)
	}
	if err != nil {
		return one(doctor.Problem("correct "+setting, "%s: %v", setting, err))
	}
	return one(doctor.OK("%s leads to Postgres", setting))
}

// sealed tries the keyset on some of what is in the database.
func (p *patient) sealed(ctx context.Context) []doctor.Finding {
	if why := p.noDatabase(); why != nil {
		return why
	}
	if p.m.keys == nil {
		return needs("PORTAL_SEAL_KEYSET")
	}
	columns, err := postgres.New(p.pool, p.m.keys, postgres.NoJobs).OpensSample(ctx, openedInSample)
	if err != nil {
		return one(doctor.Warning("see what the check called database says", "not looked at: %v", err))
	}
	var found []doctor.Finding
	tried := 0
	for _, c := range columns {
		tried += c.Tried
		if c.Foreign > 0 {
			found = append(found, doctor.Problem("put the keys back that PORTAL_SEAL_KEYSET lacks: a backup of it may have them (`portal keys status`)", "%s: %d of %d values were sealed by keys that are not there", c.Name, c.Foreign, c.Values))
		}
		if c.Broken > 0 {
			found = append(found, doctor.Problem("restore them from a backup of the database", "%s: %d of %d values do not open though their key is there", c.Name, c.Broken, c.Tried))
		}
	}
	switch {
	case len(found) > 0:
		return found
	case tried == 0:
		return one(doctor.OK("nothing is sealed in the database yet"))
	}
	return one(doctor.OK("PORTAL_SEAL_KEYSET opens what is in the database (tried on %d values)", tried))
}

// clock compares this machine's with those that the portal works with.
func (p *patient) clock(ctx context.Context) (found []doctor.Finding) {
	compare := func(whose string, uncertainty time.Duration, there func(context.Context) (time.Time, error)) {
		ahead, uncertain, err := doctor.Ahead(ctx, there)
		if err != nil {
			found = append(found, doctor.Warning("see what is said of it elsewhere here", "%s was not asked for the time: %v", whose, err))
			return
		}
		found = append(found, doctor.Skew(whose, ahead, uncertain+uncertainty))
	}
	if p.pool != nil {
		compare("Postgres", 0, doctor.Database{Pool: p.pool}.Time)
	}
	if u := p.c.PassFortAPIURL; p.c.Uses("passfort") && u != nil {
		compare("PassFort", doctor.DateUnit, func(ctx context.Context) (time.Time, error) { return doctor.DateOf(ctx, u) })
	}
	if u := p.c.SumsubAPIURL; p.c.Uses("sumsub") && u != nil {
		compare("Sumsub", doctor.DateUnit, func(ctx context.Context) (time.Time, error) { return doctor.DateOf(ctx, u) })
	}
	if len(found) == 0 {
		return unused("there is no other clock to compare with")
	}
	return found
}
