package torture

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"sync"

	"portal/internal/sandbox/passfort"
)

// react does what the page asks for. Somebody playful also does what one should not.
func (v *visitor) react(ctx context.Context, p seenPage, playful bool) (seenPage, bool) {
	if v.subject != "" && slices.Contains(waysIn, p.kind()) {
		return v.followLink(ctx)
	}
	switch p.kind() {
	case landingPage, sentPage:
		return v.look(ctx, portalPath+"/sign-in?flow="+v.flow)
	case signInPage:
		return v.fill(ctx, p, portalPath+"/sign-in", url.Values{"email": {v.email}})
	case codePage:
		return v.fill(ctx, p, portalPath+"/sign-in/code", url.Values{"code": {v.code()}})
	case choosePage, expiredPage:
		return v.start(ctx, p, playful)
	case waitingPage, checkingPage:
		return v.look(ctx, p.refresh)
	case formPage:
		if playful {
			return v.fillForms(ctx, p)
		}
	}
	return v.look(ctx, v.home())
}

// waysIn are the pages of somebody who is not signed in.
var waysIn = []pageKind{landingPage, sentPage, signInPage, codePage, linkPage}

// followLink has the company's back end send the applicant, whose one press signs them in.
func (v *visitor) followLink(ctx context.Context) (seenPage, bool) {
	path, ok := v.ordeal.linkFor(ctx, v)
	if !ok {
		return seenPage{}, false
	}
	p, ok := v.look(ctx, path)
	if !ok || p.kind() != linkPage {
		return p, ok
	}
	return v.fill(ctx, p, path, nil)
}

// fill sends the page's form for an address with some fields.
func (v *visitor) fill(ctx context.Context, p seenPage, action string, fields url.Values) (seenPage, bool) {
	f, ok := p.form(action, nil)
	if !ok {
		v.ordeal.violated("%s: a page %s has no form for %s", v.name, p.kind(), action)
		return p, false
	}
	for name := range fields {
		f.fields.Set(name, fields.Get(name))
	}
	return v.send(ctx, f)
}

// start presses the button of the flow, and the impatient press it in two tabs.
func (v *visitor) start(ctx context.Context, p seenPage, playful bool) (next seenPage, ok bool) {
	f, found := p.form(portalPath+"/start", url.Values{"flow": {v.flow}})
	if !found {
		v.ordeal.violated("%s: a page %s has no button for the flow %s", v.name, p.kind(), v.flow)
		return p, false
	}
	var tabs sync.WaitGroup
	if playful && v.dice.IntN(3) == 0 {
		v.ordeal.tell(v.name, "presses start in two tabs")
		tabs.Go(func() { v.send(ctx, f) })
	}
	next, ok = v.send(ctx, f)
	tabs.Wait()
	return next, ok
}

var sixDigits = regexp.MustCompile(`\b(\d{6})\b`)

// code is the one in the latest e-mail.
func (v *visitor) code() string {
	for _, m := range v.ordeal.sandbox.Mailbox().Messages(v.email) {
		if code := firstOf(sixDigits, m.Text); code != "" {
			v.ordeal.secrets.add("sign-in code", code)
			return code
		}
	}
	return "000000"
}

// fillForms finishes the forms, lets them run out, or leaves them for later. Nobody whose form may have run out goes to
// the address for those who have finished: the provider leads there only those, and the portal takes its word for it.
func (v *visitor) fillForms(ctx context.Context, p seenPage) (seenPage, bool) {
	id, choice := p.pair().RequestID, v.dice.IntN(6)
	switch {
	case v.lapses && choice < 2:
		v.end(id, passfort.Expired)
	case choice < 2:
		v.end(id, passfort.Completed)
		return v.look(ctx, portalPath+"/complete")
	case !v.lapses && choice == 2:
		return v.look(ctx, portalPath+"/complete") // without having finished
	}
	return v.look(ctx, v.home())
}

// end is the end of a request at the provider. In another tab it may have ended already.
func (v *visitor) end(id string, state passfort.State) {
	err := v.ordeal.sandbox.SetRequestState(id, state)
	v.ordeal.tell(v.name, "has request %s %s: %v", id, state, err)
}
