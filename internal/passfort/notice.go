package passfort

import (
	"cmp"
	"strings"

	"portal/internal/inbox"
	"portal/internal/onboarding"
)

// Notice is what webhooks of one profile, oldest first and at least one, say in the engine's words.
func Notice(profile string, messages []inbox.Message) onboarding.Notice {
	n := onboarding.Notice{Profile: onboarding.ProfileID(profile), Since: messages[0].ReceivedAt}
	for _, m := range messages {
		n.CustomerRef = cmp.Or(m.CustomerRef, n.CustomerRef)
		word := onboarding.Word{Request: onboarding.RequestID(m.Request), Source: m.ID}
		if m.Outcome == inbox.Completed || m.Outcome == inbox.Expired {
			word.Outcome = onboarding.Status(strings.ToLower(m.Outcome))
		}
		n.Words = append(n.Words, word)
	}
	return n
}
