package torture

import (
	"context"
	"slices"

	"portal/internal/sandbox/sumsub"
)

// deed is something that staff may do to an applicant.
type deed struct {
	name   string
	do     func(p *sumsub.Provider, id string) error
	renews bool // the same may be sent in again afterwards
}

// staffAct has staff do something to one of the applicants.
func (r *run) staffAct(context.Context) error {
	if d, ok := r.chooseDeed(); ok {
		_ = d() // what staff are refused is of no interest
	}
	return nil
}

// chooseDeed makes up what staff do next; ok is false where there is nobody yet.
func (r *run) chooseDeed() (do func() error, ok bool) {
	p := r.sandbox.Sumsub()
	all := p.Overviews(100)
	if len(all) == 0 {
		return nil, false
	}
	a := one(r, all, "which applicant")
	if a.Status == "init" && r.choose(3, "disturbed") != 2 {
		return nil, false // they have no reason to
	}
	deeds := r.deeds(a)
	d := one(r, deeds, "deed")
	r.tell("staff %s applicant %s, who is %s %s", d.name, a.ID, a.Status, a.Answer)
	r.lookAtEffects()
	if d.renews {
		r.exam.renewed[a.ID] = true
		r.exam.reopened[a.ID]++
	}
	return func() error { return d.do(p, a.ID) }, true
}

// deeds are what staff may do to an applicant as they are: no verdict is given on what nobody has sent in.
func (r *run) deeds(a sumsub.Overview) []deed {
	list := []deed{
		{"change the level of", changeLevel, a.Status != "init"}, // which undoes a check, too
		{name: "ask for a step anew of", do: resetStep},
		{name: "turn off or on", do: turnOffOrOn(a)},
	}
	if a.Status == "init" {
		return list
	}
	decisions := []deed{
		{name: "approve", do: func(p *sumsub.Provider, id string) error { return p.Decide(id, green()) }},
		{name: "approve", do: func(p *sumsub.Provider, id string) error { return p.Decide(id, green()) }},
		{name: "reject a picture of", do: rejectPicture},
		{name: "reject a picture of", do: rejectPicture},
		{name: "reject a step of", do: rejectStep(map[string]sumsub.Finding{"SELFIE": retry("BAD_SELFIE").Finding})},
		{name: "reject a document of", do: rejectStep(nil)},
		{name: "reject the data of", do: func(p *sumsub.Provider, id string) error { return p.Decide(id, retry("PROBLEMATIC_APPLICANT_DATA")) }},
		{"reject without a reason", func(p *sumsub.Provider, id string) error { return p.Decide(id, retry()) }, true},
		{name: "reject for good", do: func(p *sumsub.Provider, id string) error { return p.Decide(id, red("FINAL", "FORGERY")) }},
		{name: "reject without saying whether for good", do: func(p *sumsub.Provider, id string) error { return p.Decide(id, red("", "OTHER")) }},
		{name: "hold", do: func(p *sumsub.Provider, id string) error { return p.SetStatus(id, "onHold") }},
		{name: "await a service for", do: func(p *sumsub.Provider, id string) error { return p.SetStatus(id, "awaitingService") }},
	}
	if a.Answer != "RED" || a.RejectType != "" { // otherwise nobody can say what is still wrong
		decisions = append(decisions, deed{"reopen", func(p *sumsub.Provider, id string) error { return p.SetStatus(id, "init") }, true})
	}
	return append(append(decisions, list...), deed{name: "ask for everything anew of", do: func(p *sumsub.Provider, id string) error { return p.ResetApplicant(id, "") }})
}

func green() sumsub.Verdict { return sumsub.Verdict{Finding: sumsub.Finding{Answer: "GREEN"}} }

func red(rejectType string, labels ...string) sumsub.Verdict {
	return sumsub.Verdict{Finding: sumsub.Finding{Answer: "RED", RejectType: rejectType, Labels: labels, Comment: "Please, once more."}}
}

func retry(labels ...string) sumsub.Verdict { return red("RETRY", labels...) }

// rejectPicture has one or two pictures given anew.
func rejectPicture(p *sumsub.Provider, id string) error {
	detail, err := p.Detail(id)
	if err != nil {
		return err
	}
	var images []string
	for _, s := range detail.Steps {
		for _, i := range s.Images {
			if !i.Deactivated {
				images = append(images, i.ID)
			}
		}
	}
	if len(images) == 0 {
		return nil
	}
	v := retry("UNSATISFACTORY_PHOTOS")
	v.Images = map[string]sumsub.Finding{images[len(images)-1]: v.Finding}
	if len(images) > 1 && len(images)%2 == 0 {
		v.Images[images[0]] = v.Finding
	}
	return p.Decide(id, v)
}

// rejectStep has a step given anew as a whole, named or by the reason.
func rejectStep(named map[string]sumsub.Finding) func(p *sumsub.Provider, id string) error {
	return func(p *sumsub.Provider, id string) error {
		v := retry("DOCUMENT_DAMAGED")
		v.Images = named
		return p.Decide(id, v)
	}
}

// changeLevel moves an applicant on among levels that ask for more and for less.
func changeLevel(p *sumsub.Provider, id string) error {
	a, err := p.Detail(id)
	if err != nil {
		return err
	}
	levels := []string{askingLevel, "id-selfie-poa", "id-only"}
	return p.SetLevel(id, levels[(slices.Index(levels, a.Level)+1)%len(levels)])
}

func resetStep(p *sumsub.Provider, id string) error { return p.ResetApplicant(id, "IDENTITY") }

func turnOffOrOn(a sumsub.Overview) func(p *sumsub.Provider, id string) error {
	presence := "deactivated"
	if a.Deactivated {
		presence = "activated"
	}
	return func(p *sumsub.Provider, id string) error { return p.SetPresence(id, presence) }
}
