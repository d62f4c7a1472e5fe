package torture

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// visitor is an applicant: somebody who reads pages, does what they say, and is neither patient nor careful.
type visitor struct {
	ordeal  *ordeal
	name    string
	email   string
	subject string // of whom the company's back end sends; empty for others
	flow    string
	dice    *rand.Rand
	browser *browser
	lapses  bool // lets forms run out instead of finishing them
	moves   int  // to other devices so far
	behind  []*colleague

	mu   sync.Mutex
	seen []sighting
}

// sighting is what an applicant saw.
type sighting struct {
	asked, seen        time.Time
	kind               pageKind
	request, key       string // of a form
	reference, heading string
	status             int
}

// mostMoves bounds how often an applicant goes on on another device: codes are counted.
const mostMoves = 2

func newVisitor(r *ordeal, i int, origin string) *visitor {
	dice := r.dice(uint64(i))
	v := &visitor{
		ordeal: r, name: fmt.Sprintf("visitor %d", i+1), email: fmt.Sprintf("visitor-%d-%x@applicants.example", i+1, r.Seed),
		flow: outsideFlows[dice.IntN(len(outsideFlows))], lapses: dice.IntN(3) == 0, dice: dice, browser: newBrowser(origin),
	}
	if v.flow == companyFlow {
		v.subject = fmt.Sprintf("customer-%d-%x", i+1, r.Seed)
	}
	r.secrets.add("e-mail address", v.email)
	r.tell(v.name, "wants the flow %s, lets forms run out: %v", v.flow, v.lapses)
	return v
}

// live goes from page to page until ctx ends.
func (v *visitor) live(ctx context.Context) {
	if !linger(ctx, between(v.dice, 0, time.Second)) {
		return
	}
	for {
		p, ok := v.look(ctx, v.home())
		for ok && v.dice.IntN(5) > 0 && linger(ctx, between(v.dice, 0, 200*time.Millisecond)) {
			p, ok = v.react(ctx, p, true)
		}
		v.enterColleague(ctx)
		if v.dice.IntN(8) == 0 {
			v.changeDevice()
		}
		if !linger(ctx, between(v.dice, 0, 200*time.Millisecond)) {
			return
		}
	}
}

// known is what the portal knows the applicant by.
func (v *visitor) known() string { return cmp.Or(v.subject, v.email) }

// home is the address that an applicant comes back to.
func (v *visitor) home() string { return portalPath + "?flow=" + v.flow }

// changeDevice has the applicant go on where they are not signed in.
func (v *visitor) changeDevice() {
	if v.moves == mostMoves {
		return
	}
	v.moves++
	v.ordeal.tell(v.name, "takes another device")
	v.browser.close()
	v.browser = newBrowser(v.browser.origin)
}

func (v *visitor) look(ctx context.Context, path string) (seenPage, bool) {
	p, err := v.browser.get(ctx, path)
	return v.note(ctx, p, err)
}

func (v *visitor) send(ctx context.Context, f pageForm) (seenPage, bool) {
	p, err := v.browser.send(ctx, f)
	return v.note(ctx, p, err)
}

// note writes down what the applicant sees; false where nothing came, as when a portal is killed meanwhile.
func (v *visitor) note(ctx context.Context, p seenPage, err error) (seenPage, bool) {
	if err != nil {
		if ctx.Err() == nil {
			v.ordeal.tell(v.name, "gets no page")
		}
		return p, false
	}
	found := p.pair()
	s := sighting{
		asked: p.asked, seen: p.seen, kind: p.kind(), request: found.RequestID, key: found.APIKey,
		reference: p.reference(), heading: p.heading(), status: p.status,
	}
	v.ordeal.secrets.add("request key", s.key)
	v.ordeal.secrets.add("cookie", v.browser.cookies()...)
	if v.remember(s) {
		v.ordeal.tell(v.name, "sees %s", s)
	}
	return p, true
}

// remember keeps a sighting and says whether it is news.
func (v *visitor) remember(s sighting) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen = append(v.seen, s)
	n := len(v.seen)
	return n < 2 || v.seen[n-2].String() != s.String()
}

// String is the sighting in the story.
func (s sighting) String() string {
	text := string(s.kind)
	if s.request != "" {
		text += " " + s.request
	}
	if s.kind == strangePage {
		text += fmt.Sprintf(" (%d, %q)", s.status, s.heading)
	}
	return text
}

// sightings are all that the applicant has seen, by the time of seeing.
func (v *visitor) sightings() []sighting {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.SortedFunc(slices.Values(v.seen), func(a, b sighting) int { return a.seen.Compare(b.seen) })
}
