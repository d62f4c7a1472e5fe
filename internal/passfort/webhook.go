package passfort

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"portal/internal/inbox"
)

// Decoder takes PassFort's webhooks apart: it is an [inbox.Decoder].
//
// PassFort sends the shared secret twice, in the header and in the body. That of the header is required; one in the body
// must be right as well. Everything kept of a delivery has the secret cut out, however it was spelt: see secretCutter.
type Decoder struct {
	secrets [][sha256.Size]byte // hashes, so that comparing takes the same time whatever their length
	cutter  secretCutter
}

// NewDecoder returns a decoder that accepts any of the secrets: several while rotating, the current one first. They are
// printable ASCII, as a header carries them.
func NewDecoder(secrets []string) *Decoder {
	d := &Decoder{cutter: newSecretCutter(secrets)}
	for _, s := range secrets {
		d.secrets = append(d.secrets, sha256.Sum256([]byte(s)))
	}
	return d
}

// Admit implements [inbox.Decoder].
func (d *Decoder) Admit(p inbox.Proof) error {
	scheme, secret, _ := strings.Cut(p.Authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") || !d.knows(strings.TrimSpace(secret)) {
		return fmt.Errorf("%w: the secret in the header is wrong or missing", inbox.ErrForged)
	}
	return nil
}

// knows compares with all secrets, always.
func (d *Decoder) knows(secret string) bool {
	given, found := sha256.Sum256([]byte(secret)), 0
	for _, known := range d.secrets {
		found |= subtle.ConstantTimeCompare(given[:], known[:])
	}
	return found == 1 && secret != ""
}

// Decode implements [inbox.Decoder].
func (d *Decoder) Decode(p inbox.Proof, body []byte, cut bool) ([]inbox.Message, error) {
	if err := d.Admit(p); err != nil {
		return nil, err
	}
	if cut {
		return []inbox.Message{d.unreadable(d.cutter.withoutBegun(body), "the delivery is longer than is read")}, nil
	}
	return d.decode(body)
}

// DecodeAgain implements [inbox.Decoder].
func (d *Decoder) DecodeAgain(body inbox.Body) ([]inbox.Message, error) {
	return d.decode([]byte(d.cutter.restore(body.Reveal())))
}

// decode takes a delivery apart whose header was right.
func (d *Decoder) decode(body []byte) ([]inbox.Message, error) {
	parts, trouble := split(body)
	if trouble != "" {
		return []inbox.Message{d.unreadable(body, trouble)}, nil
	}
	if !d.allRight(parts.secrets) {
		return nil, errSecretInside
	}
	messages := make([]inbox.Message, 0, len(parts.messages))
	for _, raw := range parts.messages {
		m, err := d.message(raw)
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// message reads one message; what it cannot make out is kept as it is.
func (d *Decoder) message(raw []byte) (inbox.Message, error) {
	e, err := readEnvelope(raw)
	if err != nil {
		return d.unreadable(raw, "the message is no JSON object"), nil
	}
	if !d.allRight(e.secrets) {
		return inbox.Message{}, errSecretInside
	}
	m := d.fit(e.facts())
	if m.Event == "" {
		return d.unreadable(raw, "the message names no event"), nil
	}
	m.Body = inbox.Body(d.cutter.cut(raw))
	if m.ID == "" {
		m.ID = contentID(m.Body)
	}
	return m, nil
}

var errSecretInside = fmt.Errorf("%w: a secret in the body is wrong", inbox.ErrForged)

func (d *Decoder) allRight(secrets []string) bool {
	for _, s := range secrets {
		if !d.knows(s) {
			return false
		}
	}
	return true
}

// unreadable keeps bytes for a person, or for a later release. Its id is of another kind than those of messages, so
// that what it turns out to hold is not taken for the same message.
func (d *Decoder) unreadable(raw []byte, trouble string) inbox.Message {
	body := inbox.Body(d.cutter.cut(raw))
	return inbox.Message{ID: "unreadable-" + contentID(body), Body: body, Trouble: trouble}
}

// contentID tells messages apart that have no id. It is the same whichever secret a message was sent with.
func contentID(b inbox.Body) string {
	sum := sha256.Sum256([]byte(withoutMarks(b.Reveal())))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// longestFact is above anything PassFort is known to send; what is longer is no identifier.
const longestFact = 512

// fit leaves out of a message's facts what cannot be kept in clear: Postgres stores no NUL and indexes no long text, a
// terminal shows no control characters, and a secret has no place in an identifier.
func (d *Decoder) fit(m inbox.Message) inbox.Message {
	for _, fact := range []*string{&m.ID, &m.Event, &m.Profile, &m.CustomerRef, &m.Request} {
		if len(*fact) > longestFact || strings.ContainsFunc(*fact, unprintable) || d.cutter.within(*fact) {
			*fact = ""
		}
	}
	return m
}

// unprintable says whether a character is for control, or stands for bytes that were no text.
func unprintable(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }
