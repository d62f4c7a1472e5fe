package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/config"
	"portal/internal/identity"
	"portal/internal/inbox"
	"portal/internal/jobs"
	"portal/internal/onboarding"
	"portal/internal/outbox"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/telemetry"
	"portal/migrations"
	"portal/templates"
	"portal/web"
	"portal/web/session"
	"portal/web/upload"
)

// parts is a portal put together.
type parts struct {
	web   *web.Server
	debug *telemetry.Debug

	// These are nil where only links are served.
	passfort *passfort.Client
	runner   *onboarding.Runner
	linking  *onboarding.Runner
	inbox    *inbox.Inbox
	outbox   *outbox.Courier
	jobs     *jobs.Worker
	pool     *pgxpool.Pool
	atStart  func(ctx context.Context) // looks at what need not keep the start waiting
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
		Site: templates.Site{Brand: m.brand, Base: strings.TrimSuffix(c.BaseURL.Path, "/"), Assets: m.assets, Languages: m.languages}, Brands: m.brands,
		LinkParams: [2]string(c.LinkParams), TrustedProxies: c.TrustedProxies, Observe: metrics.Request, Now: time.Now, Log: log,
		Reports: web.Reports{Embed: metrics.EmbedFailure, CSP: metrics.CSPViolation},
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
		if o.Applicants, err = newApplicants(c, m, p, metrics, log); err != nil {
			return p, err
		}
		o.API = newAPI(c, m, p, o.Applicants, metrics.Mail, log)
		o.Webhooks = newWebhooksDoor(ctx, c, p.inbox, log)
		if c.Uses(fromSumsub) {
			o.SDK = &web.SDK{Script: c.SumsubSDKScriptURL, Frame: c.SumsubSDKURL}
		}
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

// newApplicants joins what serving signed-in applicants takes, and the work that goes on behind their pages.
func newApplicants(c config.Config, m materials, p *parts, metrics *telemetry.Metrics, log *slog.Logger) (a *web.Applicants, err error) {
	queue, err := jobs.NewQueue()
	if err != nil {
		return nil, err
	}
	store := postgres.New(p.pool, m.keys, queue.Enqueue)
	flows := newFlows(c)
	turns := store.Turns(c.PassFortProfilesPerHour)
	writes := store.Writes(c.PassFortUpdatesPerHour)
	p.passfort = newPassFort(c, map[string]*postgres.Turns{"create_profile": turns, "update_collected_data": writes}, metrics, log)
	verifier := newSumsub(c, store, metrics, log)
	p.atStart = func(ctx context.Context) { checkLevels(ctx, c.Flows, verifier, log) }
	engine := newEngine(c, flows, store, turns, p.passfort, verifier, log)
	linker := newLinker(engine, store, postgres.SpareTurns{Profiles: turns, Files: writes}, p.passfort)
	p.runner, p.linking = onboarding.NewRunner(engine, log), onboarding.NewRunner(linker, log)
	p.inbox = newInbox(c, m, p.pool, engine, linker, log)
	p.outbox = newCourier(c, m, p.pool, metrics.Notice, log)
	metrics.WatchStanding(standing(store, p.inbox, p.outbox))
	report := &onboarding.Reporter{Overview: store, Now: time.Now, Log: log}
	mailer := watchedMailer{m.mailer, metrics.Mail, log}
	desk := newDesk(c, store, mailer)
	forgetter := &identity.Forgetter{Leftovers: store, Limits: desk.Limits, Now: time.Now}
	canary := newCanary(passfort.NewFront(c.PassFortCollectionURL, c.BaseURL), metrics.WatchCanary(canaryFresh, time.Now), log)
	if p.jobs, err = newJobs(p, periodicJobs(engine, p.inbox, p.outbox, report, forgetter, canary), newResultMails(store, mailer, log), log); err != nil {
		return nil, err
	}
	a = &web.Applicants{
		Flows: flows, Visits: store, Engine: engine, Runner: p.runner,
		Associates: newAssociates(engine, store, p.passfort), Linking: p.linking,
		Desk: desk, WaysIn: newWaysIn(c, m), ClearSiteData: c.ClearSiteData,
	}
	if c.Uses(fromSumsub) {
		a.Uploads, a.UploadMemory = newUploads(engine, store), upload.New(int64(c.UploadMemory)<<20)
	}
	if a.Sessions, err = newCodec(c, "portal_session", c.SessionAbsolute); err != nil {
		return nil, err
	}
	if a.SignIns, err = newCodec(c, "portal_sign_in", identity.SignInValidity); err != nil {
		return nil, err
	}
	a.Known, err = newCodec(c, "portal_known", identity.KnownFor)
	return a, err
}

func newCodec(c config.Config, name string, maxAge time.Duration) (*session.Codec, error) {
	keys, err := c.CookieKeyBytes()
	if err != nil {
		return nil, err
	}
	return session.New(session.Options{Keys: keys, BaseURL: c.BaseURL, Name: name, MaxAge: maxAge})
}

func newFlows(c config.Config) []web.Flow {
	flows := make([]web.Flow, len(c.Flows))
	for i, f := range c.Flows {
		flows[i] = web.Flow{Titles: f.Titles, ReviewDays: f.ReviewDays, Flow: onboarding.Flow{
			Name: f.Name, Title: f.Title, Role: onboarding.Role(f.Role), FlowTemplate: f.FlowTemplate, Theme: f.Theme,
			Product: f.Product, ProductAtStub: f.ProductAt == "start", Repeatable: f.Repeatable,
			Associates: f.Associates, ExplicitLists: f.TaskVariants == "explicit", DirectorAge: f.DirectorAge,
			HoldUnclear: f.OnUnclear == "hold", CompletionURL: f.CompletionURL, Provider: onboarding.ProviderName(f.Provider),
			Level: f.Level, Mode: onboarding.Mode(f.Mode), ResultMails: onboarding.ResultMails(f.ResultMails),
		}}
	}
	return flows
}
