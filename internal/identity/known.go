package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// KnownFor is how long a browser is known to have signed in with an address.
const KnownFor = 180 * 24 * time.Hour

// NewKnown is what a browser gets when it has signed in with the address: whoever shows it later has limits of their own
// (a "device cookie", as OWASP calls it). It signs nobody in, and does not tell the address to who cannot guess it.
func NewKnown(e Email) Token {
	device := NewToken().Reveal()
	return Token(device + "." + e.knownAs(device))
}

// knownTo says whether the browser that holds t has signed in with the address before, and gives the browser a name.
func (e Email) knownTo(t Token) (device string, ok bool) {
	device, proof, _ := strings.Cut(t.Reveal(), ".")
	return device, device != "" && hmac.Equal([]byte(proof), []byte(e.knownAs(device)))
}

func (e Email) knownAs(device string) string {
	mac := hmac.New(sha256.New, []byte(device))
	mac.Write([]byte(e.Reveal()))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
