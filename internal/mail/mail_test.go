package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	netmail "net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"portal/internal/brand"
	"portal/internal/identity"
	"portal/internal/mail"
	"portal/internal/sandbox/mailbox"
)

var northlight = brand.Brand{
	Name: "Northlight & Söhne", Accent: "#0b5c57", SupportEmail: "help@northlight.example", SupportPhone: "+44 20 794600189",
	PrivacyURL: "https://northlight.example/privacy", ImprintURL: "https://northlight.example/imprint",
	Address: "Northlight Ltd, 123456 Harbour Street, London",
}

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
	s, err := mail.New(mail.Options{URL: url, From: "Northlight <onboarding@northlight.example>", Brand: northlight})
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
		if err := newSender(t, "smtp://"+box.Addr()).SendCode(t.Context(), "ada@example.com", "012345", locale); err != nil {
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
	server := newServer(t, nil)
	if err := newSender(t, "smtp://"+server.addr).SendCode(t.Context(), "ada@example.com", "123456", "en"); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(server.message()))
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
		"Auto-Submitted": `^auto-generated$`, "Message-Id": `^<\S+@\S+>$`, "Content-Type": `^multipart/alternative;`, "Mime-Version": `^1\.0$`,
	} {
		if !regexp.MustCompile(want).MatchString(m.Header.Get(header)) {
			t.Errorf("%s: %q", header, m.Header.Get(header))
		}
	}
}

func TestAddressOfAnyScriptIsReached(t *testing.T) {
	t.Parallel()
	box := newMailbox(t)
	to, err := identity.ParseEmail("jörg@müller.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := newSender(t, "smtp://"+box.Addr()).SendCode(t.Context(), to, "123456", "de"); err != nil {
		t.Fatal(err)
	}
	if got := box.Messages(to.Reveal()); len(got) != 1 {
		t.Errorf("%d e-mails", len(got))
	}
}

// A password must never cross the network in clear text, whatever the server does not offer.
func TestUserMakesEncryptionMandatory(t *testing.T) {
	t.Parallel()
	untrusted := &tls.Config{Certificates: []tls.Certificate{certificate(t)}}
	for name, test := range map[string]struct {
		config *tls.Config
		cause  string
	}{
		"no encryption":              {nil, "STARTTLS"},
		"a certificate nobody knows": {untrusted, "certificate"},
	} {
		server := newServer(t, test.config)
		err := newSender(t, "smtp://jo:s3cret-password@"+server.addr).SendCode(t.Context(), "ada@example.com", "123456", "en")
		if err == nil {
			t.Errorf("%s: sent", name)
			continue
		}
		if text := err.Error(); !strings.Contains(text, test.cause) || strings.Contains(text, "s3cret") || strings.Contains(text, "jo:") {
			t.Errorf("%s: the error does not name the cause, or repeats the URL: %s", name, text)
		}
		if server.message() != "" || strings.Contains(server.heard(), "AUTH") || strings.Contains(server.heard(), "RCPT") {
			t.Errorf("%s: the server heard\n%s", name, server.heard())
		}
	}
}

func TestTroubleNamesItsCauseAndNobody(t *testing.T) {
	t.Parallel()
	refusing := newServer(t, nil)
	refusing.refusal = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<Ada.Lovelace@example.com>: no such user ada.lovelace, sorry"}
	gone := newServer(t, nil)
	gone.close()
	for name, test := range map[string]struct{ url, cause string }{
		"nobody listens":         {"smtp://jo:s3cret-password@" + gone.addr, "refused"},
		"no TLS where promised":  {"smtps://jo:s3cret-password@" + refusing.addr, "tls"},
		"the address is refused": {"smtp://" + refusing.addr, "550"},
	} {
		err := newSender(t, test.url).SendCode(t.Context(), "ada.lovelace@example.com", "123456", "en")
		if err == nil {
			t.Errorf("%s: sent", name)
			continue
		}
		text := strings.ToLower(err.Error())
		if !strings.Contains(text, test.cause) {
			t.Errorf("%s: %q does not name %s", name, text, test.cause)
		}
		for _, secret := range []string{"s3cret", "jo:", "smtp://jo", "lovelace", "123456"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: the error holds %s: %s", name, secret, text)
			}
		}
	}
}

func TestNewRefusesWhatIsNoServer(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "mail.example.com:587", "http://jo:s3cret@mail.example.com", "smtp://", "smtp://jo:s3cret@", "smtp://jo:s3cret@host:port",
		"smtp://jo:s3cret%@mail.example.com", "smtp://jo:s3cret@mail.example.com:99999",
	} {
		_, err := mail.New(mail.Options{URL: url, From: "a@example.com", Brand: northlight})
		if err == nil {
			t.Errorf("%q is taken", url)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}

// server is an SMTP server that remembers what it hears in clear text.
type server struct {
	addr     string
	refusal  error // of recipients
	smtp     *smtp.Server
	listener net.Listener
	serving  sync.WaitGroup

	mu   sync.Mutex
	said bytes.Buffer
	data string
}

func newServer(t *testing.T, config *tls.Config) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{addr: l.Addr().String(), listener: l}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &dialogue{s}, nil }))
	s.smtp.TLSConfig, s.smtp.Debug, s.smtp.ErrorLog = config, s, discard{}
	s.smtp.AllowInsecureAuth = true
	s.serving.Go(func() { _ = s.smtp.Serve(l) })
	t.Cleanup(s.close)
	return s
}

func (s *server) close() {
	_ = s.smtp.Close()
	_ = s.listener.Close() // in case the server had not yet taken it over
	s.serving.Wait()
}

// Write is told of both sides of the conversation.
func (s *server) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.Write(p)
}

func (s *server) heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

func (s *server) message() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data
}

// dialogue is one conversation.
type dialogue struct{ s *server }

func (d *dialogue) Mail(string, *smtp.MailOptions) error { return nil }
func (d *dialogue) Rcpt(string, *smtp.RcptOptions) error { return d.s.refusal }
func (d *dialogue) Reset()                               {}
func (d *dialogue) Logout() error                        { return nil }

func (d *dialogue) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	d.s.data = string(data)
	return err
}

// discard keeps broken conversations to itself.
type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// certificate is one for 127.0.0.1 that nobody has reason to trust.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, of, of, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
