package sumsub

import (
	"portal/internal/inbox"
)

// Decoder takes Sumsub's webhooks apart: it is an [inbox.Decoder].
//
// Sumsub sends no secret. It sends a digest of the body, keyed with the secret that was set for the webhook (which is not
// that of the API), and says by which algorithm. The digest is of the bytes as they were sent, so it is checked before
// anything reads them; and it is checked against every secret, since there are several while one is changed.
type Decoder struct {
	keys       [][]byte
	algorithms map[string]algorithm
}

// NewDecoder returns a decoder that accepts digests made with any of the secrets. Digests by SHA-1, which webhooks that
// were set up long ago have, are accepted only where they are wanted.
func NewDecoder(secrets []string, sha1Too bool) *Decoder {
	d := &Decoder{algorithms: algorithms(sha1Too)}
	for _, s := range secrets {
		if s != "" { // a digest without a secret is one that anybody can make
			d.keys = append(d.keys, []byte(s))
		}
	}
	return d
}

// Admit implements [inbox.Decoder]. It cannot tell Sumsub from somebody who knows what Sumsub's deliveries look like: the
// body does.
func (d *Decoder) Admit(p inbox.Proof) error {
	_, err := d.claimed(p)
	return err
}

// Decode implements [inbox.Decoder].
func (d *Decoder) Decode(p inbox.Proof, body []byte, cut bool) ([]inbox.Message, error) {
	c, err := d.claimed(p)
	switch {
	case err != nil:
		return nil, err
	case cut:
		return nil, forged("the body is longer than is read, so nothing proves it")
	case !c.provedBy(d.keys, body):
		return nil, forged("the digest is not of this body and a secret of ours")
	}
	return d.DecodeAgain(inbox.Body(body))
}

// DecodeAgain implements [inbox.Decoder].
func (d *Decoder) DecodeAgain(body inbox.Body) ([]inbox.Message, error) {
	return []inbox.Message{message(body)}, nil
}
