package torture

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort"
)

// Registration is a row of registrations, read without the portal's own code.
type Registration struct {
	ID, Flow, Status, Profile, Request, Cause string
	Flagged                                   bool     // a stub may exist
	Trail                                     []string // its statuses, oldest first
	// How often it was decided to ask once more: for a profile, for a customer request; the latter also for a fresh one.
	Profiles, Requests int
	Checks             int // how often one was promised
}

// Records is what the database says at the end of a run.
type Records struct {
	Registrations []Registration
	Orphans       map[string]bool   // profiles that are recorded as orphans
	Webhooks      map[string]string // statuses, by the provider's id
	Leftover      []string          // registrations whose facts are kept although they have a profile
	Associates    map[string]bool   // ids of those behind companies
}

// Read reads the records of a database.
func Read(ctx context.Context, pool *pgxpool.Pool) (Records, error) {
	r := Records{Orphans: map[string]bool{}, Webhooks: map[string]string{}, Associates: map[string]bool{}}
	var err error
	r.Registrations, err = rowsOf[Registration](ctx, pool, `
		select r.id::text, r.flow, r.status, coalesce(r.profile_id, ''), coalesce(r.request_id, ''), r.cause, r.stub_may_exist,
			coalesce((select array_agg(a.to_status order by a.seq) from audit_entries a where a.registration_id = r.id), '{}'),
			(select count(*) from audit_entries a where a.registration_id = r.id
				and (a.what = 'asking again' and a.profile_id = '' or a.what = 'profile given up')),
			(select count(*) from audit_entries a where a.registration_id = r.id
				and (a.what = 'asking again' and a.profile_id <> '' or a.what in ('fresh customer request wanted', 'profile given up'))),
			(select count(*) from audit_entries a where a.registration_id = r.id and a.what = 'check wanted')
		from registrations r
		order by r.created_at, r.id`)
	if err != nil {
		return r, err
	}
	orphans, err := rowsOf[struct{ ID string }](ctx, pool, `select id from profiles where orphaned_at is not null`)
	if err != nil {
		return r, err
	}
	for _, p := range orphans {
		r.Orphans[p.ID] = true
	}
	left, err := rowsOf[struct{ ID string }](ctx, pool, `
		select r.id::text from registrations r join registration_facts f on f.registration_id = r.id where r.profile_id is not null`)
	if err != nil {
		return r, err
	}
	for _, reg := range left {
		r.Leftover = append(r.Leftover, reg.ID)
	}
	behind, err := rowsOf[struct{ ID string }](ctx, pool, `select id::text from associates`)
	if err != nil {
		return r, err
	}
	for _, a := range behind {
		r.Associates[a.ID] = true
	}
	hooks, err := rowsOf[struct{ ID, Status string }](ctx, pool, `select message_id, status from webhooks`)
	for _, w := range hooks {
		r.Webhooks[w.ID] = w.Status
	}
	return r, err
}

// unfinished counts the registrations and the webhooks that still have to move on by themselves. So do registrations behind
// whose company somebody has to.
func unfinished(ctx context.Context, pool *pgxpool.Pool) (registrations, webhooks int, err error) {
	const sql = `
		select (select count(*) from registrations r where r.status in ('starting', 'unclear') or r.ask = 'check' or r.profile_id is not null and exists (
				select from associates a where a.registration_id = r.id and a.status in ('starting', 'unclear', 'created'))),
			(select count(*) from webhooks where status = 'pending')`
	if err := pool.QueryRow(ctx, sql).Scan(&registrations, &webhooks); err != nil {
		return 0, 0, fmt.Errorf("counting what is unfinished: %w", err)
	}
	return registrations, webhooks, nil
}

func rowsOf[T any](ctx context.Context, pool *pgxpool.Pool, sql string, args ...any) ([]T, error) {
	rows, err := pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("reading records: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	if err != nil {
		return nil, fmt.Errorf("reading records: %w", err)
	}
	return list, nil
}

// keysOf are the keys of customer requests, by request, as their links carry them.
func keysOf(requests []passfort.RequestOverview) (map[string]string, error) {
	keys := map[string]string{}
	for _, q := range requests {
		link, err := url.Parse(q.Link)
		if err != nil {
			return nil, fmt.Errorf("the link of request %s: %w", q.ID, err)
		}
		keys[q.ID] = link.Query().Get("apikey")
	}
	return keys, nil
}

// World is what happened outside of the portal during a run.
type World struct {
	Effects      []effects.Effect
	Requests     []passfort.RequestOverview // of all profiles, newest first
	Acknowledged []string                   // ids of webhooks that the sender was told are received
	Forged       []string                   // ids of webhooks that only came with a wrong secret
	RefPrefix    string
	Told         map[string]bool // profiles that acknowledged webhooks told of
	Unreadable   int             // webhooks that the sender was told are received although nobody can read them
	Silent       bool            // no webhook ever came, so nobody may know how a form ended
	KeyLost      bool            // the provider neither repeats a request's key nor gives another request
	// What the profiles of a registration are to hold from the start, and what each profile holds; nil where nobody knows.
	Prefilled, Collected map[string]string
}

// losesKeys says whether a key whose answer was lost is lost for good where the provider behaves so.
func losesKeys(o passfort.Options) bool {
	return o.ReadHidesAPIKey && o.SecondRequest == passfort.Reject
}

// Violations compares the records with the world. Each is a sentence; there are none when the promises hold.
func (r Records) Violations(w World) []string {
	v := &verdict{Records: r, world: w}
	for _, reg := range r.Registrations {
		if reg.Flow != documentsFlow { // which has neither
			v.oneProfile(reg)
			v.oneRequest(reg)
		}
		v.atAnEnd(reg)
		v.onlyForwards(reg)
		v.prefilled(reg)
	}
	v.strangers()
	v.webhooks()
	return v.found
}

// verdict collects violations.
type verdict struct {
	Records
	world World
	found []string
}

func (v *verdict) say(format string, args ...any) {
	v.found = append(v.found, fmt.Sprintf(format, args...))
}

// profiles are those that were created with the registration's reference.
func (v *verdict) profiles(reg Registration) (ids []string) {
	for _, e := range v.world.Effects {
		if e.Kind == effects.ProfileCreate && e.CustomerRef == v.world.RefPrefix+reg.ID {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// oneProfile: at most one profile a registration, or the extra ones flagged; and no more than it was decided to ask for.
func (v *verdict) oneProfile(reg Registration) {
	created := v.profiles(reg)
	if len(created) > 1+reg.Profiles {
		v.say("registration %s: %d profiles were created, %d times was one to be asked for", reg.ID, len(created), 1+reg.Profiles)
	}
	if reg.Profile != "" && !slices.Contains(created, reg.Profile) {
		v.say("registration %s has profile %s, which carries another's reference", reg.ID, reg.Profile)
	}
	for _, id := range created {
		if len(created) > 1 && id != reg.Profile && !reg.Flagged && !v.Orphans[id] {
			v.say("registration %s (%s): one of %d profiles, %s, is neither its own nor flagged", reg.ID, reg.Status, len(created), id)
		}
		if reg.Profile != "" && id != reg.Profile && !v.Orphans[id] && v.world.Told[id] {
			v.say("registration %s: webhooks told of profile %s, and it is not recorded as an orphan", reg.ID, id)
		}
	}
}

// oneRequest: at most one live request a profile, and what is shown is it.
func (v *verdict) oneRequest(reg Registration) {
	live := map[string][]string{}
	for _, q := range v.world.Requests {
		if q.State == passfort.Sent {
			live[q.ProfileID] = append(live[q.ProfileID], q.ID)
		}
	}
	if n := v.requests(reg); n > 1+reg.Requests {
		v.say("registration %s: %d requests were created, %d times was one to be asked for", reg.ID, n, 1+reg.Requests)
	}
	for _, id := range v.profiles(reg) {
		if len(live[id]) > 1 { // which the sandbox's provider does not allow, as the real one
			v.say("profile %s has %d live requests", id, len(live[id]))
		}
		if len(live[id]) > 0 && id != reg.Profile && !reg.Flagged && !v.Orphans[id] {
			v.say("profile %s of registration %s has a live request and is not its own", id, reg.ID)
		}
	}
	state := v.state(reg.Request)
	switch {
	case reg.Status == "open" && state != passfort.Sent:
		v.say("registration %s is open and its request is %s", reg.ID, state)
	case (reg.Status == "superseded" || reg.Status == "closed") && state == passfort.Sent:
		v.say("registration %s is %s and its request is live", reg.ID, reg.Status)
	case reg.Status == "closed" && !v.world.Silent:
		v.say("registration %s is closed, although a webhook told how its form ended", reg.ID)
	case reg.Status == "completed" && state != passfort.Completed:
		v.say("registration %s is completed and its request is %s", reg.ID, state)
	case reg.Status == "expired" && state != passfort.Expired && !v.world.Silent:
		v.say("registration %s is expired and its request is %s", reg.ID, state)
	}
}

// requests is how many were created on the registration's profiles.
func (v *verdict) requests(reg Registration) (n int) {
	ids := v.profiles(reg)
	for _, e := range v.world.Effects {
		if e.Kind == effects.CustomerRequestCreate && slices.Contains(ids, e.ProfileID) {
			n++
		}
	}
	return n
}

// state is what the provider says of a request.
func (v *verdict) state(id string) passfort.State {
	for _, q := range v.world.Requests {
		if q.ID == id {
			return q.State
		}
	}
	return "unknown"
}

// atAnEnd: everybody is at a form, at a finished page, or at a page that says what happens next; and a person is asked
// only where nothing else can decide.
func (v *verdict) atAnEnd(reg Registration) {
	switch {
	case reg.Status == "starting" || reg.Status == "unclear":
		v.say("registration %s is still %s: %s", reg.ID, reg.Status, reg.Cause)
	case reg.Status == "needs_attention" && reg.Flow != "careful" && reg.Flow != documentsFlow && !v.world.KeyLost:
		v.say("registration %s waits for a person without need: %s", reg.ID, reg.Cause)
	}
}

// follows says which status may come after which.
var follows = map[string][]string{
	"":                {"starting"},
	"starting":        {"starting", "unclear", "needs_attention", "open"},
	"unclear":         {"starting", "unclear", "needs_attention", "open"},
	"needs_attention": {"starting", "needs_attention"},
	"open":            {"open", "completed", "expired", "superseded", "closed"},
	"closed":          {"closed", "superseded", "expired", "completed", "open"}, // open: with a newer request of its own
	"superseded":      {"superseded", "completed", "open"},
	"expired":         {"expired", "completed", "starting", "open"},
	"completed":       {"completed"},
}

// decided are the statuses that may follow one another where documents are checked: any decision may change at any time.
var decided = []string{"open", "checking", "rejected", "completed", "needs_attention", "closed"}

func (v *verdict) follows(reg Registration, at string) []string {
	switch {
	case reg.Flow != documentsFlow || at == "":
		return follows[at]
	case at == "starting" || at == "unclear":
		return append([]string{"starting", "unclear"}, decided...)
	}
	return decided
}

// onlyForwards: the trail is there, goes only forwards, and ends where the registration is.
func (v *verdict) onlyForwards(reg Registration) {
	at := ""
	for _, to := range reg.Trail {
		if !slices.Contains(v.follows(reg, at), to) {
			v.say("registration %s went from %s to %s", reg.ID, at, to)
		}
		at = to
	}
	if at != reg.Status {
		v.say("registration %s is %s, and its trail ends at %q", reg.ID, reg.Status, at)
	}
}

// prefilled: every profile that was created for a registration holds what the registration began with, and nothing else,
// and then the portal keeps it no longer.
func (v *verdict) prefilled(reg Registration) {
	if slices.Contains(v.Leftover, reg.ID) {
		v.say("registration %s has a profile, and its facts are still kept", reg.ID)
	}
	if v.world.Collected == nil {
		return
	}
	for _, id := range v.profiles(reg) {
		if reg.Flow == companyFlow && id == reg.Profile {
			continue // who is behind the company has been added
		}
		if got, want := v.world.Collected[id], v.world.Prefilled[reg.ID]; got != want {
			v.say("registration %s: profile %s holds %s and should hold %s", reg.ID, id, got, want)
		}
	}
}

// strangers: no profile at the provider carries a reference that nobody has.
func (v *verdict) strangers() {
	for _, e := range v.world.Effects {
		id, ours := strings.CutPrefix(e.CustomerRef, v.world.RefPrefix)
		known := v.Associates[id] || slices.ContainsFunc(v.Registrations, func(r Registration) bool { return r.ID == id })
		if e.Kind == effects.ProfileCreate && ours && !known {
			v.say("profile %s was created for nobody: %s", e.ID, e.CustomerRef)
		}
	}
}

// webhooks: what was acknowledged is stored and processed, and what was forged is not there.
func (v *verdict) webhooks() {
	for _, id := range v.world.Acknowledged {
		if status := v.Webhooks[id]; status != "processed" {
			v.say("webhook %s was acknowledged and is %q", id, status)
		}
	}
	quarantined := 0
	for _, status := range v.Webhooks {
		if status == "quarantined" {
			quarantined++
		}
	}
	if quarantined < v.world.Unreadable {
		v.say("%d unreadable webhooks were acknowledged, and %d are kept", v.world.Unreadable, quarantined)
	}
	for _, id := range v.world.Forged {
		if _, ok := v.Webhooks[id]; ok {
			v.say("forged webhook %s is stored", id)
		}
	}
}
