package sumsub

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode"

	"portal/internal/inbox"
)

// message reads a delivery, which is always one message. What it cannot make out is kept as it is.
//
// Only what the message is about counts. Sumsub promises no order, so how the applicant stands is read from Sumsub and
// never taken from here, whatever the message's own time is.
func message(body inbox.Body) inbox.Message {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &members); err != nil || members == nil {
		return unreadable(body, "the delivery is no JSON object")
	}
	kind, applicant := fact(members["type"]), fact(members["applicantId"])
	m := inbox.Message{Event: strings.ToUpper(kind), CustomerRef: fact(members["externalUserId"]), ID: contentID(body), Body: body}
	if kind == "" {
		return unreadable(body, "the message names no type")
	}
	if besides(m.Event, members) {
		return m
	}
	m.Profile = applicant
	if at := fact(members["createdAtMs"]); applicant != "" && at != "" {
		m.ID = identity(kind, applicant, at, fact(members["correlationId"]))
	}
	return m
}

// identity is what a message and its repetitions have in common. Sumsub says that an applicant, a type and a time tell
// messages apart; what has caused it, where that is said, does so for two of the same millisecond.
func identity(kind, applicant, at, cause string) string {
	id := strings.Join([]string{kind, applicant, at}, "/")
	if cause == "" {
		return id
	}
	return id + "/" + cause
}

// besides says whether a message is about something else of an applicant than the verification: an action, as of a
// payment, or a transaction that is watched. No registration changes by these, and there may be very many, so they are
// kept without an applicant that would be read for each of them.
func besides(event string, members map[string]json.RawMessage) bool {
	return strings.HasPrefix(event, "APPLICANTACTION") || strings.HasPrefix(event, "APPLICANTKYT") ||
		fact(members["applicantActionId"]) != "" || fact(members["kytTxnId"]) != ""
}

// unreadable keeps bytes for a person, or for a later release. Its id is of another kind than those of messages, so that
// what it turns out to hold is not taken for the same message.
func unreadable(body inbox.Body, trouble string) inbox.Message {
	return inbox.Message{ID: "unreadable-" + contentID(body), Body: body, Trouble: trouble}
}

// contentID tells messages apart that do not say enough of themselves.
func contentID(body inbox.Body) string {
	sum := sha256.Sum256([]byte(body.Reveal()))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// longestFact is above anything Sumsub is known to send; what is longer is no identifier.
const longestFact = 512

// fact reads an identifier, which may be a number. It is empty where there is none, and where it could not be kept in
// clear: Postgres stores no NUL and indexes no long text, a terminal shows no control characters.
func fact(value json.RawMessage) string {
	var text string
	switch {
	case len(value) > 0 && strings.ContainsRune("-0123456789", rune(value[0])):
		text = string(value)
	case json.Unmarshal(value, &text) != nil:
		return ""
	}
	text = strings.TrimSpace(text)
	if len(text) > longestFact || strings.ContainsFunc(text, unprintable) {
		return ""
	}
	return text
}

// unprintable says whether a character is for control, or stands for bytes that were no text.
func unprintable(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }
