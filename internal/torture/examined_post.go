package torture

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"portal/internal/inbox"
	"portal/internal/onboarding"
)

// fromSumsub is what Sumsub's webhooks look like.
type fromSumsub struct{}

func (fromSumsub) provider() string { return string(onboarding.Sumsub) }

func (fromSumsub) manners() []string {
	return []string{"in order", "in order", "in order", "shuffled", "again", "lost", "forged", "forged inside", "unknown", "unreadable"}
}

// reviewNotice is the part of a webhook that tells it from others.
type reviewNotice struct {
	Applicant string `json:"applicantId"`
	Kind      string `json:"type"`
	At        string `json:"createdAtMs"`
	Cause     string `json:"correlationId"`
}

// letter is a notice as it travels; it has no id of its own.
func (n reviewNotice) letter(body []byte) letter {
	return letter{strings.Join([]string{n.Kind, n.Applicant, n.At, n.Cause}, "/"), n.Applicant, body}
}

func (fromSumsub) read(body []byte) (letter, error) {
	var n reviewNotice
	err := json.Unmarshal(body, &n)
	return n.letter(body), err
}

// before goes by the time of what is told and then by anything: each is sent for itself, and they overtake one another.
func (fromSumsub) before(a, b letter) int {
	at := func(l letter) string {
		var n reviewNotice
		_ = json.Unmarshal(l.body, &n) // it was read when it came
		return n.At
	}
	return cmp.Or(strings.Compare(at(a), at(b)), strings.Compare(a.id, b.id))
}

func (fromSumsub) proof(body []byte) inbox.Proof { return digested(webhookSecret, body) }

func digested(secret string, body []byte) inbox.Proof {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return inbox.Proof{Digest: hex.EncodeToString(mac.Sum(nil)), Algorithm: "HMAC_SHA256_HEX"}
}

func (fromSumsub) odd(n int) letter {
	return newNotice("applicantNeverHeardOf", fmt.Sprintf("odd-%d", n))
}

// forged is digested with a wrong secret, or was changed after it was digested.
func (fromSumsub) forged(n int, inside bool) (letter, inbox.Proof) {
	l := newNotice("applicantReviewed", fmt.Sprintf("forged-%d", n))
	if inside {
		return l, digested(webhookSecret, append([]byte(" "), l.body...))
	}
	return l, digested("guessed", l.body)
}

func newNotice(kind, applicant string) letter {
	n := reviewNotice{Applicant: applicant, Kind: kind, At: "2026-01-02 03:04:05.000", Cause: "c"}
	body, err := json.Marshal(n)
	if err != nil {
		panic(err) // of strings
	}
	return n.letter(body)
}
