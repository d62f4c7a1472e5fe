package mail_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"portal/internal/identity"
)

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
		err := newSender(t, "smtp://jo:s3cret-password@"+server.addr).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"})
		if err == nil {
			t.Errorf("%s: sent", name)
			continue
		}
		if text := err.Error(); !strings.Contains(text, test.cause) || strings.Contains(text, "s3cret") || strings.Contains(text, "jo:") {
			t.Errorf("%s: the error does not name the cause, or repeats the URL: %s", name, text)
		}
		if server.message() != "" || strings.Contains(server.heard(), "\nAUTH ") || strings.Contains(server.heard(), "RCPT") {
			t.Errorf("%s: the server heard\n%s", name, server.heard())
		}
	}
}

func TestFailureComesBackWithTheIDAndTheHeadersOnly(t *testing.T) {
	t.Parallel()
	for offered, want := range map[bool]bool{true: true, false: false} {
		server := newServer(t, nil)
		server.smtp.EnableDSN = offered
		if err := newSender(t, "smtp://"+server.addr).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"}); err != nil {
			t.Fatal(err)
		}
		heard := server.heard()
		for _, word := range []string{" RET=HDRS ENVID=" + string(mailID) + "\r\n", "RCPT TO:<ada@example.com> NOTIFY=FAILURE\r\n"} {
			if strings.Contains(heard, word) != want {
				t.Errorf("DSNs offered: %t; the server heard\n%s", offered, heard)
			}
		}
	}
}

// An applicant who got the code must not be told that it could not be sent, nor wait for what only keeps a connection.
func TestEmailTakenIsSentWhateverFollows(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, rude{l}, nil)
	if err := newSender(t, "smtp://"+server.addr).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"}); err != nil {
		t.Error(err)
	}
	if server.message() == "" || strings.Contains(server.heard(), "RSET") || strings.Contains(server.heard(), "NOOP") {
		t.Errorf("the server heard\n%s", server.heard())
	}
}

// rude listens for conversations that are cut once an e-mail is taken.
type rude struct{ net.Listener }

func (r rude) Accept() (net.Conn, error) {
	c, err := r.Listener.Accept()
	return hangUp{c}, err
}

type hangUp struct{ net.Conn }

func (c hangUp) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if strings.Contains(string(p), "OK: queued") {
		_ = c.Close()
	}
	return n, err
}

func TestPasswordGoesThroughEitherKindOfEncryption(t *testing.T) {
	t.Parallel()
	config, roots := trusted(t)
	for _, scheme := range []string{"smtp", "smtps"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		var signedIn atomic.Bool
		at := l.Addr().String()
		offered := config
		if scheme == "smtps" {
			l, offered = tls.NewListener(l, config), nil
		}
		server := serve(t, l, offered)
		server.onAuth = func() error { signedIn.Store(true); return nil }
		sender := newSender(t, scheme+"://jo:s3cret@"+at)
		sender.Trust(roots)
		if err := sender.SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"}); err != nil || !signedIn.Load() || server.message() == "" {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

func TestSilentServerIsNotWaitedForBeyondTheContext(t *testing.T) {
	t.Parallel()
	for name, scheme := range map[string]string{"in clear text": "smtp://", "encrypted": "smtps://"} {
		l, err := net.Listen("tcp", "127.0.0.1:0") // which the kernel answers, and nobody else
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		began := time.Now()
		err = newSender(t, scheme+l.Addr().String()).SendCode(ctx, identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"})
		cancel()
		if took := time.Since(began); err == nil || !strings.Contains(err.Error(), "no answer in time") || took > 5*time.Second {
			t.Errorf("%s: %v after %s", name, err, took)
		}
		if why, ok := errors.AsType[*identity.MailError](err); !ok || why.Refused || why.Reply != "" {
			t.Errorf("%s: %+v", name, why)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A tarpit answers each command in time, and never comes to an end.
func TestSlowServerIsNotWaitedForBeyondTheContext(t *testing.T) {
	t.Parallel()
	server := newServer(t, nil)
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	server.onRcpt = func() error { <-hold; return nil }
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := newSender(t, "smtp://"+server.addr).SendCode(ctx, identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"})
	if err == nil || !strings.Contains(err.Error(), "no answer in time") {
		t.Error(err)
	}
}

// Telephones end a page's requests when their owner turns to the mailbox.
func TestApplicantWhoDoesNotWaitGetsTheEmail(t *testing.T) {
	t.Parallel()
	server := newServer(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	server.onRcpt = func() error { leave(); return nil }
	err := newSender(t, "smtp://"+server.addr).SendCode(ctx, identity.CodeMail{ID: mailID, To: "ada@example.com", Code: "123456", Locale: "en"})
	if err != nil || server.message() == "" {
		t.Error(err)
	}
}

func TestTroubleNamesItsCauseAndNobody(t *testing.T) {
	t.Parallel()
	refusing, busy := newServer(t, nil), newServer(t, nil)
	refusing.onRcpt = says(550, smtp.EnhancedCode{5, 1, 1}, "<Ada.Lovelace@example.com>: no such user ada.lovelace, sorry")
	busy.onRcpt = says(450, smtp.EnhancedCode{4, 7, 1}, "<Ada.Lovelace@example.com>: greylisted, ada.lovelace has to wait")
	gone := newServer(t, nil)
	gone.close()
	for name, test := range map[string]struct{ url, cause string }{
		"nobody listens":         {"smtp://jo:s3cret-password@" + gone.addr, "refused"},
		"no TLS where promised":  {"smtps://jo:s3cret-password@" + refusing.addr, "tls"},
		"the address is refused": {"smtp://" + refusing.addr, "550 5.1.1"},
		"not now":                {"smtp://" + busy.addr, "greylisted"},
	} {
		err := newSender(t, test.url).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "ada.lovelace@example.com", Code: "123456", Locale: "en"})
		if err == nil {
			t.Errorf("%s: sent", name)
			continue
		}
		text := strings.ToLower(err.Error())
		if !strings.Contains(text, test.cause) || !strings.Contains(text, string(mailID)) {
			t.Errorf("%s: %q does not name %s, or the e-mail", name, text, test.cause)
		}
		for _, secret := range []string{"s3cret", "jo:", "smtp://jo", "lovelace", "123456"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: the error holds %s: %s", name, secret, text)
			}
		}
	}
}

func TestNobodyOfAnyScriptIsNamed(t *testing.T) {
	t.Parallel()
	server := newServer(t, nil)
	server.smtp.EnableSMTPUTF8 = true
	server.onRcpt = says(450, smtp.EnhancedCode{4, 2, 0}, "özil has to wait: özil@xn--mller-kva.example")
	err := newSender(t, "smtp://"+server.addr).SendCode(t.Context(), identity.CodeMail{ID: mailID, To: "özil@müller.example", Code: "123456", Locale: "de"})
	if err == nil || strings.Contains(err.Error(), "özil") || !strings.Contains(err.Error(), "450") {
		t.Error(err)
	}
}
