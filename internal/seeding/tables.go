package seeding

// The tables that are filled, in an order in which a reader may follow them. What a column is not listed for is left to its
// default.
var (
	applicants = newTable("applicants", "id created_at")
	identities = newTable("identities", "issuer subject applicant_id email name created_at")
	sessions   = newTable("sessions", "token_hash issuer subject created_at seen_at ended_at device")

	registrations = newTable("registrations", `id applicant_id provider flow case_name status profile_id request_id ask unclear_since
		stub_may_exist reasked tries cause due_at version created_at touched_at waiting over_since read_at acknowledged refused
		audit_seq audit_hash`)
	requests = newTable("customer_requests", "id registration_id sealed_key created_at")
	profiles = newTable("profiles", "id registration_id source seen_at")
	entries  = newTable("audit_entries", `registration_id seq at actor from_status to_status what evidence profile_id request_id
		hash`)

	structures = newTable("structures", `registration_id total drafts profile_id sealed_own ending attention acknowledged read_at
		fence edits created_at`)
	associates = newTable("associates", `id registration_id parent_id status source entity_type roles sealed profile_id asked
		stub_may_exist tries cause alone listed running version created_at submitted_at`)
	associateProfiles = newTable("associate_profiles", "id associate_id seen_at")

	verifications = newTable("verifications", "registration_id sealed level review_status review_answer reject_type read_at")
	documents     = newTable("documents", `id registration_id step type side country format digest status image_id advice cause
		created_at settled_at`)

	webhooks = newTable("webhooks", `provider message_id line event profile_id customer_ref request_id outcome trouble status
		forwarding sealed_body received_at processed_at`)
	notices = newTable("notices", `seq id type registration_id registration_status issuer subject flow case_name profile_id
		happened_at status queued_at claim tries attempts cause ended_at`)
	attempts = newTable("notice_attempts", "notice_seq n at took_ms http_status cause")

	signIns    = newTable("sign_ins", "browser_hash email flow finishing code_hash tries created_at expires_at used_at")
	mails      = newTable("mails", "id purpose recipient status reply created_at settled_at")
	links      = newTable("links", "token_hash subject email flow case_name locale api_key created_at expires_at used_at used_by")
	allowances = newTable("allowances", "name key tokens refilled_at")
)

// tables are all of them.
var tables = []*table{
	applicants, identities, sessions, registrations, requests, profiles, entries, structures, associates, associateProfiles,
	verifications, documents, webhooks, notices, attempts, signIns, mails, links, allowances,
}

// batch is rows of all tables.
type batch map[*table]*rows

func newBatch() batch {
	b := batch{}
	for _, t := range tables {
		b[t] = &rows{}
	}
	return b
}

// add begins a row of a table.
func (b batch) add(t *table) *rows { return b[t].begin(len(t.columns)) }

// Counts are how many rows there are, by table.
type Counts map[string]int

func (c Counts) add(b batch) {
	for t, r := range b {
		c[t.name] += r.n
	}
}
