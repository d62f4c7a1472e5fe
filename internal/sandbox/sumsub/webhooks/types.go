package webhooks

import (
	"slices"
	"time"
)

// events are the types of webhooks about the verification of users that Sumsub's documentation lists.
var events = []string{
	"applicantCreated", "applicantPending", "applicantPrechecked", "applicantOnHold", "applicantAwaitingService",
	"applicantAwaitingUser", "applicantReviewed", "applicantReset", "applicantStepsReset",
	"applicantPersonalInfoChanged", "applicantTagsChanged", "applicantActivated", "applicantDeactivated",
	"applicantDeleted", "applicantPersonalDataDeleted", "applicantLevelChanged", "applicantWorkflowCompleted",
	"applicantWorkflowFailed", "applicantActionPending", "applicantActionReviewed", "applicantActionOnHold",
	"applicantActionLevelChanged", "videoIdentStatusChanged", "videoIdentCompositionCompleted", "companyStructureChanged",
}

// Events lists the types of webhooks that Sumsub's documentation knows.
func Events() []string { return slices.Clone(events) }

// hasty are the types that are tried again much sooner than others.
var hasty = []string{"applicantActionReviewed", "applicantActionOnHold", "applicantActionPending"}

// Sumsub's waits between a failed attempt and the next. After the last one it gives up.
var (
	waits      = []time.Duration{5 * time.Minute, time.Hour, 5 * time.Hour, 18 * time.Hour}
	hastyWaits = []time.Duration{30 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute}
)

// waitAfter is how long a webhook of this type waits after so many failed attempts; not ok means that it is given up.
func waitAfter(event string, attempts int) (wait time.Duration, ok bool) {
	table := waits
	if slices.Contains(hasty, event) {
		table = hastyWaits
	}
	if attempts < 1 || attempts > len(table) {
		return 0, false
	}
	return table[attempts-1], true
}

// essential are the members that every payload has. All others are missing from one or the other of Sumsub's own
// samples, or are said to be optional.
var essential = []string{
	"applicantId", "inspectionId", "correlationId", "levelName", "externalUserId", "type", "reviewStatus", "createdAtMs",
}
