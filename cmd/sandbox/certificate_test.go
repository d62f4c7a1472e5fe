package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// makeCertificate runs the command for a folder.
func makeCertificate(t *testing.T, dir string) {
	t.Helper()
	args := []string{"certificate", "--dir", dir, "--host", "localhost", "--host", "127.0.0.1"}
	if err := run(t.Context(), args, none, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
}

func contentOf(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// terminator ends TLS with the pair of a folder, and nothing else.
func terminator(t *testing.T, dir string) (address string) {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, certificateFile), filepath.Join(dir, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.(*tls.Conn).Handshake() // the client says what came of it
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}

func TestCertificateIsAcceptedForItsHostsByThoseWhoTrustIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeCertificate(t, dir)
	trusting := x509.NewCertPool()
	trusting.AppendCertsFromPEM([]byte(contentOf(t, dir, certificateFile)))
	address := terminator(t, dir)
	accepted := func(host string, by *x509.CertPool) bool {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return tls.Client(conn, &tls.Config{ServerName: host, RootCAs: by}).HandshakeContext(t.Context()) == nil
	}
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.0.0.2": false, "::1": false, "collection.localhost": false, "www.example.com": false,
	} {
		if got := accepted(host, trusting); got != want {
			t.Errorf("as %s it is accepted: %v", host, got)
		}
	}
	if accepted("localhost", x509.NewCertPool()) {
		t.Error("it is accepted by those who do not trust it")
	}
}

func TestCertificateAndKeyAreTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeCertificate(t, dir)
	for _, name := range []string{certificateFile, keyFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != 0o600 {
			t.Errorf("%s: %v", name, info.Mode())
		}
	}
}

func TestCertificateIsGoodForNoLongerThanBrowsersAccept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeCertificate(t, dir)
	block, _ := pem.Decode([]byte(contentOf(t, dir, certificateFile)))
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if days := c.NotAfter.Sub(c.NotBefore).Hours() / 24; days > 825 {
		t.Errorf("it is good for %.2f days", days)
	}
}

func TestAPairThatIsThereIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	makeCertificate(t, dir)
	certificate, key := contentOf(t, dir, certificateFile), contentOf(t, dir, keyFile)
	makeCertificate(t, dir)
	if contentOf(t, dir, certificateFile) != certificate || contentOf(t, dir, keyFile) != key {
		t.Error("it was replaced")
	}
}

// Whoever was stopped in between leaves files that cannot be used.
func TestAPairThatWasNotFinishedIsMadeAnew(t *testing.T) {
	t.Parallel()
	for name, breakOff := range map[string]func(certificate string) error{
		"without a certificate":   os.Remove,
		"with half a certificate": func(path string) error { return os.Truncate(path, 100) },
	} {
		dir := t.TempDir()
		makeCertificate(t, dir)
		key := contentOf(t, dir, keyFile)
		if err := breakOff(filepath.Join(dir, certificateFile)); err != nil {
			t.Fatal(err)
		}
		makeCertificate(t, dir)
		terminator(t, dir) // takes no certificate without its key
		if contentOf(t, dir, keyFile) == key {
			t.Errorf("%s: the key is the former one", name)
		}
	}
}

func TestACertificateThatEndsIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	made := func(at time.Time) string {
		if err := writeCertificate(dir, []string{"localhost"}, at); err != nil {
			t.Fatal(err)
		}
		return contentOf(t, dir, certificateFile)
	}
	first := made(now)
	if made(now.Add(validFor-48*time.Hour)) != first {
		t.Error("one that is good for a day is replaced")
	}
	if made(now.Add(validFor-time.Hour)) == first {
		t.Error("one that is all but over is kept")
	}
}

func TestACertificateThatCannotBeWrittenIsAFailure(t *testing.T) {
	t.Parallel()
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	err := run(t.Context(), []string{"certificate", "--dir", nowhere}, none, io.Discard, io.Discard)
	if got := exitStatus(err); got != 1 {
		t.Errorf("exit status %d: %v", got, err)
	}
}
