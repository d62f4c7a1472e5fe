package archtest

// domains are in the middle: they import none of ours, in their tests neither, and know no browser and no database.
var domains = []string{"internal/onboarding", "internal/identity", "internal/inbox", "internal/outbox"}

// adapters import domains and never each other; they meet in cmd/portal.
var adapters = []string{
	"internal/postgres", "internal/passfort", "internal/sumsub", "internal/oidc", "internal/jobs", "internal/mail",
	"internal/delivery",
}

// rules is the map of the house. A package that is planned stands here before it exists.
var rules = Rules{
	// Which of our packages a package may import. "x/..." is x and everything below it; "!x" takes x out again.
	MayImport: map[string][]string{
		"cmd/portal":  {"...", "!internal/sandbox/...", "!internal/localpg", "!templates/gallery", "!cmd/..."},
		"cmd/sandbox": {"...", "!cmd/..."},
		"cmd/demo":    {"...", "!cmd/..."},
		"cmd/gallery": {"...", "!cmd/..."}, // for whoever edits the pages
		"cmd/bench":   {"...", "!cmd/..."},

		"web": {
			"templates", "static", "web/...", "internal/i18n", "internal/brand", "internal/coding",
			"internal/onboarding", "internal/identity", "internal/inbox", "internal/outbox",
		},
		"web/middleware": {"internal/i18n", "internal/coding"},
		"web/session":    {"internal/identity"},
		"web/live":       {"internal/onboarding"},
		"web/upload":     {"internal/onboarding"},

		"templates":       {"static", "internal/i18n", "internal/brand"},
		"templates/email": {"internal/i18n", "internal/brand"},
		// Every page in every state, for tests and for cmd/gallery.
		"templates/gallery": {"templates", "templates/email", "static", "internal/i18n", "internal/brand"},
		"static":            {"internal/coding"},
		"migrations":        {},

		"internal/onboarding": {},
		"internal/identity":   {},
		"internal/inbox":      {},
		"internal/outbox":     {},

		"internal/postgres": {
			"internal/postgres/query", "internal/seal",
			"internal/onboarding", "internal/identity", "internal/inbox", "internal/outbox",
		},
		"internal/postgres/query": {},
		"internal/passfort":       {"internal/onboarding", "internal/inbox", "internal/breaker"},
		"internal/sumsub":         {"internal/onboarding", "internal/inbox", "internal/breaker"},
		"internal/breaker":        {"internal/onboarding"},
		"internal/oidc":           {"internal/identity"},
		"internal/jobs":           {"internal/onboarding", "internal/identity", "internal/inbox", "internal/outbox"},
		"internal/delivery":       {"internal/outbox"},
		"internal/mail":           {"templates/email", "internal/i18n", "internal/brand", "internal/identity"},

		"internal/seal":      {},
		"internal/brand":     {},
		"internal/theme":     {"internal/brand", "internal/coding", "internal/i18n"},
		"internal/i18n":      {},
		"internal/mailcheck": {"internal/brand"},
		"internal/config":    {"internal/brand", "internal/identity"},
		"internal/coding":    {},
		"internal/telemetry": {},
		"internal/backup":    {},
		"internal/doctor":    {},

		"internal/sandbox/...":            {"internal/sandbox/..."},
		"internal/sandbox/passfort/front": {"internal/brand"}, // the theme preview, from the portal's own brand tokens
		"internal/localpg":                {"migrations"},
		"internal/torture": { // joins what cmd/portal joins, and tries it
			"internal/onboarding", "internal/inbox", "internal/postgres", "internal/passfort", "internal/sumsub", "internal/seal", "internal/sandbox/...",
		},
		"internal/bench/...": { // runs the built portal, and what it is compared with, on what it needs
			"internal/bench/...", "internal/coding", "internal/localpg", "internal/sandbox/...", "internal/config", "internal/seal", "internal/telemetry",
			"internal/identity", "internal/onboarding", "internal/postgres", "internal/postgres/query", "internal/seeding", "migrations",
		},
		"internal/seeding":     {"internal/onboarding", "internal/identity", "internal/seal"},
		"internal/browsertest": {},
		"internal/doctest":     {},
		"internal/settingsdoc": {},
		"internal/htmltest":    {},
		"internal/oidctest":    {},
		"internal/archtest":    {"internal/config"}, // in its tests

		"tools/dev":       {},
		"tools/manifests": {},
		"tools/sbom":      {},
	},

	// What tests may import besides: the machinery of tests. The domains' tests stay as pure as the domains.
	TestsMayImport: []string{"internal/localpg", "internal/sandbox/...", "internal/browsertest", "internal/htmltest", "internal/oidctest", "internal/doctest"},

	// What the tests of one package join, so that they promise something of real parts.
	TestsJoin: map[string][]string{
		"web":              {"internal/postgres", "internal/passfort", "internal/sumsub", "internal/mail", "internal/oidc", "internal/seal"},
		"internal/seeding": {"internal/postgres"},
	},

	// The one door of each library, standard ones included. A library that is not listed may be used anywhere.
	Doors: []Door{
		{
			Library: "net/http",
			In: []string{
				"web/...", "cmd/...", "static", "internal/passfort", "internal/sumsub", "internal/oidc", "internal/delivery", "internal/doctor",
				"internal/sandbox/...", "internal/telemetry", "internal/browsertest", "internal/oidctest", "internal/torture", "internal/bench/...", "tools/dev",
			},
		},
		{
			Library: "github.com/jackc/pgx/v5",
			In:      []string{"internal/postgres/...", "internal/jobs", "internal/localpg", "internal/torture", "internal/bench/...", "internal/seeding", "internal/backup", "internal/doctor", "migrations", "cmd/..."},
			Tests:   []string{"web/..."},
		},
		{Library: "database/sql", In: []string{"migrations"}},
		{Library: "github.com/pressly/goose/v3", In: []string{"migrations"}},
		{Library: "github.com/riverqueue/river", In: []string{"internal/jobs", "migrations"}},
		{Library: "github.com/gorilla/securecookie", In: []string{"web/session"}},
		{Library: "github.com/tink-crypto/tink-go/v2", In: []string{"internal/seal"}},
		{Library: "github.com/go-chi/chi/v5", In: []string{"web", "web/middleware", "internal/sandbox/..."}},
		{Library: "github.com/mileusna/useragent", In: []string{"web"}},
		{Library: "github.com/go-chi/httprate", In: []string{"web/middleware"}},
		{Library: "github.com/a-h/templ", In: []string{"templates", "templates/email", "templates/gallery", "web", "internal/mail", "cmd/portal"}},
		{Library: "github.com/coreos/go-oidc/v3", In: []string{"internal/oidc"}},
		{Library: "golang.org/x/oauth2", In: []string{"internal/oidc"}},
		{Library: "github.com/wneessen/go-mail", In: []string{"internal/mail"}},
		{Library: "golang.org/x/net/html", In: []string{"internal/mailcheck"}},
		{Library: "golang.org/x/net/netutil", In: []string{"cmd/portal"}},
		{Library: "github.com/emersion/go-smtp", In: []string{"internal/sandbox/mailbox"}, Tests: []string{"internal/mail", "cmd/portal"}},
		{Library: "github.com/emersion/go-sasl", In: []string{"internal/sandbox/mailbox"}, Tests: []string{"internal/mail"}},
		{Library: "github.com/emersion/go-message", In: []string{"internal/mail", "internal/sandbox/..."}},
		{Library: "github.com/klauspost/compress", In: []string{"internal/coding"}},
		{Library: "github.com/sony/gobreaker/v2", In: []string{"internal/breaker"}},
		{Library: "github.com/standard-webhooks/standard-webhooks/libraries", In: []string{"internal/delivery", "internal/sandbox"}},
		{Library: "github.com/prometheus/client_golang", In: []string{"internal/telemetry"}},
		{Library: "go.opentelemetry.io/otel", In: []string{"internal/telemetry"}},
		{Library: "github.com/spf13/cobra", In: []string{"cmd/..."}},
		{Library: "github.com/spf13/pflag", In: []string{"cmd/..."}},
		{Library: "github.com/caarlos0/env/v11", In: []string{"internal/config"}},
		{Library: "github.com/BurntSushi/toml", In: []string{"internal/config", "internal/i18n", "internal/sandbox/passfort/front"}},
		{Library: "github.com/chromedp", In: []string{"internal/browsertest"}, Tests: []string{"cmd/demo"}},
		{Library: "testing", In: []string{"internal/localpg", "internal/browsertest", "internal/oidctest", "internal/doctest"}, Tests: []string{"..."}},
		{Library: "github.com/google/go-cmp", Tests: []string{"..."}},
		{Library: "pgregory.net/rapid", Tests: []string{"..."}},
		{Library: "github.com/getkin/kin-openapi", Tests: []string{"internal/sandbox/passfort", "web"}},
		{Library: "go.yaml.in/yaml/v3", Tests: []string{"internal/archtest", "cmd/demo"}},
	},
}

// vague are names that say nothing about what a file or folder holds, so everything ends up in it.
var vague = []string{"util", "utils", "common", "helper", "helpers", "model", "models"}
