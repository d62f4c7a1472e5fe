package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"portal/internal/config"
	"portal/internal/i18n"
)

// newSheet answers the questions of PassFort's guides in their order: those about customer requests where links are
// served, those about registration flows where applicants sign in.
func newSheet(c config.Config) (*sheet, error) {
	languages, err := speak(c)
	if err != nil {
		return nil, fmt.Errorf("portal.toml: %w", err)
	}
	s := &sheet{Title: "Set-up of customer requests for " + c.Brand.Name}
	if c.Static() {
		s.tasks(c)
	}
	if c.Dynamic() {
		s.registrations(c)
	}
	s.page(c)
	s.theme(c)
	s.ownThemes(c)
	if c.Static() {
		s.email(c, languages)
		s.reminders(c)
	}
	if c.Dynamic() {
		s.webhooks(c)
	}
	return s, nil
}

func (s *sheet) tasks(c config.Config) {
	s.section("Tasks and documents")
	for _, t := range c.PassFort.Tasks {
		var kinds []string
		for _, d := range t.Documents {
			kinds = append(kinds, d.Type+" ("+strings.Join(d.Of, ", ")+")")
		}
		s.want(t.Name, strings.Join(kinds, "; "), "portal.toml [[passfort.task]] documents")
	}
	if len(c.PassFort.Tasks) == 0 {
		s.want("Tasks from which customers are asked for documents", "", "portal.toml [[passfort.task]]")
	}
}

// customers are those whom a flow is for, by its role.
var customers = map[string]string{"INDIVIDUAL_CUSTOMER": "individuals (INDIVIDUAL_CUSTOMER)", "COMPANY_CUSTOMER": "companies (COMPANY_CUSTOMER)"}

// registrations are the flows. Aliases are PassFort's answer: there are none before.
func (s *sheet) registrations(c config.Config) {
	for _, f := range c.Flows {
		if f.Provider != "passfort" {
			continue
		}
		r := c.PassFort.Registration(f.Name)
		s.section("Registration flow: " + cmp.Or(f.Title, f.Name))
		if f.Title == "" {
			s.miss("Title", "portal.toml [[flow]] title (flow "+f.Name+")")
		}
		s.want("For", customers[f.Role], "portal.toml [[flow]] role (flow "+f.Name+")")
		s.want("Forms, in this order", strings.Join(r.Forms, "; "), "portal.toml [[passfort.registration]] forms (flow "+f.Name+")")
		s.want("Product application added at completion", cmp.Or(r.Product, f.Product), "portal.toml [[passfort.registration]] product (flow "+f.Name+")")
		s.say("Alias of the flow template", cmp.Or(f.FlowTemplate, "please tell us"))
		s.say("Alias of the form theme", cmp.Or(f.Theme, "please tell us"))
	}
}

func (s *sheet) page(c config.Config) {
	s.section("Form page")
	base := c.BaseURL.String()
	if config.Loopback(c.BaseURL) {
		s.miss("the public address of the page", "PORTAL_BASE_URL")
		base += " " + notDecided
	}
	s.say("Form URL", base)
	s.say("Redirect URL after completion", strings.TrimSuffix(c.BaseURL.String(), "/")+"/complete")
	var kinds []string
	if c.Static() {
		kinds = append(kinds, "static, for the links of request e-mails")
	}
	if c.Dynamic() {
		kinds = append(kinds, "dynamic, for applicants who are signed in")
	}
	s.say("Loader", strings.Join(kinds, "; ")+", at the same URL")
	s.say("Names of request id and key in links", strings.Join(c.LinkParams, ", "))
}

func (s *sheet) email(c config.Config, languages *i18n.Languages) {
	p := c.PassFort
	s.section("Request e-mail")
	s.want("Subject", subject(c, languages, languages.Locales()[0]), "portal.toml [passfort] email_subject")
	s.want("Sender name", p.EmailSenderName, "portal.toml [passfort] email_sender_name")
	s.want("Sender address", p.EmailSenderAddress, "portal.toml [passfort] email_sender_address")
	s.want("DNS provider", p.DNSProvider, "portal.toml [passfort] dns_provider")
	_, domain, _ := strings.Cut(p.EmailSenderAddress, "@")
	s.say("Please send us", strings.TrimSpace("the CNAME records for the sender's domain "+domain))
	s.say("Template", "custom HTML: "+requestHTML+", with its text "+requestText+", enclosed. Please tell us how you mark the editable text and the link")
	s.say("Logo", cmp.Or(c.Brand.EmailLogoURL, "none: the name in type"))
	s.want("Editable text to start from", p.EmailText, "portal.toml [passfort] email_text")
	ctx := i18n.With(context.Background(), languages.Locales()[0])
	s.say("Button", fmt.Sprintf("%q in %s on %s", i18n.T(ctx, "email.request.open"), c.Brand.OnAccent(), c.Brand.Accent))
	s.want("Footer", strings.Join(strings.Fields(c.Brand.Address), " "), "portal.toml [brand] address")
}

func (s *sheet) reminders(c config.Config) {
	s.section("Reminders")
	r := c.PassFort.Reminders
	switch {
	case r == nil:
		s.want("How many, and how often", "", "portal.toml [passfort] reminders (max = 0 for none)")
	case r.Max == 0:
		s.say("How many", "none")
	default:
		s.say("How many, and how often", fmt.Sprintf("up to %d, one every %d days", r.Max, r.EveryDays))
		s.want("Subject", r.Subject, "portal.toml [passfort] reminders (subject)")
		s.want("Text", r.Text, "portal.toml [passfort] reminders (text)")
	}
}

func (s *sheet) webhooks(c config.Config) {
	s.section("Webhooks")
	s.say("Endpoint", c.BaseURL.JoinPath("webhooks", "passfort").String())
	s.say("Events", "Customer request changed; any others as you like")
	s.say("Batching", "as you like")
	s.say("Shared secret", "agreed separately")
}
