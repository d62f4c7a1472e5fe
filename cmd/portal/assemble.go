package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/telemetry"
	"portal/migrations"
	"portal/templates"
	"portal/web"
	"portal/web/session"
)

// parts is a portal put together.
type parts struct {
	web    *web.Server
	debug  *telemetry.Debug
	runner *onboarding.Runner // nil where only links are served
	pool   *pgxpool.Pool      // nil where only links are served
}

func (p *parts) close() {
	if p.pool != nil {
		p.pool.Close()
	}
}

// assemble joins the parts that the settings ask for.
func assemble(ctx context.Context, c config.Config, m materials, log *slog.Logger) (p *parts, err error) {
	metrics := telemetry.NewMetrics(version)
	checks := telemetry.Checks{}
	o := web.Options{
		BaseURL: c.BaseURL, Collection: origin(c.PassFortCollectionURL), Embedding: m.embedding, Static: c.Static(),
		Site:       templates.Site{Brand: c.Brand, Base: strings.TrimSuffix(c.BaseURL.Path, "/"), Assets: m.assets},
		LinkParams: [2]string(c.LinkParams), TrustedProxies: c.TrustedProxies, Observe: metrics.Request, Now: time.Now, Log: log,
	}
	p = &parts{}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if c.Dynamic() {
		if p.pool, err = openDatabase(ctx, c); err != nil {
			return p, err
		}
		checks["postgres"] = p.pool.Ping
		if o.Applicants, err = newApplicants(c, m, p.pool, metrics, log); err != nil {
			return p, err
		}
		p.runner = o.Applicants.Runner
	}
	if p.web, err = web.New(o); err != nil {
		return p, err
	}
	p.debug = telemetry.NewDebug(log, metrics, checks)
	return p, nil
}

// openDatabase connects and refuses an old schema.
func openDatabase(ctx context.Context, c config.Config) (*pgxpool.Pool, error) {
	pool, err := postgres.Connect(ctx, c.DatabaseURL.Reveal())
	if err != nil {
		return nil, fmt.Errorf("PORTAL_DATABASE_URL: %w", err)
	}
	if err := migrations.Check(ctx, pool); err != nil {
		pool.Close()
		return nil, fmt.Errorf("PORTAL_DATABASE_URL: %w", err)
	}
	return pool, nil
}

// newApplicants joins what serving signed-in applicants takes.
func newApplicants(c config.Config, m materials, pool *pgxpool.Pool, metrics *telemetry.Metrics, log *slog.Logger) (a *web.Applicants, err error) {
	store := postgres.New(pool, m.keys)
	flows := newFlows(c)
	engine := newEngine(c, flows, store, metrics, log)
	a = &web.Applicants{
		Flows: flows, Visits: store, Engine: engine, Runner: onboarding.NewRunner(engine),
		Desk: &identity.Desk{Codes: store, Mailer: m.mailer, Now: time.Now},
	}
	if a.Sessions, err = newCodec(c, "portal_session", identity.SessionLimits.Absolute); err != nil {
		return nil, err
	}
	a.SignIns, err = newCodec(c, "portal_sign_in", signInCookieFor)
	return a, err
}

// signInCookieFor is longer than a code is valid, so that the page can still say what became of it.
const signInCookieFor = time.Hour

func newCodec(c config.Config, name string, maxAge time.Duration) (*session.Codec, error) {
	keys, err := c.CookieKeyBytes()
	if err != nil {
		return nil, err
	}
	return session.New(session.Options{Keys: keys, BaseURL: c.BaseURL, Name: name, MaxAge: maxAge})
}

func newEngine(c config.Config, flows []web.Flow, store *postgres.Store, metrics *telemetry.Metrics, log *slog.Logger) *onboarding.Engine {
	byName := map[string]onboarding.Flow{}
	for _, f := range flows {
		byName[f.Name] = f.Flow
	}
	return &onboarding.Engine{
		Flows: byName, Registrations: store, RefPrefix: c.CustomerRefPrefix, Settle: c.PassFortSettle,
		Provider: passfort.New(passfort.Options{
			BaseURL: c.PassFortAPIURL, APIKey: passfort.APIKey(c.PassFortAPIKey.Reveal()), Observe: metrics.Provider("passfort"),
		}),
		Now:    time.Now,
		NewID:  func() onboarding.RegistrationID { return onboarding.RegistrationID(uuid.Must(uuid.NewV7())) },
		Jitter: rand.Float64,
		Log:    log,
	}
}

func newFlows(c config.Config) []web.Flow {
	flows := make([]web.Flow, len(c.Flows))
	for i, f := range c.Flows {
		flows[i] = web.Flow{Titles: f.Titles, Flow: onboarding.Flow{
			Name: f.Name, Title: f.Title, Role: onboarding.Role(f.Role), FlowTemplate: f.FlowTemplate, Theme: f.Theme,
			Product: f.Product, ProductAtStub: f.ProductAt == "start", Repeatable: f.Repeatable,
			HoldUnclear: f.OnUnclear == "hold", CompletionURL: f.CompletionURL,
		}}
	}
	return flows
}
