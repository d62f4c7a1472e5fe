package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"portal/internal/identity"
)

// judge says what it means that an e-mail was not taken. Only what the server says of the recipient counts as a refusal:
// the applicant is then told that their address is wrong, which must not be because of a wrong password of ours.
func judge(err error, to identity.Email, id identity.MailID) *identity.MailError {
	code, enhanced := answer(err)
	why := &identity.MailError{
		Refused: refusesRecipient(err, code, enhanced), Unanswered: errors.Is(err, errUnanswered), Reply: reply(code, enhanced),
	}
	if why.Refused {
		why.Err = fmt.Errorf("%s: the address was refused: %s", id, why.Reply) // the server's words may be about a person
		return why
	}
	why.Err = fmt.Errorf("%s: smtp: %s", id, unaddressed(err.Error(), to))
	return why
}

// answer is what the mail server said in codes: that of SMTP, and the enhanced one of RFC 3463 where it gave one.
func answer(err error) (code int, enhanced string) {
	if sent, ok := errors.AsType[*gomail.SendError](err); ok {
		code = sent.ErrorCode()
	} else if said, ok := errors.AsType[*textproto.Error](err); ok {
		code = said.Code
	}
	if code < 400 || code > 599 {
		return 0, ""
	}
	return code, enhancedCode(err.Error(), code)
}

var enhancedCodes = regexp.MustCompile(`\b([45]\d\d)[ -]"?([45](?:\.\d{1,3}){2})\b`)

// enhancedCode finds the code that follows the plain one; the library drops it for servers that do not announce such
// codes.
func enhancedCode(text string, code int) string {
	for _, found := range enhancedCodes.FindAllStringSubmatch(text, -1) {
		if found[1] == strconv.Itoa(code) && found[2][0] == found[1][0] {
			return found[2]
		}
	}
	return ""
}

func reply(code int, enhanced string) string {
	if code == 0 {
		return enhanced
	}
	return strings.TrimSpace(strconv.Itoa(code) + " " + enhanced)
}

// refusesRecipient says whether the server will never take an e-mail for this recipient: a permanent answer to RCPT or
// DATA, unless its code blames the sender, the e-mail itself, a policy or the protocol. Without an enhanced code,
// the codes that RFC 5321 has for mailboxes count.
func refusesRecipient(err error, code int, enhanced string) bool {
	sent, ok := errors.AsType[*gomail.SendError](err)
	stages := []gomail.SendErrReason{gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose}
	if !ok || code/100 != 5 || !slices.Contains(stages, sent.Reason) {
		return false
	}
	_, about, _ := strings.Cut(enhanced, ".")
	subject, _, _ := strings.Cut(about, ".")
	switch {
	case slices.Contains([]string{"1.7", "1.8", "4.5"}, about): // the sender's address, twice, and a sender's quota
		return false
	case about == "6.7": // the server cannot carry an address of this script
		return true
	case subject == "", subject == "0":
		return 550 <= code && code <= 553
	}
	return slices.Contains([]string{"1", "2", "4"}, subject) // the address, the mailbox, the way there
}

// unaddressed is the text without the applicant, whom servers and the mail library name.
func unaddressed(text string, to identity.Email) string {
	local, _, _ := strings.Cut(to.Reveal(), "@")
	word := regexp.QuoteMeta(local)
	if !strings.ContainsFunc(local, func(r rune) bool { return r > unicode.MaxASCII }) {
		word = `\b` + word + `\b` // which regular expressions know of ASCII only
	}
	named := regexp.MustCompile(`(?i)` + regexp.QuoteMeta(to.Reveal()) + `|` + word)
	return named.ReplaceAllLiteralString(text, fmt.Sprint(to))
}
