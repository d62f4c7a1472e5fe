package config_test

import (
	"strings"
	"testing"

	"portal/internal/config"
)

const passfort = `
[passfort]
dns_provider = "Example DNS"
email_subject = "Please complete your details"
email_sender_name = "Northlight"
email_sender_address = "onboarding@northlight.example"
email_text = "We need a few details."
reminders = { max = 3, every_days = 7, subject = "Reminder", text = "We are waiting." }

[[passfort.task]]
name = "Verify identity"
documents = [{ type = "Passport", of = ["front", "selfie"] }]

[[passfort.registration]]
flow = "individual"
forms = ["Your details"]
product = "personal-account"
`

func TestWhatPassFortIsToldIsRead(t *testing.T) {
	t.Parallel()
	c, lines := load(t, file+passfort, nil)
	wrong(t, lines)
	p := c.PassFort
	if p.Reminders.EveryDays != 7 || p.Tasks[0].Documents[0].Of[1] != "selfie" || p.Registration("individual").Product != "personal-account" {
		t.Errorf("%+v", p)
	}
	if r := p.Registration("company"); r.Flow != "company" || r.Forms != nil {
		t.Errorf("a flow that nothing is said of: %+v", r)
	}
}

func TestWhatPassFortCannotBeToldIsRefused(t *testing.T) {
	t.Parallel()
	for replaced, named := range map[[2]string]string{
		{`"onboarding@northlight.example"`, `"nobody"`}:                     "email_sender_address",
		{`"onboarding@northlight.example"`, `"Jo <jo@northlight.example>"`}: "email_sender_address",
		{`"We need a few details."`, `"We need:\n- details"`}:               "email_text",
		{"max = 3", "max = 4"}:                      "reminders",
		{"every_days = 7", "every_days = 0"}:        "reminders",
		{`name = "Verify identity"`, `name = ""`}:   "[[passfort.task]] 1",
		{`"selfie"`, `"knee"`}:                      `"knee"`,
		{`of = ["front", "selfie"]`, "of = []"}:     "documents",
		{`flow = "individual"`, `flow = "nothing"`}: "[[passfort.registration]] 1",
		{"dns_provider", "dns"}:                     "passfort.dns",
		{"forms = [", "secret = \"x\"\nforms = ["}:  "passfort.registration.secret",
		{"[[passfort.registration]]", "[[passfort.registration]]\nflow = \"individual\"\n[[passfort.registration]]"}: "2 (individual)",
	} {
		_, lines := load(t, file+strings.Replace(passfort, replaced[0], replaced[1], 1), nil)
		wrong(t, lines, named)
	}
}

func TestWhatIsNoSecretIsReadWithoutOne(t *testing.T) {
	t.Parallel()
	env := settings(t, file+passfort, map[string]string{"PORTAL_SMTP_URL_FILE": "/nowhere"})
	for _, name := range []string{"PORTAL_DATABASE_URL", "PORTAL_COOKIE_KEYS", "PORTAL_SEAL_KEYSET", "PASSFORT_API_KEY"} {
		delete(env, name)
	}
	c, err := config.LoadPublic(func(name string) string { return env[name] })
	if err != nil || c.Brand.Name != "Northlight" || c.BaseURL.Host != "www.example.com" || c.SMTPURL != "" {
		t.Errorf("%+v, %v", c.File, err)
	}
	named := settings(t, strings.Replace(file, `"individual"`, `"Individual"`, 1), nil)
	if _, err := config.LoadPublic(func(name string) string { return named[name] }); err == nil || !strings.Contains(err.Error(), "(Individual): name") {
		t.Errorf("a flow's name that stands in no address: %v", err)
	}
	env["PORTAL_BASE_URL"] = "www.example.com"
	if _, err := config.LoadPublic(func(name string) string { return env[name] }); err == nil || !strings.Contains(err.Error(), "PORTAL_BASE_URL") {
		t.Errorf("an address that is none: %v", err)
	}
}
