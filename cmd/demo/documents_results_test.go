package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portal/internal/browsertest"
)

// support is where applicants of the demo write to.
const support = "help@northlight.example"

func TestTheRejectedSideAloneIsGivenAgain(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	a := w.verify(t, "documents")
	a.giveAll()
	w.judge(t, a.id, ruling{"answer": "RED", "reject_type": "RETRY", "images": map[string]any{
		"IDENTITY/BACK_SIDE": ruling{
			"answer": "RED", "reject_type": "RETRY", "labels": []string{"UNSATISFACTORY_PHOTOS"},
			"comment": "The text is not readable. Questions? ${clientSupportEmail}",
		},
	}})
	a.becomes("open")
	e := a.looksAgain(browsertest.New(t).Page(t)).listed()
	e.See(say("documents.lead_again"))
	e.See("The text is not readable. Questions? " + support)
	e.See(say("documents.state_accepted")) // the selfie
	e.opens("documents.give_again", "documents.step_identity")
	e.See(say("documents.picture_id_card_back"))
	e.See("The text is not readable. Questions? " + support)
	if front := say("documents.replace") + ": " + say("documents.picture_id_card_front"); e.Sees(front) || e.Sees("${") {
		t.Error("the front may be given anew, or a placeholder is shown")
	}
	e.gives("documents.picture_id_card_back", shotFile(t, "better.jpg"))
	e.sends()
	w.judge(t, a.id, ruling{"answer": "GREEN"})
	e.See(say("verification.approved_title"))
	if n := w.counted(t, a.id); n["document.add"] != 4 || n["check.request"] != 2 {
		t.Errorf("what happened at the provider: %v", n)
	}
}

func TestAFinalRejectionTakesNothingMoreAndSaysWhomToAsk(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	a := w.verify(t, "documents")
	a.giveAll()
	hidden := "For-the-company-alone " + a.id
	w.judge(t, a.id, ruling{
		"answer": "RED", "reject_type": "FINAL", "labels": []string{"FORGERY"}, "client_comment": hidden,
		"comment": "We could not verify your profile. Please contact ${clientSupportEmail}",
	})
	a.becomes("rejected")
	e := a.looksAgain(browsertest.New(t).Page(t))
	e.See(say("verification.rejected_title"))
	e.See("We could not verify your profile. Please contact " + support)
	e.See("write to " + support)
	if strings.Contains(e.HTML(), "/onboarding/documents") {
		t.Error("the page leads to documents")
	}
	w.hears(t, a.id, "registration.rejected")
	a.refusesMore()
	_, told := w.toldOf(t, a.id)
	for where, text := range map[string]string{
		"page": e.HTML(), "bare page": a.get("/onboarding").html, "status": a.get("/onboarding/status").html, "notices": told,
		"mail": fmt.Sprint(w.newestMail(t, a.email)), "log": w.stderr.String(),
	} {
		if strings.Contains(text, "For-the-company-alone") {
			t.Errorf("what only the company may read is in the %s", where)
		}
	}
}

// refusesMore checks that whatever is sent directly leads back to the result, and never to the provider.
func (a *verifying) refusesMore() {
	a.t.Helper()
	before := fmt.Sprint(a.world.counted(a.t, a.id))
	for _, p := range []view{
		a.uploadTo(a.about("/identity", "&type=ID_CARD&side=front"), shot(a.t, "more.jpg"), "DEU"),
		a.do(http.MethodPost, a.about("/check", ""), nil),
		a.do(http.MethodPost, a.about("/data", ""), nil),
		a.get(a.about("/identity", "")),
		a.get(a.about("/data", "")),
		a.do(http.MethodPost, "/onboarding/start", url.Values{"flow": {"documents"}}),
	} {
		p.says(a.t, say("verification.rejected_title"))
	}
	if after := fmt.Sprint(a.world.counted(a.t, a.id)); after != before {
		a.t.Errorf("at the provider there was %s, and now %s", before, after)
	}
}

func TestWhoIsBlacklistedAfterAnApprovalIsToldAndSoIsTheCompany(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	a := w.verify(t, "documents")
	a.giveAll()
	w.judge(t, a.id, ruling{"answer": "GREEN"})
	a.becomes("completed")
	e := a.looksAgain(browsertest.New(t).Page(t))
	e.See(say("verification.approved_title"))
	w.hears(t, a.id, "registration.completed")
	if m := w.newestMail(t, a.email); m.Subject == say("email.result.subject", "company", "Northlight") {
		t.Errorf("a first decision is mailed: %s", m.Text)
	}
	w.judge(t, a.id, ruling{"answer": "RED", "reject_type": "FINAL", "labels": []string{"BLOCKLIST"}, "mode": "ongoingAml"})
	a.becomes("rejected")
	e.reopens()
	e.See(say("verification.rejected_title"))
	if d := w.hears(t, a.id, "registration.rejected").Body.Data; d.Status != "rejected" {
		t.Errorf("the company was told %+v", d)
	}
	eventually(t, "the applicant has an e-mail", func() bool {
		return strings.Contains(w.newestMail(t, a.email).Text, say("email.result.rejected_title"))
	})
	if m := w.newestMail(t, a.email); !strings.Contains(m.Text, w.address("")) || strings.Contains(m.Text+m.Subject, "BLOCKLIST") {
		t.Errorf("the e-mail does not lead to the page, or says too much: %+v", m)
	}
}

func TestAResetAfterAnApprovalAsksForEverythingAnew(t *testing.T) {
	t.Parallel()
	w := sharedWorld(t)
	a := w.verify(t, "documents")
	a.giveAll()
	w.judge(t, a.id, ruling{"answer": "GREEN"})
	a.becomes("completed")
	w.control(t, http.MethodPost, "/_sandbox/sumsub/applicants/"+a.id+"/reset", map[string]string{}, new(any))
	a.becomes("open")
	e := a.looksAgain(browsertest.New(t).Page(t)).listed()
	e.See(say("verification.anew", "company", "Northlight"))
	e.See(say("documents.missing", "names", say("documents.step_identity")+", "+say("documents.step_selfie")))
	w.hears(t, a.id, "registration.reopened")
	a.giveAll() // the very same pictures
	w.judge(t, a.id, ruling{"answer": "GREEN"})
	a.becomes("completed")
	e.reopens()
	e.See(say("verification.approved_title"))
}
