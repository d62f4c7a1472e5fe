package torture

import (
	"encoding/json"
	"fmt"

	"portal/internal/inbox"
	"portal/internal/onboarding"
)

// fromPassFort is what PassFort's webhooks look like.
type fromPassFort struct{}

func (fromPassFort) provider() string { return string(onboarding.PassFort) }

func (fromPassFort) manners() []string {
	return []string{"in order", "in order", "in order", "shuffled", "batch", "wrapped batch", "again", "forged", "forged inside", "unknown", "unreadable"}
}

func (fromPassFort) read(body []byte) (letter, error) {
	var envelope struct {
		ID   string `json:"id"`
		Data struct {
			ProfileID string `json:"profile_id"`
		} `json:"data"`
	}
	err := json.Unmarshal(body, &envelope)
	return letter{envelope.ID, envelope.Data.ProfileID, body}, err
}

// before leaves them in the order in which they come, which is that of their profiles.
func (fromPassFort) before(letter, letter) int { return 0 }

func (fromPassFort) proof([]byte) inbox.Proof { return bearing(webhookSecret) }

func bearing(secret string) inbox.Proof { return inbox.Proof{Authorization: "Bearer " + secret} }

func (fromPassFort) odd(n int) letter {
	id := fmt.Sprintf("odd-%d", n)
	return letter{id: id, body: fmt.Appendf(nil, `{"id":%q,"event":"NEVER_HEARD_OF","secret":%q,"data":{}}`, id, webhookSecret)}
}

// forged has a wrong secret, in the header or in the body.
func (fromPassFort) forged(n int, inside bool) (letter, inbox.Proof) {
	id, within, proof := fmt.Sprintf("forged-%d", n), webhookSecret, bearing("guessed")
	if inside {
		within, proof = "guessed", bearing(webhookSecret)
	}
	return letter{id: id, body: fmt.Appendf(nil, `{"id":%q,"event":"CUSTOMER_REQUEST_CHANGED","secret":%q,"data":{}}`, id, within)}, proof
}
