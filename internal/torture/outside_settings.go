package torture

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// outsideFlows are the flows of a run: the careful one waits for a person where a profile may exist.
var outsideFlows = []string{"individual", companyFlow, "careful"}

// outsideKeys are the secrets that a portal shares with others.
type outsideKeys struct{ master, webhooks, database, api string }

func (r *ordeal) newKeys() outsideKeys {
	return outsideKeys{
		master: r.secrets.made("master key"), webhooks: r.secrets.made("webhook secret"), database: r.secrets.made("database password"),
		api: r.secrets.made("key of the API"),
	}
}

// environment is the settings of the portals, whose own keys and flows it puts into the run's folder.
func (r *ordeal) environment(ctx context.Context, k outsideKeys) ([]string, error) {
	if err := r.makeOwnKeys(ctx); err != nil {
		return nil, err
	}
	front, config := r.balancer.site.url, r.file("portal.toml")
	if err := os.WriteFile(config, []byte(outsideConfig(front)), 0o600); err != nil {
		return nil, fmt.Errorf("writing portal.toml: %w", err)
	}
	return []string{
		"PORTAL_CONFIG=" + config,
		"PORTAL_BASE_URL=" + front + portalPath,
		"PORTAL_STOP_DELAY=0s",
		"PORTAL_DATABASE_URL=" + withPassword(r.records.url, k.database),
		"PORTAL_COOKIE_KEYS_FILE=" + r.file("cookie_keys"),
		"PORTAL_SEAL_KEYSET_FILE=" + r.file("seal_keyset"),
		"PORTAL_SMTP_URL=smtp://" + r.sandbox.Mailbox().Addr(),
		"PORTAL_API_KEYS=" + k.api,
		"PASSFORT_API_URL=" + r.sandbox.site.url + "/4.0",
		"PASSFORT_API_KEY=" + k.master,
		"PASSFORT_COLLECTION_URL=" + r.sandbox.site.url,
		"PASSFORT_WEBHOOK_SECRET=" + k.webhooks,
		"PASSFORT_SETTLE=1s",
	}, nil
}

func (r *ordeal) file(name string) string { return filepath.Join(r.Dir, name) }

// keyMaterial is a key in a file of cookie keys or in a keyset.
var keyMaterial = regexp.MustCompile(`[A-Za-z0-9+/_-]{40,}`)

func (r *ordeal) makeOwnKeys(ctx context.Context) error {
	if out, err := exec.CommandContext(ctx, r.Program, "keys", "new", "--dir", r.Dir).CombinedOutput(); err != nil {
		return fmt.Errorf("making keys: %w: %s", err, out)
	}
	for _, name := range []string{"cookie_keys", "seal_keyset"} {
		text, err := os.ReadFile(r.file(name))
		if err != nil {
			return fmt.Errorf("reading keys: %w", err)
		}
		for _, key := range keyMaterial.FindAllString(string(text), -1) {
			r.secrets.add(name, key)
		}
	}
	return nil
}

// withPassword is a database's address with a password. The server does not ask for it; the logs must not tell it.
func withPassword(address, password string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}

// outsideConfig is a portal.toml.
func outsideConfig(front string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "loaders = [\"static\", \"dynamic\"]\ncustomer_ref_prefix = %q\n", refPrefix)
	b.WriteString("[brand]\nname = \"Northlight\"\naccent = \"#0b5c57\"\nsupport_email = \"help@northlight.example\"\n")
	b.WriteString("privacy_url = \"https://northlight.example/privacy\"\nimprint_url = \"https://northlight.example/imprint\"\n")
	for _, flow := range outsideFlows {
		role, template, unclear := "INDIVIDUAL_CUSTOMER", "individual-onboarding", "create"
		switch flow {
		case companyFlow:
			role, template = "COMPANY_CUSTOMER", "company-onboarding"
		case "careful":
			unclear = "hold"
		}
		fmt.Fprintf(&b, "[[flow]]\nname = %q\ntitle = %q\nprovider = \"passfort\"\nrole = %q\nflow_template = %q\n", flow, "The flow "+flow, role, template)
		fmt.Fprintf(&b, "theme = \"default\"\nassociates = %v\non_unclear = %q\ncompletion_url = %q\n", flow == companyFlow, unclear, front+thanksPath+flow)
	}
	return b.String()
}
