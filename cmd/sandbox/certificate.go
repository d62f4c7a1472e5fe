package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// The files of a folder with a certificate.
const (
	certificateFile = "certificate.pem"
	keyFile         = "key.pem"
)

// validFor is as long as browsers accept from those who are no authority (Apple's take 825 days).
const validFor = 825 * 24 * time.Hour

// certificateCommand makes what a proxy in front of the demo's portals ends TLS with.
func certificateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "certificate",
		Short: "Makes a certificate for a proxy on this machine",
		Long: "Makes a certificate that no browser knows, and its key, and writes them to certificate.pem and key.pem of a folder.\n" +
			"A pair that is there already is kept until the day before it ends.",
		Args: cobra.NoArgs,
	}
	dir := cmd.Flags().String("dir", ".", "folder to write to")
	hosts := cmd.Flags().StringSlice("host", []string{"localhost"}, "names and addresses that it is for")
	cmd.RunE = func(*cobra.Command, []string) error {
		if err := writeCertificate(*dir, *hosts, time.Now()); err != nil {
			return failure{err}
		}
		return nil
	}
	return cmd
}

// writeCertificate leaves a pair alone that can be used. One that was not finished, or is over tomorrow, is made anew.
func writeCertificate(dir string, hosts []string, now time.Time) error {
	path := filepath.Join(dir, certificateFile)
	if pair, err := tls.LoadX509KeyPair(path, filepath.Join(dir, keyFile)); err == nil && pair.Leaf.NotAfter.After(now.AddDate(0, 0, 1)) {
		return nil
	}
	certificate, key, err := newCertificate(hosts, now)
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(dir, keyFile), "PRIVATE KEY", key); err != nil {
		return err
	}
	return writePEM(path, "CERTIFICATE", certificate)
}

// newCertificate returns a certificate that vouches for itself, and its key in PKCS #8.
func newCertificate(hosts []string, now time.Time) (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	from := now.Add(-time.Hour) // clocks may differ
	template := x509.Certificate{
		Subject:   pkix.Name{CommonName: "Sandbox of the customer-request portal"},
		NotBefore: from, NotAfter: from.Add(validFor),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	if certificate, err = x509.CreateCertificate(rand.Reader, &template, &template, &private.PublicKey, private); err != nil {
		return nil, nil, fmt.Errorf("making a certificate: %w", err)
	}
	key, err = x509.MarshalPKCS8PrivateKey(private)
	return certificate, key, err
}

// writePEM writes a file that only its owner reads.
func writePEM(path, kind string, content []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600)
}
