package sumsub

import (
	"cmp"

	"portal/internal/inbox"
	"portal/internal/onboarding"
)

// Notice is what webhooks of one applicant, oldest first and at least one, say in the engine's words: that there is
// something to read. They say nothing of how it stands, since they come late, twice and in any order.
func Notice(applicant string, messages []inbox.Message) onboarding.Notice {
	n := onboarding.Notice{Profile: onboarding.ProfileID(applicant), Since: messages[0].ReceivedAt}
	for _, m := range messages {
		n.CustomerRef = cmp.Or(m.CustomerRef, n.CustomerRef)
	}
	return n
}
