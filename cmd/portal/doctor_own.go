package main

import (
	"context"
	"slices"
	"strings"
	"syscall"

	"portal/internal/config"
	"portal/internal/doctor"
)

// prefixes are how the names of our settings begin.
var prefixes = []string{"PORTAL_", "PASSFORT_", "SUMSUB_"}

// settings is all that portal serve would refuse, and what it would not even notice.
func (p *patient) settings(context.Context) []doctor.Finding {
	var found []doctor.Finding
	for _, line := range p.wrong {
		found = append(found, doctor.Problem(remedy(line)+": portal serve does not start otherwise", "%s", line))
	}
	known := config.Names()
	for _, o := range p.c.OIDC {
		known = append(known, o.ClientSecretEnv, o.ClientSecretEnv+"_FILE")
	}
	found = append(found, doctor.Unknown(p.environ, known, prefixes)...)
	if len(found) == 0 {
		return one(doctor.OK("%s and the environment say what is needed", p.c.ConfigPath))
	}
	return found
}

// settingOf is the name with which an error begins.
func settingOf(line string) string {
	name, _, _ := strings.Cut(line, ":")
	return name
}

// remedy is what to do about an error of a setting.
func remedy(line string) string {
	if _, says, _ := strings.Cut(line, ": "); strings.HasPrefix(says, "required") {
		return "set " + settingOf(line)
	}
	return "correct " + settingOf(line)
}

// wrongWith is what is wrong with a setting, as portal serve reports it.
func (p *patient) wrongWith(setting string) []doctor.Finding {
	var found []doctor.Finding
	for _, line := range p.wrong {
		if settingOf(line) == setting {
			found = append(found, doctor.Problem(remedy(line), "%s", line))
		}
	}
	return found
}

// keys looks at the keys alone; what they have sealed is another check's.
func (p *patient) keys(context.Context) []doctor.Finding {
	if !p.c.Dynamic() {
		return unused(linksAlone)
	}
	found := slices.Concat(p.wrongWith("PORTAL_COOKIE_KEYS"), p.wrongWith("PORTAL_SEAL_KEYSET"))
	cookies, err := p.c.CookieKeyBytes()
	if err != nil || p.m.keys == nil {
		if len(found) == 0 {
			found = one(doctor.Problem("make them with `portal keys new`", "PORTAL_COOKIE_KEYS and PORTAL_SEAL_KEYSET are not both set"))
		}
		return found
	}
	all := p.m.keys.Keys()
	switch {
	case all[len(all)-1] != p.m.keys.Primary():
		return append(found, doctor.Warning("run `portal keys rotate --promote` once all processes have it", "a new key waits for being promoted, so the rotation is not over"))
	case len(cookies) > 1 || len(all) > 1:
		return append(found, doctor.Warning("run `portal keys retire` when PORTAL_SESSION_ABSOLUTE ("+p.c.SessionAbsolute.String()+") has passed since the rotation, and a day at least",
			"former keys are still there: %d of cookies, %d of the keyset", len(cookies)-1, len(all)-1))
	}
	return append(found, doctor.OK("a cookie key of %d bytes and a keyset with a key", config.CookieKeySize))
}

func (p *patient) proxies(context.Context) []doctor.Finding {
	if p.c.BaseURL == nil {
		return needs("PORTAL_BASE_URL")
	}
	return one(doctor.Proxies(p.c.BaseURL, p.c.TrustedProxies))
}

func (p *patient) private(ctx context.Context) []doctor.Finding {
	if p.c.BaseURL == nil {
		return needs("PORTAL_BASE_URL")
	}
	return doctor.Private(ctx, p.c.DebugListen, p.c.BaseURL)
}

func (p *patient) files(context.Context) []doctor.Finding {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return one(doctor.Warning("see `ulimit -n`", "how many files may be open cannot be seen: %v", err))
	}
	return one(doctor.Files(limit.Cur))
}

// webhooks looks at the secrets; whether a provider reaches the portal shows when it sends something.
func (p *patient) webhooks(context.Context) (found []doctor.Finding) {
	if !p.c.Dynamic() {
		return unused(linksAlone)
	}
	for _, w := range []struct {
		provider, setting string
		secrets           []string
	}{
		{"passfort", "PASSFORT_WEBHOOK_SECRET", p.c.WebhookSecrets()},
		{"sumsub", "SUMSUB_WEBHOOK_SECRET", p.c.SumsubWebhookSecrets()},
	} {
		wrong := p.wrongWith(w.setting)
		switch {
		case len(wrong) > 0:
			found = append(found, wrong...)
		case !p.c.Uses(w.provider):
		case len(w.secrets) == 0:
			found = append(found, doctor.Warning("set "+w.setting+" to the secret that the provider sends or signs with", "%s is not set: what happens at the provider is learnt late, by asking", w.setting))
		default:
			found = append(found, doctor.OK("%s: secrets that are taken: %d. Whether the provider reaches the portal shows in `portal webhooks list`", w.setting, len(w.secrets)))
		}
	}
	if len(found) == 0 {
		return unused("no flow has a provider with webhooks")
	}
	return found
}
