package mailbox_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portal/internal/sandbox/mailbox"
)

func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// open starts a mailbox and returns it with its address.
func open(t *testing.T) (*mailbox.Mailbox, string) {
	t.Helper()
	m := mailbox.New(now)
	addr, err := m.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m, addr.String()
}

// send delivers a message as a mail program would, with or without a name and password.
func send(t *testing.T, addr string, login sasl.Client, to []string, message string) {
	t.Helper()
	client, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	if login != nil {
		if err := client.Auth(login); err != nil {
			t.Fatalf("signing in: %v", err)
		}
	}
	message = strings.ReplaceAll(message, "\n", "\r\n")
	if err := client.SendMail("shop@example.com", to, strings.NewReader(message)); err != nil {
		t.Fatal(err)
	}
}

const twoParts = `From: Shop <shop@example.com>
To: jo@example.com
Subject: =?utf-8?q?Ihr_Code_f=C3=BCr_heute?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Gr=FC=DFe, Ihr Code ist 123=
456.
--inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHA+Q29kZTwvcD4=
--inner--
--outer
Content-Type: text/plain
Content-Disposition: attachment; filename=terms.txt

not the text
--outer--
`

func TestMailArrivesDecoded(t *testing.T) {
	t.Parallel()
	m, addr := open(t)

	send(t, addr, nil, []string{"Jo@example.com"}, twoParts)

	want := []mailbox.Message{{
		ID:         "1",
		To:         "Jo@example.com",
		From:       "shop@example.com",
		Sender:     "Shop <shop@example.com>",
		Subject:    "Ihr Code für heute",
		Text:       "Grüße, Ihr Code ist 123456.",
		HTML:       "<p>Code</p>",
		ReceivedAt: now(),
	}}
	if diff := cmp.Diff(want, m.Messages("jo@EXAMPLE.com"), cmpopts.IgnoreUnexported(mailbox.Message{})); diff != "" {
		t.Error(diff)
	}
}

func TestAnyNameAndPasswordWillDo(t *testing.T) {
	t.Parallel()
	m, addr := open(t)

	send(t, addr, sasl.NewPlainClient("", "anybody", "anything"), []string{"jo@example.com"}, "Subject: Hello\n\nHi\n")

	if got := m.Messages(""); len(got) != 1 || got[0].Text != "Hi\n" {
		t.Errorf("messages: %+v", got)
	}
}

func TestMessagesAreNewestFirstAndForTheirRecipients(t *testing.T) {
	t.Parallel()
	m, addr := open(t)
	for _, mail := range []struct {
		subject string
		to      []string
	}{
		{"first", []string{"a@example.com"}},
		{"second", []string{"a@example.com", "b@example.com"}},
		{"third", []string{"b@example.com"}},
	} {
		send(t, addr, nil, mail.to, "Subject: "+mail.subject+"\n\n.\n")
	}

	for to, want := range map[string][]string{
		"":              {"third", "second", "first"},
		"a@example.com": {"second", "first"},
		"b@example.com": {"third", "second"},
		"c@example.com": nil,
	} {
		var got []string
		for _, msg := range m.Messages(to) {
			got = append(got, msg.Subject)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("to %q: %s", to, diff)
		}
	}
}

func TestMailThatCannotBeParsedIsKept(t *testing.T) {
	t.Parallel()
	m, addr := open(t)

	send(t, addr, nil, []string{"jo@example.com"}, "this is no header\n\nbody\n")
	send(t, addr, nil, []string{"jo@example.com"}, "Subject: =?x-none?q?=FF?=\nContent-Type: text/plain; charset=x-none\n\nodd\n")

	got := m.Messages("jo@example.com")
	if len(got) != 2 || !strings.Contains(got[0].Text, "odd") || !strings.Contains(got[1].Text, "body") {
		t.Errorf("messages: %+v", got)
	}
}

func TestSomeDomainsTakeNoMail(t *testing.T) {
	t.Parallel()
	m, addr := open(t)
	for to, want := range map[string]smtp.SMTPError{
		"jo@refused.example": {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}},
		"Jo@AWAY.example":    {Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}},
	} {
		client, err := smtp.Dial(addr)
		if err != nil {
			t.Fatal(err)
		}
		err = client.SendMail("shop@example.com", []string{to}, strings.NewReader("Subject: Hello\r\n\r\nHi\r\n"))
		_ = client.Close()
		answered, ok := errors.AsType[*smtp.SMTPError](err)
		if !ok || answered.Code != want.Code || answered.EnhancedCode != want.EnhancedCode {
			t.Errorf("%s: %v", to, err)
		}
	}
	send(t, addr, nil, []string{"jo@notrefused.example"}, "Subject: Hello\n\nHi\n")
	if got := m.Messages(""); len(got) != 1 || got[0].To != "jo@notrefused.example" {
		t.Errorf("messages: %+v", got)
	}
}

func TestEnvelopeIDIsKept(t *testing.T) {
	t.Parallel()
	m, addr := open(t)
	client, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	for _, id := range []string{"the+id", ""} {
		if err := client.Mail("shop@example.com", &smtp.MailOptions{EnvelopeID: id, Return: smtp.DSNReturnHeaders}); err != nil {
			t.Fatal(err)
		}
		if err := client.Rcpt("jo@example.com", &smtp.RcptOptions{Notify: []smtp.DSNNotify{smtp.DSNNotifyFailure}}); err != nil {
			t.Fatal(err)
		}
		data, err := client.Data()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := data.Write([]byte("Subject: Hello\r\n\r\nHi\r\n")); err != nil {
			t.Fatal(err)
		}
		if err := data.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.Messages(""); len(got) != 2 || got[1].EnvelopeID != "the+id" || got[0].EnvelopeID != "" {
		t.Errorf("messages: %+v", got)
	}
}

func TestConcurrentMailGetsIdsOfItsOwn(t *testing.T) {
	t.Parallel()
	m, addr := open(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := m.Send("shop@example.com", "jo@example.com", "Subject: x\r\n\r\nx\r\n"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	m.Reset()
	send(t, addr, nil, []string{"jo@example.com"}, "Subject: last\n\nx\n")

	last, ok := m.Message("9")
	if !ok || last.Subject != "last" {
		t.Errorf("message 9: %+v; all: %+v", last, m.Messages(""))
	}
	if _, ok := m.Message("1"); ok {
		t.Error("message 1 outlived the reset")
	}
}

func TestSendNeedsAListeningMailbox(t *testing.T) {
	t.Parallel()
	m := mailbox.New(now)

	if err := m.Send("a@example.com", "b@example.com", "x"); !errors.Is(err, mailbox.ErrNotListening) {
		t.Errorf("err = %v, want %v", err, mailbox.ErrNotListening)
	}
	if err := m.Close(); err != nil {
		t.Errorf("closing what was never open: %v", err)
	}
}

func TestCloseFreesTheAddress(t *testing.T) {
	t.Parallel()
	m, addr := open(t)

	if err := m.Close(); err != nil {
		t.Fatal(err)
	}

	if m.Addr() != "" {
		t.Errorf("still says %s", m.Addr())
	}
	if _, err := smtp.Dial(addr); err == nil {
		t.Errorf("%s still answers", addr)
	}
}
