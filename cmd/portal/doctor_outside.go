package main

import (
	"context"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"portal/internal/doctor"
	"portal/internal/onboarding"
	"portal/internal/passfort"
	"portal/internal/sumsub"
)

// site looks at the public URL.
func (p *patient) site(ctx context.Context) []doctor.Finding {
	if p.c.BaseURL == nil {
		return needs("PORTAL_BASE_URL")
	}
	s := doctor.Site{URL: p.c.BaseURL, HSTS: p.c.HSTS.Header(), Now: time.Now}
	if s.URL.Scheme == "https" && s.URL.Port() == "" {
		plain := *s.URL
		plain.Scheme = "http"
		s.Plain = &plain
	}
	return s.Look(ctx)
}

// mail greets the mail server, and sends an e-mail where that is wanted.
func (p *patient) mail(ctx context.Context) []doctor.Finding {
	const setting = "PORTAL_SMTP_URL"
	if !p.c.Dynamic() {
		return unused(linksAlone)
	}
	if p.m.mailer == nil {
		return needs(setting)
	}
	g, err := p.m.mailer.Greet(ctx)
	if err != nil {
		return one(doctor.Problem("correct "+setting+", or see why "+g.At+" does not take the portal", "%s: %v", g.At, err))
	}
	says := "without signing in"
	if g.SignedIn {
		says = "and takes the user and the password"
	}
	found := one(doctor.OK("%s answers with TLS, %s", g.At, says))
	if !g.Encrypted {
		found = one(doctor.Warning("have the mail server offer STARTTLS, or use smtps://, unless the way there is your own", "%s answers in clear text, %s", g.At, says))
	}
	if p.mailTo == "" {
		return found
	}
	if err := p.m.mailer.SendTrial(ctx, p.mailTo); err != nil {
		return append(found, doctor.Problem("see the mail server's log", "the e-mail to --mail-to was not taken: %v", err))
	}
	return append(found, doctor.OK("an e-mail is on its way to %s: see that it arrives, and not as spam", p.mailTo))
}

// sender looks at the domain of the sender in DNS.
func (p *patient) sender(ctx context.Context) []doctor.Finding {
	if !p.c.Dynamic() {
		return unused(linksAlone)
	}
	from, err := netmail.ParseAddress(p.c.MailFrom)
	if err != nil {
		return needs("portal.toml mail_from")
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return doctor.Sender{Domain: domain, Selector: p.selector, Resolver: net.DefaultResolver}.Look(ctx)
}

// passfort asks PassFort whose the key is.
func (p *patient) passfort(ctx context.Context) []doctor.Finding {
	switch {
	case !p.c.Dynamic() || !p.c.Uses("passfort"):
		return unused("no flow has provider = \"passfort\"")
	case p.c.PassFortAPIKey == "":
		return needs("PASSFORT_API_KEY")
	case p.c.PassFortAPIURL == nil:
		return needs("PASSFORT_API_URL")
	}
	client := passfort.New(passfort.Options{BaseURL: p.c.PassFortAPIURL, APIKey: passfort.APIKey(p.c.PassFortAPIKey.Reveal())})
	who, err := client.Whoami(ctx)
	if err != nil {
		return one(doctor.Problem(outsideFix(err, "PASSFORT_API_URL", "PASSFORT_API_KEY"), "%s: %v", p.c.PassFortAPIURL.Host, err))
	}
	return one(doctor.OK("the key is %q of %s", who.Key, who.Institution))
}

// outsideFix is what to do about a provider's error: one that is about the way there, or about the key.
func outsideFix(err error, address, key string) string {
	switch onboarding.KindOf(err) {
	case onboarding.Busy, onboarding.Unanswered:
		return "see that this machine may reach " + address
	}
	return "correct " + address + " or " + key
}

// collection looks at the site of the form, as a browser does.
func (p *patient) collection(ctx context.Context) []doctor.Finding {
	const setting = "PASSFORT_COLLECTION_URL"
	switch {
	case p.c.PassFortCollectionURL == nil:
		return needs(setting)
	case p.c.BaseURL == nil:
		return needs("PORTAL_BASE_URL")
	}
	sight, err := passfort.NewFront(p.c.PassFortCollectionURL, p.c.BaseURL).Look(ctx)
	at := p.c.PassFortCollectionURL.Host
	switch {
	case err != nil:
		return one(doctor.Problem("correct "+setting+", or see that this machine may reach it", "%s: %v", at, err))
	case !sight.Served:
		return one(doctor.Problem("correct "+setting, "%s has no embed.js: HTTP %d, %s", at, sight.Status, sight.Type))
	case !sight.Framed:
		return one(doctor.Problem("ask PassFort to allow "+origin(p.c.BaseURL)+" to frame the form", "%s forbids that pages of the portal frame it", at))
	}
	return one(doctor.OK("%s serves embed.js and may be framed", at))
}

// sumsub asks for the levels of the flows.
func (p *patient) sumsub(ctx context.Context) (found []doctor.Finding) {
	switch {
	case !p.c.Dynamic() || !p.c.Uses("sumsub"):
		return unused("no flow has provider = \"sumsub\"")
	case p.c.SumsubAppToken == "" || p.c.SumsubSecretKey == "":
		return needs("SUMSUB_APP_TOKEN, SUMSUB_SECRET_KEY")
	case p.c.SumsubAPIURL == nil:
		return needs("SUMSUB_API_URL")
	}
	client := sumsub.New(sumsub.Options{
		BaseURL: p.c.SumsubAPIURL, AppToken: sumsub.Secret(p.c.SumsubAppToken.Reveal()), SecretKey: sumsub.Secret(p.c.SumsubSecretKey.Reveal()), Now: time.Now,
	})
	var there []string
	for _, f := range p.c.Flows {
		if f.Provider != fromSumsub || slices.Contains(there, f.Level) {
			continue
		}
		_, err := client.Level(ctx, f.Level)
		switch {
		case onboarding.KindOf(err) == onboarding.NotFound:
			found = append(found, doctor.Problem("correct the level in portal.toml, in its upper and lower case; an app token knows the levels of its own environment alone", "flow %s: there is no level %q", f.Name, f.Level))
		case err != nil:
			return one(doctor.Problem(outsideFix(err, "SUMSUB_API_URL", "SUMSUB_APP_TOKEN and SUMSUB_SECRET_KEY"), "%s: %v", p.c.SumsubAPIURL.Host, err))
		default:
			there = append(there, f.Level)
		}
	}
	if len(there) == 0 {
		return found
	}
	return append(found, doctor.OK("the token and the key are taken; levels: %s", strings.Join(there, ", ")))
}

// oidc asks each identity provider what it says of itself.
func (p *patient) oidc(ctx context.Context) (found []doctor.Finding) {
	if len(p.c.OIDC) == 0 {
		return unused("no [[oidc]] in portal.toml")
	}
	for _, provider := range p.m.oidc {
		if provider == nil {
			continue // what is wrong with it is a setting's fault
		}
		if err := provider.Discover(ctx); err != nil {
			found = append(found, doctor.Problem("correct the issuer of its [[oidc]] in portal.toml, or see that this machine may reach it", "%s: %v", provider, err))
			continue
		}
		found = append(found, doctor.OK("%s: its discovery document can be used", provider))
	}
	if len(found) == 0 {
		return one(doctor.Problem("see what the check called settings says", "none of the [[oidc]] in portal.toml can be used"))
	}
	return found
}

// receivers asks the company's own addresses whether they are there.
func (p *patient) receivers(ctx context.Context) (found []doctor.Finding) {
	if u := p.c.NoticesURL; u != nil {
		found = append(found, doctor.Receiver(ctx, "PORTAL_NOTICES_URL", u))
	}
	if u := p.c.WebhookForwardURL; u != nil {
		found = append(found, doctor.Receiver(ctx, "PASSFORT_WEBHOOK_FORWARD_URL", u))
	}
	if len(found) == 0 {
		return unused("neither PORTAL_NOTICES_URL nor PASSFORT_WEBHOOK_FORWARD_URL is set")
	}
	return found
}
