package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/postgres"
)

// bounceOf is what a mail server sends of an e-mail that it could not deliver.
func bounceOf(id identity.MailID) string {
	return "From: postmaster@example.com\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nOriginal-Envelope-Id: " + string(id) + "\r\n\r\n" +
		"Final-Recipient: rfc822; ada@example.com\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 Ada's is full\r\n\r\n--b--\r\n"
}

// sentEmails stores an e-mail to Ada that was accepted, and one to Bob that was refused.
func sentEmails(t *testing.T, url string) (ada identity.MailID) {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	store := postgres.New(pool, nil, postgres.NoJobs)
	ada = "abcdefghijklmnopqrstuvwx27"
	for to, m := range map[identity.Email]identity.Delivery{
		"ada@example.com": {ID: ada, Status: identity.MailAccepted},
		"bob@example.com": {ID: "bcdefghijklmnopqrstuvwxy27", Status: identity.MailRefused, Reply: "550 5.1.1"},
	} {
		in := identity.SignIn{Browser: identity.NewToken(), Email: to, ExpiresAt: time.Now().Add(time.Minute)}
		if err := store.PutCode(t.Context(), in, []byte(to), m.ID, nil, time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := store.SettleMail(t.Context(), m.ID, m.Status, m.Reply, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	return ada
}

// pipe gives a command a message, as a mail server does.
func pipe(t *testing.T, environ map[string]string, message string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := newCommand(func(name string) string { return environ[name] })
	cmd.SetArgs([]string{"email", "bounce"})
	cmd.SetIn(strings.NewReader(message))
	cmd.SetOut(&out)
	cmd.SetErr(&errs)
	if err := cmd.ExecuteContext(t.Context()); err != nil {
		t.Error(err)
	}
	return out.String(), errs.String()
}

func TestEmailLogSaysWhatBecameOfEmails(t *testing.T) {
	t.Parallel()
	environ := map[string]string{"PORTAL_DATABASE_URL": localpg.NewURL(t)}
	if _, out, _ := command(t, environ, "email", "log"); out != "No e-mail was sent in the time that is remembered.\n" {
		t.Errorf("of nothing: %q", out)
	}
	ada := sentEmails(t, environ["PORTAL_DATABASE_URL"])
	code, out, stderr := command(t, environ, "email", "log", " ADA@example.com")
	if code != exitOK || strings.Count(out, "\n") != 2 || !strings.Contains(out, "ada@example.com") || !strings.Contains(out, "has taken it") {
		t.Errorf("of Ada: exit %d, %q, %q", code, out, stderr)
	}
	if out, stderr := pipe(t, environ, bounceOf(ada)); out != "e-mails marked as bounced: 1\n" || strings.Contains(strings.ToLower(stderr), "ada@") {
		t.Errorf("the bounce: %q, %q", out, stderr)
	}
	for args, want := range map[string]string{"log --failed": "552 5.2.2", "log ada@example.com": "it came back: the mailbox is full"} {
		if _, out, _ := command(t, environ, append([]string{"email"}, strings.Fields(args)...)...); !strings.Contains(out, want) {
			t.Errorf("%s: %q", args, out)
		}
	}
	if _, out, _ := command(t, environ, "email", "log", "--failed", "--limit", "1"); !strings.HasSuffix(out, "These are the last 1; --limit shows more.\n") {
		t.Errorf("one: %q", out)
	}
	if _, out, _ := command(t, environ, "email", "log", "--failed", "eve@example.com"); out != "No e-mail to this address has failed in the time that is remembered.\n" {
		t.Errorf("of nobody: %q", out)
	}
}

// A mail server would try a message again, and then complain, if the command failed for what is no bounce.
func TestEmailBounceFailsForNothingThatIsNoBounce(t *testing.T) {
	t.Parallel()
	environ := map[string]string{"PORTAL_DATABASE_URL": localpg.NewURL(t)}
	if out, stderr := pipe(t, environ, "Subject: Buy now\r\n\r\nto ada@example.com\r\n"); !strings.HasPrefix(out, "nothing changed: ") || stderr != "" {
		t.Errorf("%q, %q", out, stderr)
	}
	if out, stderr := pipe(t, environ, bounceOf("zzzzzzzzzzzzzzzzzzzzzzzz22")); out != "e-mails marked as bounced: 0\n" || stderr != "" {
		t.Errorf("of a mail that is forgotten: %q, %q", out, stderr)
	}
}

func TestWrongUseOfEmailIsToldFromFailure(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"--limit":             {"log", "--limit", "0"},
		"no e-mail address":   {"log", "ada"},
		"at most 1":           {"log", "a@example.com", "b@example.com"},
		"email --help":        {},
		"unknown command":     {"bounce", "message.eml"},
		"unknown flag: --all": {"log", "--all"},
	} {
		if code, _, stderr := command(t, nil, append([]string{"email"}, args...)...); code != exitWrongUse || !strings.Contains(stderr, want) {
			t.Errorf("portal email %v: exit %d, %q; want a word of %q", args, code, stderr, want)
		}
	}
}

func TestMeaningTellsTheAddressFromTheServer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for want, d := range map[string]identity.Delivery{
		"it is being sent":                             {Status: identity.MailSending, CreatedAt: now.Add(-time.Second)},
		"was stopped, or lost":                         {Status: identity.MailSending, CreatedAt: now.Add(-time.Hour)},
		"for this address: there is no such mailbox":   {Status: identity.MailRefused, Reply: "550 5.1.1"},
		"for this address: the code does not say why":  {Status: identity.MailRefused, Reply: "550"},
		"it came back: there is no such mailbox":       {Status: identity.MailBounced, Reply: "5.1.1"},
		"it came back: a policy of the receiving side": {Status: identity.MailBounced, Reply: "554 5.7.26"},
		"it came back: the code does not say":          {Status: identity.MailBounced},
		"could not be reached":                         {Status: identity.MailUnreachable},
		"does not accept the portal's user":            {Status: identity.MailUnreachable, Reply: "535 5.7.8"},
		"put it off":                                   {Status: identity.MailUnreachable, Reply: "451 4.7.1"},
		"keeps the portal from sending":                {Status: identity.MailUnreachable, Reply: "554 5.7.1"},
		"for a reason that is not the address":         {Status: identity.MailUnreachable, Reply: "554"},
	} {
		if got := meaning(d, now); !strings.Contains(got, want) {
			t.Errorf("%s %q: %s", d.Status, d.Reply, got)
		}
	}
}

// answering is a mailer that always answers the same.
type answering struct{ err error }

func (a answering) SendCode(context.Context, identity.CodeMail) error {
	return a.err
}

func (a answering) SendResult(context.Context, identity.Result) error { return a.err }

func TestEmailsAreCountedAndRefusalsLoggedWithoutTheAddress(t *testing.T) {
	t.Parallel()
	refused := &identity.MailError{Refused: true, Reply: "550 5.1.1", Err: errors.New("no")}
	for name, test := range map[string]struct {
		err     error
		outcome string
		logged  bool
	}{
		"taken":       {nil, identity.MailAccepted, false},
		"refused":     {refused, identity.MailRefused, true},
		"unreachable": {&identity.MailError{Err: errors.New("away")}, identity.MailUnreachable, false},
		"a bug":       {errors.New("no template"), identity.MailUnreachable, false},
	} {
		var log bytes.Buffer
		var outcomes []string
		m := watchedMailer{answering{test.err}, func(o string) { outcomes = append(outcomes, o) }, slog.New(slog.NewTextHandler(&log, nil))}
		if err := m.SendCode(t.Context(), identity.CodeMail{ID: "the-id", To: "ada@example.com", Code: "123456", Locale: "en"}); !errors.Is(err, test.err) {
			t.Errorf("%s: %v", name, err)
		}
		if err := m.SendResult(t.Context(), identity.Result{ID: "the-id", To: "ada@example.com"}); !errors.Is(err, test.err) {
			t.Errorf("%s: result: %v", name, err)
		}
		if strings.Join(outcomes, " ") != test.outcome+" "+test.outcome || (log.Len() > 0) != test.logged {
			t.Errorf("%s: observed %q, logged %q", name, outcomes, &log)
		}
		if said := log.String(); strings.Contains(said, "ada") || test.logged && !(strings.Contains(said, "the-id") && strings.Contains(said, "550 5.1.1")) {
			t.Errorf("%s: logged %q", name, said)
		}
	}
}
