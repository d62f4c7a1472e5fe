package mail

import "crypto/x509"

// Trust has the sender trust these authorities alone.
func (s *Sender) Trust(roots *x509.CertPool) { s.server.tls.RootCAs = roots }
