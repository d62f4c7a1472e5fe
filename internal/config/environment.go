package config

import (
	"net/netip"
	"net/url"
	"time"
)

// Environment is what the environment sets. The README's table of settings is made of it by package settingsdoc: of names and
// defaults, of what it means that one is not set, where that is more than that it is wanted, and of comments.
type Environment struct {
	// the page's public URL; everything of the portal lives below it. https, but for loopback addresses
	BaseURL *url.URL `env:"PORTAL_BASE_URL"`
	// public listener: HTTP/1.1, and HTTP/2 in clear text behind a proxy that ends TLS
	Listen string `env:"PORTAL_LISTEN" envDefault:"127.0.0.1:8080"`
	// `/metrics`, `/healthz`, `/readyz`, profiles; never public
	DebugListen string `env:"PORTAL_DEBUG_LISTEN" envDefault:"127.0.0.1:8081"`
	// the file of flows and brand; the logo is looked for beside it
	ConfigPath string `env:"PORTAL_CONFIG" envDefault:"portal.toml"`
	// how long a portal that was told to stop goes on serving, so that balancers have time to see that `/readyz` says no:
	// [docs/operations.md](docs/operations.md#stopping-and-rolling-restarts)
	StopDelay time.Duration `env:"PORTAL_STOP_DELAY" envDefault:"3s"`

	// Postgres 15 or newer. Several hosts with `target_session_attrs=read-write` for a
	// [failover](docs/operations.md#failover)
	DatabaseURL Secret `env:"PORTAL_DATABASE_URL"`
	// `transaction` where that URL leads to pgbouncer or the like in transaction mode:
	// [docs/operations.md](docs/operations.md#pgbouncer)
	DatabasePooling string `env:"PORTAL_DATABASE_POOLING" envDefault:"session"`
	// past such a proxy, for `portal migrate` and to be told of changes. With `transaction` there is no default
	DatabaseDirectURL Secret `env:"PORTAL_DATABASE_DIRECT_URL" unset:"PORTAL_DATABASE_URL"`

	// comma-separated; the first seals, all are read. `portal keys rotate` replaces it and signs nobody out:
	// [docs/security.md](docs/security.md#keys)
	CookieKeys Secret `env:"PORTAL_COOKIE_KEYS"`
	// a Tink keyset in JSON, whose primary key seals; replaced by `portal keys rotate`, too
	SealKeyset Secret `env:"PORTAL_SEAL_KEYSET"`
	// `smtp://user:password@host:587` (must become encrypted when there is a user), `smtps://` for TLS from the start
	SMTPURL Secret `env:"PORTAL_SMTP_URL"`
	// keys of the company's own programs, 20 characters or more, comma-separated, beside those made by `portal api-keys`:
	// [docs/integration.md](docs/integration.md)
	APIKeys Secret `env:"PORTAL_API_KEYS" unset:"none"`

	// networks (CIDR, comma-separated) whose forwarded headers count; needed behind a proxy
	TrustedProxies []netip.Prefix `env:"PORTAL_TRUSTED_PROXIES" unset:"none"`
	// how many requests a minute a client address may make at a process: `on`, or numbers by group such as `on,forms=60`:
	// [docs/security.md](docs/security.md#limits-by-address). Needs `PORTAL_TRUSTED_PROXIES` behind a proxy
	RateLimits RateLimits `env:"PORTAL_RATE_LIMITS" envDefault:"off"`
	// how far browsers remember to come by TLS alone, for a year or more: `off`, `host` (the whole host, also what else is
	// on it), `subdomains` (and all hosts below it), `preload` (and browsers may build that in):
	// [docs/security.md](docs/security.md#hsts)
	HSTS HSTS `env:"PORTAL_HSTS" envDefault:"host"`
	// how long a session goes on without a sign of life; 10 minutes at least
	SessionIdle time.Duration `env:"PORTAL_SESSION_IDLE" envDefault:"1h"`
	// how long it goes on at all
	SessionAbsolute time.Duration `env:"PORTAL_SESSION_ABSOLUTE" envDefault:"24h"`
	// sign-in codes asked for from one network, an hour, in browsers that are not known; as many again in those that are
	CodesPerNetwork int `env:"PORTAL_CODES_PER_NETWORK" envDefault:"300"`
	// sign-in codes sent to everybody, a day, likewise
	CodesPerDay int `env:"PORTAL_CODES_PER_DAY" envDefault:"20000"`
	// browsers empty their cache and storage of the host at sign-out; only for a host that the portal has alone
	ClearSiteData bool `env:"PORTAL_CLEAR_SITE_DATA" envDefault:"false"`

	// MiB in which documents may be at once on their way to Sumsub; 52 or more. Whoever comes when it is full waits for a
	// turn; a quarter is kept for files up to 12 MiB
	UploadMemory int `env:"PORTAL_UPLOAD_MEMORY" envDefault:"96"`
	// how long the contents of webhooks are kept
	WebhookRetention time.Duration `env:"PORTAL_WEBHOOK_RETENTION" envDefault:"720h"`
	// how long registrations are kept after their end, with everything about them, 720h or more; 0 keeps them for ever:
	// [docs/operations.md](docs/operations.md#what-is-kept-and-for-how-long)
	RegistrationRetention time.Duration `env:"PORTAL_REGISTRATION_RETENTION" envDefault:"0"`
	// the company's own back end, which is told what becomes of registrations: [docs/notices.md](docs/notices.md)
	NoticesURL *url.URL `env:"PORTAL_NOTICES_URL" unset:"none"`
	// what notices are signed with, `whsec_…`; several, comma-separated and newest first, while rotating (`portal notices
	// new-secret` makes one)
	NoticesSecrets Secret `env:"PORTAL_NOTICES_SECRETS" unset:"none"`

	// where PassFort's API is; it carries the version
	PassFortAPIURL *url.URL `env:"PASSFORT_API_URL" envDefault:"https://api.passfort.com/4.0"`
	// the account's master key
	PassFortAPIKey Secret `env:"PASSFORT_API_KEY"`
	// origin of `embed.js` and of the form's frame
	PassFortCollectionURL *url.URL `env:"PASSFORT_COLLECTION_URL" envDefault:"https://collection.passfort.com"`
	// the shared secret of PassFort's webhooks, 16 characters or more; several, comma-separated, while rotating. Without one
	// there are no webhooks and the portal works by reading: [docs/webhooks.md](docs/webhooks.md)
	WebhookSecret Secret `env:"PASSFORT_WEBHOOK_SECRET" unset:"none"`
	// networks (CIDR, comma-separated) that webhooks may come from
	WebhookSources []netip.Prefix `env:"PASSFORT_WEBHOOK_SOURCES" unset:"anywhere"`
	// the company's own receiver, to which verified webhooks go on
	WebhookForwardURL *url.URL `env:"PASSFORT_WEBHOOK_FORWARD_URL" unset:"none"`
	// how long a call without an answer may still take effect at the provider
	PassFortSettle time.Duration `env:"PASSFORT_SETTLE" envDefault:"60s"`
	// how many profiles all replicas together create at most; PassFort's own limit is 10,000 (help article "About rate
	// limiting"), of which staff and other programs want some
	PassFortProfilesPerHour int `env:"PASSFORT_PROFILES_PER_HOUR" envDefault:"9000"`
	// how often all replicas together write companies' data at most, likewise; only for flows with `associates`
	PassFortUpdatesPerHour int `env:"PASSFORT_UPDATES_PER_HOUR" envDefault:"9000"`
	// the member of `ownership_structure` in which PassFort keeps controlling shareholders, which its documentation does not
	// name: ask PassFort
	PassFortControllersKey string `env:"PASSFORT_CONTROLLING_SHAREHOLDERS_KEY" envDefault:"controlling_shareholders"`
	// the same for global ultimate owners
	PassFortUltimatesKey string `env:"PASSFORT_GLOBAL_ULTIMATE_OWNERS_KEY" envDefault:"global_ultimate_owners"`

	// where Sumsub's API is
	SumsubAPIURL *url.URL `env:"SUMSUB_API_URL" envDefault:"https://api.sumsub.com"`
	// of Sumsub's dashboard. Wanted where a flow has `provider = "sumsub"`: [docs/sumsub.md](docs/sumsub.md)
	SumsubAppToken Secret `env:"SUMSUB_APP_TOKEN" unset:"none"`
	// of that app token; wanted likewise
	SumsubSecretKey Secret `env:"SUMSUB_SECRET_KEY" unset:"none"`
	// how long a call without an answer may still take effect at Sumsub
	SumsubSettle time.Duration `env:"SUMSUB_SETTLE" envDefault:"60s"`
	// origin of the frame with Sumsub's own forms
	SumsubSDKURL *url.URL `env:"SUMSUB_WEBSDK_URL" envDefault:"https://in.sumsub.com"`
	// the script that opens it
	SumsubSDKScriptURL *url.URL `env:"SUMSUB_WEBSDK_SCRIPT_URL" envDefault:"https://static.sumsub.com/idensic/static/sns-websdk-builder.js"`
	// what Sumsub's webhooks are signed with, 16 characters or more; several, comma-separated, while rotating. Without one
	// there are none of Sumsub's: [docs/webhooks.md](docs/webhooks.md#sumsub)
	SumsubWebhookSecret Secret `env:"SUMSUB_WEBHOOK_SECRET" unset:"none"`
	// Sumsub's webhooks may be signed with SHA-1, as those are that were set up long ago
	SumsubWebhookSHA1 bool `env:"SUMSUB_WEBHOOK_SHA1" envDefault:"false"`
}
