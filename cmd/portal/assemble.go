package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
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
	"portal/templates"
	"portal/web"
	"portal/web/session"
	"portal/web/upload"
)

// parts is a portal put together.
type parts struct {
	debug   *telemetry.Debug
	metrics *telemetry.Metrics
	started atomic.Bool // it does its work

	// These are nil where only links are served.
	passfort   *passfort.Client
	runner     *onboarding.Runner
	linking    *onboarding.Runner
	inbox      *inbox.Inbox
	outbox     *outbox.Courier
	jobs       *jobs.Worker
	pool       *pgxpool.Pool
	sessions   *pgxpool.Pool // nil also where a connection is never one's own; it may be pool
	teller     *postgres.Teller
	applicants *web.Applicants
	atStart    func(ctx context.Context) // looks at what need not keep the start waiting

	// These are nil where no pages are served, the last two also where pages only ask.
	web      *web.Server
	listener *postgres.Listener
	live     *web.Live
}

// start has /readyz say yes from now on.
func (p *parts) start() { p.started.Store(true) }

func (p *parts) isStarted(context.Context) error {
	if !p.started.Load() {
		return errors.New("it has not begun")
	}
	return nil
}

// close tells what was changed last and waits for connections to be closed, but not long: somebody may still use one whom the
// stop has left behind, or one may just be made to a host that does not answer.
func (p *parts) close() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		if p.web != nil {
			p.web.Stop() // streams read
		}
		p.tellRest()
		for _, pool := range []*pgxpool.Pool{p.pool, p.sessions} {
			if pool != nil {
				pool.Close()
			}
		}
	}()
	select {
	case <-closed:
	case <-time.After(closeFor):
	}
}

// tellRest tells what was changed last.
func (p *parts) tellRest() {
	if p.teller != nil {
		_ = within(context.Background(), closeFor, p.teller.Flush) // pages find it later
	}
}

// assemble joins the parts that the settings ask for, but for those that serve pages.
func assemble(ctx context.Context, c config.Config, m materials, log *slog.Logger) (p *parts, err error) {
	p = &parts{metrics: telemetry.NewMetrics(version)}
	checks := telemetry.Checks{"start": p.isStarted}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if c.Dynamic() {
		if p.pool, err = openPool(ctx, c.Environment); err != nil {
			return p, err
		}
		if p.sessions, err = openSessions(ctx, c.Environment, p.pool); err != nil {
			return p, err
		}
		checks["postgres"] = func(ctx context.Context) error { return postgres.Reachable(ctx, p.pool) }
		if p.applicants, err = newApplicants(c, m, p, p.metrics, log); err != nil {
			return p, err
		}
	}
	p.debug = telemetry.NewDebug(log, p.metrics, checks)
	return p, nil
}

// addPages joins what serves pages.
func (p *parts) addPages(ctx context.Context, c config.Config, m materials, log *slog.Logger) (err error) {
	o := web.Options{
		BaseURL: c.BaseURL, Collection: origin(c.PassFortCollectionURL), Embedding: m.embedding, Static: c.Static(),
		Site: templates.Site{Brand: m.brand, Base: strings.TrimSuffix(c.BaseURL.Path, "/"), Assets: m.assets, Languages: m.languages}, Brands: m.brands,
		LinkParams: [2]string(c.LinkParams), TrustedProxies: c.TrustedProxies, Limits: web.Limits(c.RateLimits), HSTS: c.HSTS.Header(), Observe: p.metrics.Request, Now: time.Now, Log: log,
		Reports:    web.Reports{Embed: p.metrics.EmbedFailure, CSP: p.metrics.CSPViolation},
		Applicants: p.applicants,
	}
	if c.Dynamic() {
		if p.live, p.listener, err = newLive(c, p.metrics, log); err != nil {
			return err
		}
		o.Live = p.live
		o.API = newAPI(c, m, p, p.applicants, p.metrics.Mail, log)
		o.Webhooks = newWebhooksDoor(ctx, c, p.inbox, log)
		if c.Uses(fromSumsub) {
			o.SDK = &web.SDK{Script: c.SumsubSDKScriptURL, Frame: c.SumsubSDKURL}
		}
	}
	p.web, err = web.New(o)
	return err
}

// newApplicants joins what serving signed-in applicants takes, and the work that goes on behind their pages.
func newApplicants(c config.Config, m materials, p *parts, metrics *telemetry.Metrics, log *slog.Logger) (a *web.Applicants, err error) {
	queue, err := jobs.NewQueue()
	if err != nil {
		return nil, err
	}
	p.teller = postgres.NewTeller(p.pool, log)
	store := postgres.New(p.pool, m.keys, queue.Enqueue).ToldBy(p.teller)
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
	report := &onboarding.Reporter{Overview: store, Verified: metrics.AuditVerified, Now: time.Now, Log: log}
	mailer := watchedMailer{m.mailer, metrics.Mail, log}
	desk := newDesk(c, store, mailer)
	forgetting := forgetting{
		&identity.Forgetter{Leftovers: store, Limits: desk.Limits, Now: time.Now},
		&onboarding.Forgetter{Past: store, Retention: c.RegistrationRetention, Now: time.Now, Log: log},
	}
	canary := newCanary(passfort.NewFront(c.PassFortCollectionURL, c.BaseURL), metrics.WatchCanary(canaryFresh, time.Now), log)
	if p.jobs, err = newJobs(p, periodicJobs(engine, p.inbox, p.outbox, report, forgetting, canary, resealing(store, log)), newResultMails(store, mailer, log), log); err != nil {
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
