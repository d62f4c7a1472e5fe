package mail_test

import (
	"bytes"
	"io"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"

	"portal/internal/brand"
	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/internal/mail"
	"portal/internal/sandbox/mailbox"
)

var northlight = brand.Brand{
	Name: "Northlight & Söhne", Accent: "#0b5c57", SupportEmail: "help@northlight.example", SupportPhone: "+44 20 794600189",
	PrivacyURL: "https://northlight.example/privacy", ImprintURL: "https://northlight.example/imprint",
	Address: "Northlight Ltd, 123456 Harbour Street, London",
}

// mailID is as the domain makes them.
const mailID identity.MailID = "abcdefghijklmnopqrstuvwx27"

func newMailbox(t *testing.T) *mailbox.Mailbox {
	t.Helper()
	box := mailbox.New(time.Now)
	if _, err := box.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	return box
}

func newSender(t *testing.T, url string) *mail.Sender {
	t.Helper()
	s, err := mail.New(mail.Options{URL: url, From: "Northlight <onboarding@northlight.example>", Brand: northlight, Languages: i18n.BuiltIn})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var sixDigits = regexp.MustCompile(`\d{6,}`)

func TestCodeArrivesReadably(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]struct{ subject, text, html string }{
		"en": {"Your sign-in code for Northlight & Söhne", "Your sign-in code: 012345", "valid for 10 minutes"},
		"de": {"Ihr Anmeldecode für Northlight & Söhne", "Ihr Anmeldecode: 012345", "10 Minuten gültig"},
		"ja": {"Your sign-in code for Northlight & Söhne", "Your sign-in code: 012345", "valid for 10 minutes"},
	} {
		box := newMailbox(t)
		if err := newSender(t, "smtp://"+box.Addr()).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "012345", Locale: locale}); err != nil {
			t.Fatal(err)
		}
		got := box.Messages("ada@example.com")
		if len(got) != 1 || len(box.Messages("")) != 1 {
			t.Fatalf("%s: %d e-mails", locale, len(got))
		}
		if got[0].From != "onboarding@northlight.example" || got[0].To != "ada@example.com" || got[0].Subject != want.subject {
			t.Errorf("%s: from %s to %s: %s", locale, got[0].From, got[0].To, got[0].Subject)
		}
		if !strings.Contains(got[0].Text, want.text) || sixDigits.FindString(got[0].Text) != "012345" {
			t.Errorf("%s: the code is not the first run of six digits:\n%s", locale, got[0].Text)
		}
		if !strings.Contains(got[0].HTML, want.html) || !strings.Contains(got[0].HTML, ">012345<") {
			t.Errorf("%s: the HTML part:\n%s", locale, got[0].HTML)
		}
		if strings.Contains(got[0].Subject, "012345") {
			t.Error("the subject shows the code on a locked screen")
		}
	}
}

func TestHeadersAreWhatMailProgramsExpect(t *testing.T) {
	t.Parallel()
	m, err := netmail.ReadMessage(strings.NewReader(sent(t, "de-AT")))
	if err != nil {
		t.Fatal(err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Name != "Northlight" || from[0].Address != "onboarding@northlight.example" {
		t.Errorf("From %v, %v", from, err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != "ada@example.com" {
		t.Errorf("To %v, %v", to, err)
	}
	if _, err := m.Header.Date(); err != nil {
		t.Errorf("Date: %v", err)
	}
	for header, want := range map[string]string{
		"Auto-Submitted": `^auto-generated$`, "Message-Id": `^<` + string(mailID) + `@northlight\.example>$`,
		"Content-Type": `^multipart/alternative;`, "Mime-Version": `^1\.0$`, "Content-Language": `^de$`,
	} {
		if !regexp.MustCompile(want).MatchString(m.Header.Get(header)) {
			t.Errorf("%s: %q", header, m.Header.Get(header))
		}
	}
}

// Programs show the last part that they can, and those who read aloud or pipe into a terminal take the first.
func TestPlainTextComesFirst(t *testing.T) {
	t.Parallel()
	m, err := message.Read(strings.NewReader(sent(t, "en")))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for parts := m.MultipartReader(); ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, with, err := part.Header.ContentType()
		if err != nil || !strings.EqualFold(with["charset"], "utf-8") {
			t.Errorf("%s in %s: %v", kind, with["charset"], err)
		}
		kinds = append(kinds, kind)
	}
	if got := strings.Join(kinds, ", "); got != "text/plain, text/html" {
		t.Error(got)
	}
}

// sent is an e-mail as a server gets it.
func sent(t *testing.T, locale string) string {
	t.Helper()
	s := newServer(t, nil)
	if err := newSender(t, "smtp://"+s.addr).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: locale}); err != nil {
		t.Fatal(err)
	}
	return s.message()
}

func TestAddressOfAnyScriptIsReached(t *testing.T) {
	t.Parallel()
	box := newMailbox(t)
	to, err := identity.ParseEmail("jörg@müller.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := newSender(t, "smtp://"+box.Addr()).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: to, Code: "123456", Locale: "de"}); err != nil {
		t.Fatal(err)
	}
	if got := box.Messages(to.Reveal()); len(got) != 1 {
		t.Errorf("%d e-mails", len(got))
	}
}

func TestNewRefusesWhatIsNoServer(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "mail.example.com:587", "http://jo:s3cret@mail.example.com", "smtp://", "smtp://jo:s3cret@", "smtp://jo:s3cret@host:port",
		"smtp://jo:s3cret%@mail.example.com", "smtp://jo:s3cret@mail.example.com:99999", "smtp://jo:s3cret@mail.example.com:0",
	} {
		_, err := mail.New(mail.Options{URL: url, From: "a@example.com", Brand: northlight, Languages: i18n.BuiltIn})
		if err == nil {
			t.Errorf("%q is taken", url)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
	if _, err := mail.New(mail.Options{URL: "smtp://mail.example.com", From: "nobody", Brand: northlight, Languages: i18n.BuiltIn}); err == nil {
		t.Error("a sender without an address is taken")
	}
}

// crlf is a message as it is in files, as it is sent.
func crlf(text string) []byte { return bytes.ReplaceAll([]byte(text), []byte("\n"), []byte("\r\n")) }
