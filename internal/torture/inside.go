package torture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/inbox"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/sandbox"
	provider "portal/internal/sandbox/passfort"
	"portal/internal/sandbox/passfort/webhooks"
	sumsubwebhooks "portal/internal/sandbox/sumsub/webhooks"
	"portal/internal/seal"
	"portal/internal/sumsub"
)

// Bench is where runs of the inside gear take place, one after the other.
type Bench struct {
	Pool *pgxpool.Pool // of a database of its own, migrated, by a superuser
	Keys *seal.Keyset
}

// Times and sizes of a run.
const (
	settle        = 60 * time.Second
	minMoves      = 10
	maxMoves      = 120
	crowd         = 6 // actors at once
	maxApplicants = 3
	masterKey     = "torture-master-key"
	refPrefix     = "t-"
)

// run is one run under way.
type run struct {
	stage
	bench      *Bench
	choose     Chooser
	sandbox    *sandbox.Sandbox
	server     *httptest.Server // of the sandbox, behind the wire
	receiver   *httptest.Server // of its webhooks
	wire       *wire
	office     *office
	store      *postgres.Store
	log        *bytes.Buffer
	processes  []*replica
	applicants []onboarding.ApplicantID
	born       int // processes so far, and registrations so far
	begun      int
	giving     prefill                               // of the start under way
	given      map[onboarding.RegistrationID]prefill // what each registration would begin with
	silent     bool                                  // no webhook ever comes
	found      []string
	heard      map[heard]bool   // webhooks that were handed on
	last       map[string]int64 // and the last of each profile
	founded    bool             // it began with a company, and is about who is behind it
	explicit   bool             // the portal says on which verification lists they are
	atStub     bool             // and the company's application is made with its profile, not when its form is completed
	exam       *exam            // of a run that is about applicants who give documents; otherwise nil
	associates book
	way        http.Handler // to the provider, for strangers; nil to the sandbox at once
	stranger   process      // of the foreign writer, who never dies
	marks      []mark       // that it has left
	linked     int          // associates at the end
	shareRows  int          // shareholdings in companies' files at the end
	listed     int          // entries on verification lists at the end
}

// replica is a process with what it runs.
type replica struct {
	process
	engine     *onboarding.Engine
	linker     *onboarding.Linker
	associates *onboarding.Associates
	uploads    *onboarding.Uploads
	inbox      *inbox.Inbox
}

// Outcome is what came of a run.
type Outcome struct {
	Violations []string
	Story      []string
	Linked     int // associates
	Holdings   int // shareholdings that companies' files tell
	Listed     int // entries that the portal has put on verification lists
	Marks      int // that the foreign writer left
	Conflicts  int // writes of companies' data before which somebody else was quicker
	Exam       ExamOutcome
}

// Run carries one run out. An error means that the harness itself failed.
func (b *Bench) Run(ctx context.Context, choose Chooser) (o Outcome, err error) {
	r, err := b.prepare(ctx, choose)
	if err != nil {
		return o, err
	}
	defer r.close()
	if err := r.play(ctx); err != nil {
		return o, err
	}
	if err := r.calmDown(ctx); err != nil {
		return o, err
	}
	err = r.judge(ctx)
	return Outcome{r.found, r.story, r.linked, r.shareRows, r.listed, len(r.marks), r.wire.conflicts, r.examOutcome()}, err
}

// prepare empties the database and makes a world by the choices.
func (b *Bench) prepare(ctx context.Context, choose Chooser) (*run, error) {
	if err := b.empty(ctx); err != nil {
		return nil, err
	}
	r := &run{
		bench: b, choose: choose, log: &bytes.Buffer{}, office: &office{sender: fromPassFort{}, told: map[string]bool{}}, heard: map[heard]bool{},
		last: map[string]int64{}, given: map[onboarding.RegistrationID]prefill{}, stranger: process{name: "stranger", ctx: ctx},
	}
	r.server = httptest.NewUnstartedServer(nil)
	r.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo) // of calls that are cut
	r.server.Start()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r.receiver = httptest.NewServer(r.office)
	r.silent = choose(6, "no webhooks") == 5
	r.about(choose(3, "about"))
	r.explicit = r.founded && choose(4, "lists") == 3
	r.atStub = r.explicit && choose(2, "product at") == 1
	o := sandbox.Options{
		MasterKey: masterKey, FormURL: "https://www.example.com/onboarding", Seed: 1, Now: func() time.Time { return start }, PassFort: unknowns(choose),
		Webhooks: webhooks.Options{URL: r.receiver.URL, Secret: webhookSecret},
	}
	o.PassFort.ManualLists = r.explicit
	r.setUpExam(&o)
	if r.silent {
		o.Webhooks, o.SumsubWebhooks = webhooks.Options{}, sumsubwebhooks.Options{}
	}
	r.sandbox = sandbox.New(o)
	r.wire = &wire{to: r.sandbox.Handler(), now: r.sandbox.Now, choose: r.guarded(choose), tell: r.tell}
	r.server.Config.Handler = r.wire
	r.store = postgres.New(b.Pool, b.Keys, postgres.NoJobs)
	r.processes = []*replica{r.newReplica(), r.newReplica()}
	for range 1 + choose(maxApplicants, "applicants") {
		if err := r.newApplicant(ctx); err != nil {
			return nil, err
		}
	}
	return r, errors.Join(r.foundCompany(ctx), r.foundExam(ctx))
}

// about chooses what a run is about.
func (r *run) about(what int) {
	switch what {
	case 1:
		r.founded = true
	case 2:
		r.exam = newExam()
		r.office.sender = fromSumsub{}
	}
}

// empty removes the rows of the run before. As a replica of its own tables, Postgres runs no trigger that would refuse.
func (b *Bench) empty(ctx context.Context) error {
	_, err := b.Pool.Exec(ctx, `
		set session_replication_role = replica;
		delete from audit_entries;
		delete from associate_profiles;
		delete from associates;
		delete from structures;
		delete from profiles;
		delete from customer_requests;
		delete from registration_facts;
		delete from documents;
		delete from verifications;
		delete from registrations;
		delete from applicants;
		delete from webhooks;
		delete from webhook_lines;
		set session_replication_role = origin;
		update provider_quotas set tokens = 'infinity', refilled_at = '2000-01-01', blocked_until = '2000-01-01'`)
	if err != nil {
		return fmt.Errorf("emptying the database: %w", err)
	}
	return nil
}

// unknowns chooses how the provider behaves where its documentation does not say.
func unknowns(choose Chooser) provider.Options {
	seconds := []provider.SecondRequest{provider.Reject, provider.Reuse, provider.Replace}
	missing := []string{"not_found", "null"}
	rates := []int{10_000, 600}
	yes := func(what string) bool { return choose(2, what) == 1 }
	return provider.Options{
		ReadHidesAPIKey: yes("key hidden"), SecondRequest: seconds[choose(len(seconds), "second request")],
		SearchByCustomerRef: yes("search matches"), ListsData: yes("list has data"), OldestFirst: yes("oldest first"),
		MissingRequest: missing[choose(2, "missing request")], RatePerHour: rates[choose(2, "rate")], RateBurst: []int{2, 100}[choose(2, "burst")],
		AppearDelayMS: -1, CheckDelayMS: -1,
	}
}

func (r *run) newApplicant(ctx context.Context) error {
	id := uuid.Must(uuid.NewV7())
	r.applicants = append(r.applicants, onboarding.ApplicantID(id))
	_, err := r.bench.Pool.Exec(ctx, `insert into applicants (id, created_at) values ($1, now())`, id)
	if err != nil {
		return fmt.Errorf("making an applicant: %w", err)
	}
	return nil
}

// newReplica starts a process, joined as cmd/portal joins it.
func (r *run) newReplica() *replica {
	r.born++
	p := &replica{process: process{name: fmt.Sprintf("p%d", r.born)}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(r.log, nil))
	base, err := url.Parse(r.server.URL + "/4.0")
	if err != nil {
		panic(err) // a test server's address
	}
	turns, writes := r.store.Turns(9000), r.store.Writes(9000)
	quotas := map[string]*postgres.Turns{"create_profile": turns, "update_collected_data": writes}
	client := passfort.New(passfort.Options{
		BaseURL: base, APIKey: masterKey, BreakAfter: -1,
		Quota: func(ctx context.Context, q passfort.Quota) {
			if quotas[q.Call] != nil && alive(ctx) == nil && (q.Wait > 0 || q.Remaining >= 0 && q.Remaining < postgres.Burst) {
				_ = quotas[q.Call].Lower(ctx, q.Remaining, r.sandbox.Now(), r.sandbox.Now().Add(q.Wait))
			}
		},
	})
	p.engine = &onboarding.Engine{
		Flows: map[string]onboarding.Flow{
			"individual": {Name: "individual", Provider: onboarding.PassFort, Role: onboarding.IndividualCustomer, FlowTemplate: "individual-onboarding", Theme: "default"},
			"careful":    {Name: "careful", Provider: onboarding.PassFort, Role: onboarding.IndividualCustomer, FlowTemplate: "individual-onboarding", Theme: "default", HoldUnclear: true},
			companyFlow:  r.companyFlow(),
			documentsFlow: {
				Name: documentsFlow, Provider: onboarding.Sumsub, Role: onboarding.IndividualCustomer, Level: askingLevel, Mode: onboarding.ModeAPI,
			},
		},
		Registrations: r.ledger(), Profiles: r.ledger(), Turns: turns, Provider: caller{client, r.wire},
		RefPrefix: refPrefix, Settle: settle, Now: r.sandbox.Now, NewID: r.newID, Jitter: func() float64 { return 0.5 }, Log: log,
	}
	r.joinLinker(p, postgres.SpareTurns{Profiles: turns, Files: writes}, client)
	r.joinUploads(p)
	p.inbox = &inbox.Inbox{
		Messages: pigeonholes{postgres.NewWebhooks(r.bench.Pool, r.bench.Keys), r.away},
		Decoders: map[string]inbox.Decoder{
			"passfort": passfort.NewDecoder([]string{webhookSecret}), "sumsub": sumsub.NewDecoder([]string{webhookSecret}, false),
		},
		Hand: func(ctx context.Context, provider, profile string, messages []inbox.Message) error {
			if profile == "" {
				return nil
			}
			r.handedOn(profile, messages)
			if provider == "sumsub" {
				return p.engine.Hear(ctx, sumsub.Notice(profile, messages))
			}
			notice := passfort.Notice(profile, messages)
			return errors.Join(p.engine.Hear(ctx, notice), p.linker.Hear(ctx, notice))
		},
		Now: r.sandbox.Now, Jitter: func() float64 { return 0.5 }, Log: log,
	}
	return p
}

// newID counts, so that a run repeats, and keeps what a registration of that id would begin with.
func (r *run) newID() onboarding.RegistrationID {
	r.begun++
	id := onboarding.RegistrationID(uuid.MustParse(fmt.Sprintf("00000000-0000-7000-8000-%012d", r.begun)))
	r.given[id] = r.giving
	return id
}

func (r *run) close() {
	r.clear()
	for _, p := range r.processes {
		p.cancel()
	}
	_ = r.sandbox.Close()
	r.server.Close()
	r.receiver.Close()
}
