package web_test

import (
	"net/http"
	"testing"

	"portal/internal/onboarding"
	sandboxforms "portal/internal/sandbox/passfort"
	"portal/web"
)

func TestHowLongItTakesIsPromisedOnlyWhereTheCompanyDoes(t *testing.T) {
	t.Parallel()
	quick := flows[0]
	quick.Name, quick.ReviewDays = "quick", 1
	checked := flows[3]
	checked.Name, checked.ReviewDays = "checked", 3
	w := newWorld(t, wanted{flows: []web.Flow{quick, checked}})
	for flow, said := range map[string]string{"individual": say("en", "outcome.whenever"), "quick": "This usually takes no longer than 1 working day."} {
		b := w.browser()
		w.end(b.start(flow+"@example.com", flow), sandboxforms.Completed)
		b.get("/complete").leads("https://www.example.com/thanks/individual")
		b.get("").shows(http.StatusOK, "outcome.completed_title", "outcome.completed_next").says(said)
	}
	for flow, said := range map[string]string{"documents": say("en", "outcome.whenever"), "checked": "This usually takes no longer than 3 working days."} {
		v := w.verify(flow+"@example.com", flow)
		v.becomes(onboarding.ReviewPending)
		v.shown().shows(http.StatusOK, "verification.sent_title", "verification.sent_next").says(said)
	}
}
