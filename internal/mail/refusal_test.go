package mail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"portal/internal/identity"
)

// says is an answer of a mail server.
func says(code int, enhanced smtp.EnhancedCode, text string) func() error {
	return func() error { return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text} }
}

func TestOnlyWhatIsSaidOfTheRecipientRefusesThem(t *testing.T) {
	t.Parallel()
	const mail, rcpt, data = "MAIL", "RCPT", "DATA"
	for name, test := range map[string]struct {
		stage    string
		code     int
		enhanced smtp.EnhancedCode
		refused  bool
		reply    string
	}{
		"no such mailbox":                  {rcpt, 550, smtp.EnhancedCode{5, 1, 1}, true, "550 5.1.1"},
		"no such mailbox, said late":       {data, 550, smtp.EnhancedCode{5, 1, 1}, true, "550 5.1.1"},
		"no such domain":                   {rcpt, 550, smtp.EnhancedCode{5, 1, 2}, true, "550 5.1.2"},
		"the domain takes no mail":         {rcpt, 556, smtp.EnhancedCode{5, 1, 10}, true, "556 5.1.10"},
		"the mailbox is full":              {rcpt, 552, smtp.EnhancedCode{5, 2, 2}, true, "552 5.2.2"},
		"Exchange does not know them":      {rcpt, 550, smtp.EnhancedCode{5, 4, 1}, true, "550 5.4.1"},
		"a script that is not carried":     {rcpt, 553, smtp.EnhancedCode{5, 6, 7}, true, "553 5.6.7"},
		"an old server":                    {rcpt, 550, smtp.NoEnhancedCode, true, "550"},
		"nothing particular":               {rcpt, 553, smtp.EnhancedCode{5, 0, 0}, true, "553 5.0.0"},
		"not now":                          {rcpt, 451, smtp.EnhancedCode{4, 3, 0}, false, "451 4.3.0"},
		"greylisted by an old server":      {rcpt, 450, smtp.NoEnhancedCode, false, "450"},
		"too busy after all":               {data, 452, smtp.EnhancedCode{4, 3, 1}, false, "452 4.3.1"},
		"we may not relay":                 {rcpt, 554, smtp.EnhancedCode{5, 7, 1}, false, "554 5.7.1"},
		"we are not signed in":             {rcpt, 530, smtp.EnhancedCode{5, 7, 0}, false, "530 5.7.0"},
		"an old server wants a name":       {rcpt, 530, smtp.NoEnhancedCode, false, "530"},
		"our sender is not known":          {rcpt, 550, smtp.EnhancedCode{5, 1, 8}, false, "550 5.1.8"},
		"our quota is used up":             {data, 550, smtp.EnhancedCode{5, 4, 5}, false, "550 5.4.5"},
		"it looks like spam":               {data, 554, smtp.EnhancedCode{5, 7, 1}, false, "554 5.7.1"},
		"an old server does not like it":   {data, 554, smtp.NoEnhancedCode, false, "554"},
		"too large":                        {data, 552, smtp.EnhancedCode{5, 3, 4}, false, "552 5.3.4"},
		"a syntax error of ours":           {rcpt, 501, smtp.EnhancedCode{5, 5, 4}, false, "501 5.5.4"},
		"our sender is refused":            {mail, 550, smtp.EnhancedCode{5, 1, 8}, false, "550 5.1.8"},
		"our sender is refused, badly put": {mail, 550, smtp.EnhancedCode{5, 1, 1}, false, "550 5.1.1"},
		"our sender is put off":            {mail, 451, smtp.EnhancedCode{4, 3, 2}, false, "451 4.3.2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, nil)
			*map[string]*func() error{mail: &server.onMail, rcpt: &server.onRcpt, data: &server.onData}[test.stage] = says(test.code, test.enhanced, "no, ada@example.com")
			err := newSender(t, "smtp://"+server.addr).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"})
			why, ok := errors.AsType[*identity.MailError](err)
			if !ok || why.Refused != test.refused || why.Reply != test.reply {
				t.Errorf("refused %t, %q; %v", why.Refused, why.Reply, err)
			}
			if strings.Contains(err.Error(), "ada@") {
				t.Error(err)
			}
		})
	}
}

func TestWhatComesBeforeTheEmailRefusesNobody(t *testing.T) {
	t.Parallel()
	away := newServer(t, nil)
	away.onSession = says(554, smtp.EnhancedCode{5, 3, 2}, "no mail today")
	config, roots := trusted(t)
	locked := newServer(t, config)
	locked.onAuth = says(535, smtp.EnhancedCode{5, 7, 8}, "who is jo?")
	for name, test := range map[string]struct{ url, reply string }{
		"refused at the door": {"smtp://" + away.addr, "554 5.3.2"},
		"a wrong password":    {"smtp://jo:wrong@" + locked.addr, "535 5.7.8"},
	} {
		sender := newSender(t, test.url)
		sender.Trust(roots)
		err := sender.SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"})
		if why, ok := errors.AsType[*identity.MailError](err); !ok || why.Refused || why.Reply != test.reply {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSandboxPlaysRefusals(t *testing.T) {
	t.Parallel()
	box := newMailbox(t)
	sender := newSender(t, "smtp://"+box.Addr())
	for to, want := range map[identity.Email]identity.MailError{
		"ada@refused.example": {Refused: true, Reply: "550 5.1.1"},
		"ada@away.example":    {Refused: false, Reply: "451 4.3.0"},
	} {
		err := sender.SendCode(t.Context(), identity.CodeMail{ID: mailID, To: to, Code: "123456", Locale: "en"})
		if why, ok := errors.AsType[*identity.MailError](err); !ok || why.Refused != want.Refused || why.Reply != want.Reply {
			t.Errorf("%s: %v", to, err)
		}
	}
	if err := sender.SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"}); err != nil {
		t.Fatal(err)
	}
	if got := box.Messages(""); len(got) != 1 || got[0].EnvelopeID != string(mailID) {
		t.Errorf("%+v", got)
	}
}
