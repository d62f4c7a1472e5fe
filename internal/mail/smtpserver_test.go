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
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is an SMTP server that answers as it is told and remembers what it hears in clear text.
type server struct {
	addr                              string
	onSession, onMail, onRcpt, onData func() error // nil for yes
	onAuth                            func() error
	smtp                              *smtp.Server
	listener                          net.Listener
	serving                           sync.WaitGroup

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
	return serve(t, l, config)
}

func serve(t *testing.T, l net.Listener, config *tls.Config) *server {
	t.Helper()
	s := &server{addr: l.Addr().String(), listener: l}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &dialogue{s}, answer(s.onSession)
	}))
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

func answer(on func() error) error {
	if on == nil {
		return nil
	}
	return on()
}

// dialogue is one conversation.
type dialogue struct{ s *server }

func (d *dialogue) Mail(string, *smtp.MailOptions) error { return answer(d.s.onMail) }
func (d *dialogue) Rcpt(string, *smtp.RcptOptions) error { return answer(d.s.onRcpt) }
func (d *dialogue) Reset()                               {}
func (d *dialogue) Logout() error                        { return nil }
func (d *dialogue) AuthMechanisms() []string             { return []string{sasl.Plain} }

func (d *dialogue) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, _ string) error { return answer(d.s.onAuth) }), nil
}

func (d *dialogue) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	d.s.mu.Lock()
	d.s.data = string(data)
	d.s.mu.Unlock()
	return answer(d.s.onData)
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
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// trusted is a certificate for servers, and the roots that know it.
func trusted(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	c, roots := certificate(t), x509.NewCertPool()
	roots.AddCert(c.Leaf)
	return &tls.Config{Certificates: []tls.Certificate{c}}, roots
}
