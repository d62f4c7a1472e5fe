package sumsub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// The headers of a signed call (docs.sumsub.com, "Authentication").
const (
	tokenHeader     = "X-App-Token"
	timeHeader      = "X-App-Access-Ts"
	signatureHeader = "X-App-Access-Sig"
)

var errOtherSize = errors.New("the body does not have the size that it says")

// sign signs a request as it goes over the wire: what is signed is taken from the request itself, with the body read from
// where it will be sent from. The time counts from here on, so nothing may wait between this and the sending.
func (c *Client) sign(r *http.Request, p *payload) error {
	at := strconv.FormatInt(c.now().Unix(), 10)
	signature, size, err := signatureOf(c.secret, at, r.Method, r.URL.RequestURI(), p.open())
	if err != nil {
		return err
	}
	if size != p.size() {
		return errOtherSize
	}
	r.Header.Set(tokenHeader, c.token.Reveal())
	r.Header.Set(timeHeader, at)
	r.Header.Set(signatureHeader, signature)
	return nil
}

// signatureOf is the signature of a request, and the size of its body.
func signatureOf(secret Secret, at, method, target string, body io.Reader) (signature string, size int64, err error) {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	_, _ = io.WriteString(mac, at+method+target)
	size, err = io.Copy(mac, body)
	if err != nil {
		return "", 0, fmt.Errorf("reading the body: %w", err)
	}
	return hex.EncodeToString(mac.Sum(nil)), size, nil
}
