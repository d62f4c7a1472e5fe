package sumsub

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// window is how far the time of a request may be from the sandbox's.
const window = 60 * time.Second

// credentials are the three headers that authorise a request.
type credentials struct {
	token, ts, signature string
}

// credentialsOf checks what can be known of a request before its body is read.
func (p *Provider) credentialsOf(h http.Header) (credentials, error) {
	c := credentials{h.Get("X-App-Token"), h.Get("X-App-Access-Ts"), h.Get("X-App-Access-Sig")}
	if c.token == "" || c.ts == "" || c.signature == "" {
		return c, refused(4006, "Not all authorization parameters are given: X-App-Token, X-App-Access-Ts and X-App-Access-Sig")
	}
	if err := p.checkToken(c.token); err != nil {
		return c, err
	}
	seconds, err := strconv.ParseInt(c.ts, 10, 64)
	if err != nil {
		return c, refused(4005, "X-App-Access-Ts must be a number of seconds")
	}
	if !within(p.now(), seconds) && !within(p.config.Callers(), seconds) {
		return c, refused(4004, "Request signature expired")
	}
	if raw, err := hex.DecodeString(c.signature); err != nil || len(raw) != sha256.Size {
		return c, refused(4007, "X-App-Access-Sig must be %d hexadecimal digits", 2*sha256.Size)
	}
	return c, nil
}

// within says whether a signature is of about now.
func within(now time.Time, seconds int64) bool {
	return now.Sub(time.Unix(seconds, 0)).Abs() <= window
}

// checkToken finds out whose token it is. The part before the last dot is public.
func (p *Provider) checkToken(token string) error {
	environment, rest, ok := strings.Cut(token, ":")
	if !ok || rest == "" || environment != "sbx" && environment != "prd" && environment != "tst" {
		return refused(4000, "Invalid app token format")
	}
	if subtle.ConstantTimeCompare([]byte(token), []byte(p.config.AppToken)) == 1 {
		return nil
	}
	if public := publicPart(token); public != "" && public == publicPart(p.config.AppToken) {
		return refused(4002, "App token private part mismatch")
	}
	return refused(4001, "App token not found")
}

// publicPart is empty for a token that has no dot.
func publicPart(token string) string {
	return token[:max(strings.LastIndexByte(token, '.'), 0)]
}

// sandboxed says whether the account is in the sandbox environment, where checks can be simulated.
func (p *Provider) sandboxed() bool { return !strings.HasPrefix(p.config.AppToken, "prd:") }

// verifier hashes a body as it is read and compares at its end. It sees the request in its raw wire form.
type verifier struct {
	credentials
	start string // what is signed before the body
	mac   hash.Hash
	body  hash.Hash
	bytes int64
}

func (p *Provider) newVerifier(c credentials, r *http.Request) *verifier {
	v := &verifier{
		credentials: c, start: c.ts + r.Method + r.RequestURI,
		mac: hmac.New(sha256.New, []byte(p.config.SecretKey)), body: sha256.New(),
	}
	_, _ = io.WriteString(v.mac, v.start)
	return v
}

// Write is part of io.Writer.
func (v *verifier) Write(b []byte) (int, error) {
	v.bytes += int64(len(b))
	_, _ = v.body.Write(b)
	return v.mac.Write(b)
}

// check compares the signature. The hint shows what was signed, but of the body only what tells it from another: it may
// be somebody's personal data.
func (v *verifier) check() error {
	if hmac.Equal([]byte(hex.EncodeToString(v.mac.Sum(nil))), []byte(v.signature)) {
		return nil
	}
	e := refused(4003, "Request signature mismatch")
	e.Hint = fmt.Sprintf("signed here: %q and then %d bytes of body, whose SHA-256 is %x", v.start, v.bytes, v.body.Sum(nil))
	return e
}
