package browsertest

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"testing"

	"github.com/chromedp/chromedp"
)

// NewTrusting is [New] for pages at https://localhost, whose certificate no authority vouches for: the browser trusts its key
// alone. Requests to there are not among a page's [Page.Requests], since nothing can be seen in tunnels.
func NewTrusting(t testing.TB, certificate *x509.Certificate) *Browser {
	t.Helper()
	key := sha256.Sum256(certificate.RawSubjectPublicKeyInfo)
	b := start(t, chromedp.Flag("ignore-certificate-errors-spki-list", base64.StdEncoding.EncodeToString(key[:])))
	t.Cleanup(b.end)
	b.direct = "https://localhost"
	return b
}
