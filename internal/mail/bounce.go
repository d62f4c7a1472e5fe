package mail

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/emersion/go-message"

	"portal/internal/identity"
)

// Limits of what strangers send.
const (
	maxReport = 1 << 20  // bytes; the e-mails that come back whole are a fiftieth of it
	maxHeader = 64 << 10 // bytes
	maxDepth  = 4        // of parts within parts
	maxParts  = 32
)

// ParseBounce reads a message as it came from a mail server. A delivery status notification (RFC 3464) names the e-mail
// by the envelope id that was given with it, or by the Message-ID of the headers it returns; there is a bounce for each
// recipient for whom delivery has failed, and none where it is only late. Anything else is [identity.ErrNotABounce].
func ParseBounce(r io.Reader) ([]identity.Bounce, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	if err != nil {
		return nil, fmt.Errorf("reading the message: %w", err)
	}
	if len(raw) > maxReport {
		return nil, fmt.Errorf("%w: it is too long", identity.ErrNotABounce)
	}
	m, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if m == nil || err != nil && !tolerable(err) {
		return nil, identity.ErrNotABounce
	}
	w := &walk{partsLeft: maxParts}
	w.visit(m, maxDepth)
	return w.bounces()
}

// tolerable is an encoding or a character set that is not known, as all but UTF-8 are here: what matters is in ASCII.
func tolerable(err error) bool {
	return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)
}

// walk goes through the parts of a message.
type walk struct {
	partsLeft int
	report    []fields // of the first delivery status part; nil before it was met
	returned  fields   // headers of the e-mail
}

func (w *walk) visit(part *message.Entity, depth int) {
	parts := part.MultipartReader()
	if parts == nil {
		w.read(part)
		return
	}
	for depth > 0 && w.partsLeft > 0 {
		w.partsLeft--
		inner, err := parts.NextPart()
		if inner == nil || err != nil && !tolerable(err) {
			return
		}
		w.visit(inner, depth-1)
	}
}

// read takes the two kinds of parts that matter, in their plain and in their international form (RFC 6533).
func (w *walk) read(part *message.Entity) {
	kind, _, _ := part.Header.ContentType()
	switch strings.ToLower(kind) {
	case "message/delivery-status", "message/global-delivery-status":
		if w.report == nil {
			w.report = readFields(part.Body)
		}
	case "text/rfc822-headers", "message/rfc822", "message/global-headers", "message/global":
		if groups := readFields(part.Body); w.returned == nil && len(groups) > 0 {
			w.returned = groups[0]
		}
	}
}

func (w *walk) bounces() ([]identity.Bounce, error) {
	if len(w.report) == 0 {
		return nil, identity.ErrNotABounce
	}
	id, ok := mailID(w.report[0]["original-envelope-id"])
	if !ok {
		id, ok = mailID(w.returned["message-id"])
	}
	if !ok {
		return nil, identity.ErrNotABounce
	}
	var found []identity.Bounce
	for _, recipient := range w.report[1:] {
		if strings.EqualFold(firstWord(recipient["action"]), "failed") {
			found = append(found, identity.Bounce{ID: id, Reply: statedReply(recipient)})
		}
	}
	return found, nil
}

// ids are those that the portal gives its e-mails, alone or as the local part of a Message-ID.
var ids = regexp.MustCompile(`^<?([a-z2-7]{26,52})(?:@|$)`)

func mailID(text string) (identity.MailID, bool) {
	found := ids.FindStringSubmatch(strings.ToLower(text))
	if found == nil {
		return "", false
	}
	return identity.MailID(found[1]), true
}

var (
	diagnosticCode = regexp.MustCompile(`(?i)^smtp\s*;\s*(?:.*\bsaid:\s*)?([45]\d\d)\b`)
	statusCode     = regexp.MustCompile(`^[45](?:\.\d{1,3}){2}$`)
)

// statedReply is what the report says in codes of why it failed. Its words may name a person.
func statedReply(recipient fields) string {
	status := firstWord(recipient["status"])
	if !statusCode.MatchString(status) {
		status = ""
	}
	if found := diagnosticCode.FindStringSubmatch(recipient["diagnostic-code"]); found != nil {
		return strings.TrimSpace(found[1] + " " + status)
	}
	return status
}
