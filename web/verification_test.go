package web_test

import (
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"portal/internal/onboarding"
	"portal/internal/sandbox/faults"
	checks "portal/internal/sandbox/sumsub"
)

func TestStagesOfACheckAreToldApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	for _, test := range []struct {
		status      onboarding.ReviewStatus
		stage, says string
	}{
		{onboarding.ReviewPending, "sent", "verification.sent_title"},
		{onboarding.ReviewQueued, "sent", "verification.sent_title"},
		{onboarding.ReviewPrechecked, "sent", "verification.sent_title"},
		{onboarding.ReviewOnHold, "on_hold", "verification.on_hold_title"},
		{onboarding.ReviewAwaitingService, "awaiting_service", "verification.service_title"},
		{onboarding.ReviewAwaitingUser, "awaiting_user", "verification.user_title"},
	} {
		before := v.get("/status?flow=documents").header.Get("ETag")
		v.becomes(test.status) // which repeats an old GREEN with those that wait for somebody
		p := v.shown().shows(http.StatusOK, test.says, "verification.watching", "verification.close", "verification.heard_mail").ordinary()
		watch := p.elements("div").with("data-status", "checking").with("data-stage", test.stage)
		if len(watch) != 1 || !strings.HasSuffix(watch[0].attrs["data-status-url"], "/status?flow=documents&unattended=1") {
			t.Errorf("%s: the page watches %v", test.status, watch)
		}
		p.watched("240;url=/onboarding?flow=documents&unattended=1", "60;url=/onboarding?flow=documents&unattended=1")
		if got := v.told(); got.Status != "checking" || got.Stage != test.stage || got.Next != "/onboarding?flow=documents" {
			t.Errorf("%s: scripts are told %+v", test.status, got)
		}
		if after := v.get("/status?flow=documents").header.Get("ETag"); after == before {
			t.Errorf("%s: the tag is still %s", test.status, after)
		}
	}
}

func TestEmailsArePromisedOnlyWhereTheyAreSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "websdk") // of changes alone
	for _, test := range []struct {
		decided checks.Finding
		heard   string
	}{
		{checks.Finding{}, "verification.heard_here"},
		{red(onboarding.Retry, ""), "verification.heard_mail"},
		{green, "verification.heard_here"}, // the next one may be no change
	} {
		if test.decided.Answer != "" {
			v.decided(test.decided)
			v.shown()
		}
		v.becomes(onboarding.ReviewPending)
		v.shown().shows(http.StatusOK, "verification.sent_title", test.heard)
	}
	without := w.press(w.program("back-end").link(`{"subject":"nobody-to-write-to","flow":"documents"}`).linkToken())
	without.await("open")
	other := &verification{browser: without, flow: "documents", id: w.text("select id::text from registrations where flow = 'documents'")}
	other.becomes(onboarding.ReviewPending)
	other.shown().shows(http.StatusOK, "verification.heard_here")
}

func TestCheckOfAStatusThatNobodyKnowsIsStillACheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	v.stored(func(r *onboarding.Registration) {
		r.Status = onboarding.Checking
		r.Verification.Status = "onTheMoon"
	})
	v.get("?flow=documents").shows(http.StatusOK, "verification.unknown_title")
	v.stored(func(r *onboarding.Registration) { // asked for, so sent, whatever was read before
		r.Ask, r.DueAt = onboarding.AskCheck, w.sandbox.Now().Add(time.Hour)
	})
	v.get("?flow=documents").shows(http.StatusOK, "verification.sent_title")
}

func TestOnlyCompletedAndGreenIsApproved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	v.decided(green)
	p := v.shown().shows(http.StatusOK, "verification.approved_title", "verification.approved", "outcome.completed_continue").ordinary()
	if len(p.elements("a").with("href", "https://www.example.com/thanks/documents")) != 1 || !strings.Contains(p.body, v.id) {
		t.Errorf("no way on, or no reference:\n%s", p.body)
	}
	if got := v.told(); got.Status != "completed" || got.Next != "/onboarding/complete?flow=documents" {
		t.Errorf("scripts are told %+v", got)
	}
	v.get("/complete?flow=documents").leads("?flow=documents")
	v.becomes(onboarding.ReviewOnHold) // the answer is still GREEN
	v.shown().shows(http.StatusOK, "verification.on_hold_title")
	v.decided(green)
	v.resets() // likewise
	if p := v.shown(); strings.Contains(p.body, say("en", "verification.approved_title")) || v.told().Status != "open" {
		t.Errorf("approved after a reset:\n%s", p.body)
	}
}

func TestResetSaysThatItBeginsAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "websdk")
	if p := v.shown().shows(http.StatusOK, "sdk.loading"); strings.Contains(p.body, say("en", "verification.anew")) {
		t.Error("the first time is called another one")
	}
	v.decided(green)
	v.shown().shows(http.StatusOK, "verification.approved_title")
	v.resets()
	v.shown().shows(http.StatusOK, "verification.anew", "sdk.loading")
}

func TestFinalRejectionSaysWhomToAskAndTakesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	v.decided(red(onboarding.Final, "Please write to ${clientSupportEmail} <b>now</b>.", "FORGERY"))
	p := v.shown().shows(http.StatusOK, "verification.rejected_title", "verification.rejected", "verification.rejected_next").ordinary()
	if want := "Please write to help@northlight.example &lt;b&gt;now&lt;/b&gt;."; !strings.Contains(p.body, want) {
		t.Errorf("the page does not say %s:\n%s", want, p.body)
	}
	for _, form := range p.elements("form") {
		if strings.Contains(form.attrs["action"], "/documents") {
			t.Errorf("the page still takes documents: %v", form.attrs)
		}
	}
	if got := v.told(); got.Status != "rejected" || got.Next != "/onboarding?flow=documents" {
		t.Errorf("scripts are told %+v", got)
	}
	v.get("/complete?flow=documents").leads("?flow=documents")
}

func TestFinalRejectionWithoutACommentSpeaksOfNoSuspicion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	v.decided(red(onboarding.Final, "", "FORGERY", "SANCTIONS", "A_LABEL_OF_TOMORROW"))
	p := v.shown().shows(http.StatusOK, "verification.rejected_title")
	text := strings.ToLower(html.UnescapeString(p.body))
	for _, word := range []string{"forge", "sanction", "fraud", "label_of", "a label of"} {
		if strings.Contains(text, word) {
			t.Errorf("the page says %q:\n%s", word, p.body)
		}
	}
}

func TestRejectionOfNoKnownTypeWaitsForAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	v.decided(red("", "You may try again.", "LOW_QUALITY"))
	p := v.shown().shows(http.StatusOK, "verification.undecided_title", "verification.undecided", "outcome.needs_attention_next")
	if strings.Contains(p.body, "try again") || v.told().Status != "needs_attention" {
		t.Errorf("the page offers what nobody has decided:\n%s", p.body)
	}
}

func TestWhatTheProviderHasDeletedIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	v.must(w.sandbox.Sumsub().SetPresence(v.id, "deactivated"))
	p := v.shown().shows(http.StatusOK, "verification.removed_title", "verification.removed")
	if strings.Contains(p.body, say("en", "outcome.closed_next")) || !strings.Contains(p.body, "If you think that this is a mistake") {
		t.Errorf("the page does not say what can be done about a mistake:\n%s", p.body)
	}
}

func TestLaterChangeChangesThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	v.decided(green)
	v.shown().shows(http.StatusOK, "verification.approved_title")
	v.decided(red(onboarding.Final, "", "BLOCKLIST"))
	v.shown().shows(http.StatusOK, "verification.rejected_title")
	v.get("").shows(http.StatusOK, "verification.rejected_title")
	v.get("?flow=individual").shows(http.StatusOK, "state.rejected")
	v.decided(green)
	v.shown().shows(http.StatusOK, "verification.approved_title")
}

func TestWordsForTheCompanyAreOnNoPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	for _, flow := range []string{"documents", "websdk"} {
		v := w.verify(flow+"@example.com", flow)
		for _, rejectType := range []string{onboarding.Retry, onboarding.Final, ""} {
			v.decided(red(rejectType, "For you.", "LOW_QUALITY"))
			v.shown()
			for _, address := range []string{"", "?flow=" + flow, "?flow=individual", "/complete?flow=" + flow, "/status?flow=" + flow, "/documents", "/sessions"} {
				if p := v.get(address); strings.Contains(p.body, "ever read this") {
					t.Errorf("%s, %q: %s holds what is for the company alone:\n%s", flow, rejectType, address, p.body)
				}
			}
		}
	}
	if line := lineWith(w.log.String(), "ever read this"); line != "" {
		t.Errorf("the log holds it: %s", line)
	}
}

func TestProviderThatIsAwayLeavesThePageAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "documents")
	v.becomes(onboarding.ReviewPending)
	v.shown().shows(http.StatusOK, "verification.sent_title")
	v.decided(green)
	w.ruin(faults.Rule{Path: "/resources/", When: faults.Before, Kind: faults.Status, Status: http.StatusServiceUnavailable, Count: 1000})
	v.shown().shows(http.StatusOK, "verification.sent_title")
	w.sandbox.Faults().Clear()
	v.shown().shows(http.StatusOK, "verification.approved_title")
}

func TestVerificationThatDoesNotOpenIsReadAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	v := w.verify("ada@example.com", "websdk")
	v.becomes(onboarding.ReviewOnHold)
	v.shown().shows(http.StatusOK, "verification.on_hold_title")
	if _, err := w.pool.Exec(t.Context(), "update verifications set sealed = '\\x00'"); err != nil {
		t.Fatal(err)
	}
	v.get("?flow=websdk").shows(http.StatusOK, "verification.on_hold_title")
	v.becomes(onboarding.ReviewInit)
	v.shown().shows(http.StatusOK, "sdk.loading")
	if _, err := w.pool.Exec(t.Context(), "update verifications set sealed = '\\x00'"); err != nil {
		t.Fatal(err)
	}
	w.ruin(faults.Rule{Path: "/resources/", When: faults.Before, Kind: faults.Status, Status: http.StatusServiceUnavailable, Count: 1000})
	v.get("?flow=websdk").shows(http.StatusOK, "waiting.kept") // what is asked for is not known, so nothing is
}
