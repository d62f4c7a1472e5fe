package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// KnownFor is how long a browser is known to have signed in with an address.
const KnownFor = 180 * 24 * time.Hour

// KnownTo is what a browser gets that has signed in with the address: whoever shows it later has limits of their own (a
// "device cookie", as OWASP calls it). It signs nobody in, and does not tell the address to who cannot guess it. What the
// browser holds already stays what it is while it is good, so that signing in again and again earns no more.
func (e Email) KnownTo(held Token, now time.Time) Token {
	if _, ok := e.knows(held, now); ok {
		return held
	}
	device, since := NewToken().Reveal(), strconv.FormatInt(now.Unix(), 10)
	return Token(device + "." + since + "." + e.proof(device, since))
}

// knows says whether the browser that holds t has signed in with the address before, and gives the browser a name.
func (e Email) knows(t Token, now time.Time) (device string, ok bool) {
	parts := strings.Split(t.Reveal(), ".")
	if len(parts) != 3 || !hmac.Equal([]byte(parts[2]), []byte(e.proof(parts[0], parts[1]))) {
		return "", false
	}
	since, err := strconv.ParseInt(parts[1], 10, 64)
	return parts[0], err == nil && now.Sub(time.Unix(since, 0)) < KnownFor
}

func (e Email) proof(device, since string) string {
	mac := hmac.New(sha256.New, []byte(device))
	mac.Write([]byte(since + "|" + e.Reveal()))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
