package seeding

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"portal/internal/identity"
	"portal/internal/onboarding"
)

// How long the portal keeps what was told and sent: bodies of webhooks for its default of thirty days, the rows three times as
// long, and the others as package identity and package outbox have it.
const (
	keepBodies   = 30 * day
	keepWebhooks = 90 * day
	keepNotices  = 30 * day
	keepMails    = 90 * day
	keepLinks    = 7 * day
	keepLimits   = 2 * day
	keepSessions = 31 * day
)

// word is a webhook that a provider has sent about a registration.
type word struct {
	id, event, outcome string
	at                 time.Time
}

// hears notes what a provider's webhook has said.
func (l *life) hears(event, outcome string, at time.Time, m *maker) word {
	w := word{id: m.v4(), event: event, outcome: outcome, at: at}
	l.told = append(l.told, w)
	return w
}

// storeWebhooks puts down what was heard, and a form's changes beside it, as long as it is kept.
func (m *maker) storeWebhooks(l life) {
	for _, w := range l.told {
		m.webhook(l, w)
		if l.Provider == onboarding.PassFort {
			m.webhook(l, word{id: m.v4(), event: "FORM_STATE_CHANGED", at: w.at})
		}
	}
}

func (m *maker) webhook(l life, w word) {
	if m.Now.Sub(w.at) >= keepWebhooks {
		return
	}
	request := ""
	if l.Request != nil {
		request = string(l.Request.ID)
	}
	row := m.rows.add(webhooks).text(string(l.Provider)).text(w.id).text("profile/" + string(l.Profile)).text(w.event).text(string(l.Profile))
	row.text(l.ID.String()).text(request).text(w.outcome).text("").text("processed").text("none")
	if m.Now.Sub(w.at) < keepBodies {
		body := `{"event":"` + w.event + `","data":{"profile_id":"` + string(l.Profile) + `","customer_request_id":"` + request + `","customer_ref":"` +
			l.ID.String() + `","status":"` + w.outcome + `","institution":"Northlight"}}`
		row.bytes(m.sealed(body, "webhooks.sealed_body/"+string(l.Provider)+"/"+w.id))
	} else {
		row.null()
	}
	row.at(w.at).at(w.at.Add(300 * time.Millisecond))
}

// noticed are the changes that the company's own back end is told of.
var noticed = map[onboarding.Status]bool{
	onboarding.Completed: true, onboarding.Expired: true, onboarding.Closed: true, onboarding.NeedsAttention: true, onboarding.Checking: true, onboarding.Rejected: true,
}

// storeNotices puts down what the company's back end was told: the beginning, and the changes of status. n is the registration's
// number.
func (m *maker) storeNotices(l life, n int, trail []onboarding.Entry) {
	const most = 4 // of one registration
	told := 0
	for _, e := range trail {
		name := string(e.To)
		if e.From == "" {
			name = "started"
		} else if e.From == e.To || !noticed[e.To] {
			continue
		}
		if told++; told <= most && m.Now.Sub(e.At) < keepNotices {
			m.notice(l, int64(n*most+told), name, e)
		}
	}
}

func (m *maker) notice(l life, seq int64, name string, e onboarding.Entry) {
	arrived := e.At.Add(250 * time.Millisecond)
	row := m.rows.add(notices).bigint(seq).text("msg_" + m.hex(16)).text("registration." + name).uuid(uuid.UUID(l.ID)).text(string(e.To))
	if l.who.issuer == identity.LinkIssuer {
		row.text(l.who.issuer).text(l.who.subject)
	} else {
		row.null().null()
	}
	row.text(l.Flow).text(l.Case).maybe(string(e.Profile)).at(e.At).text("delivered").at(e.At).bigint(seq).int(1).int(1).text("").at(arrived)
	m.rows.add(attempts).bigint(seq).int(1).at(arrived).bigint(40).int(200).text("")
}

// storeWayIn puts down how somebody came in at a time: by a code, of which the mail, the sign-in and the limits are left, or by a
// link of the company's.
func (m *maker) storeWayIn(p person, flow string, at time.Time) {
	age := m.Now.Sub(at)
	if p.issuer == identity.LinkIssuer {
		if age < keepLinks {
			row := m.rows.add(links).bytes(m.bytes(32)).text(p.subject).text(p.email).text(flow).text("").text("en").text("")
			row.at(at.Add(-time.Second)).at(at.Add(10 * time.Minute)).at(at).bytes(m.bytes(32))
		}
		return
	}
	asked := at.Add(-40 * time.Second)
	if age < keepMails {
		m.rows.add(mails).text(m.hex(13)).text("sign_in_code").text(p.email).text("accepted").text("").at(asked).at(asked.Add(50 * time.Millisecond))
	}
	if age >= keepLimits {
		return
	}
	m.rows.add(signIns).bytes(m.bytes(32)).text(p.email).text(flow).bool(false).bytes(m.bytes(32)).int(1).at(asked).at(asked.Add(10 * time.Minute)).at(at)
	for _, name := range []string{"code", "code.most", "code.address"} {
		m.rows.add(allowances).text(name).text(m.hex(32)).float(nine).at(asked)
	}
}

// nine are the bits of 9.0, which is how many codes are left of ten.
const nine = 0x4022000000000000

// storeSession puts down that somebody was signed in from a time on; most have not signed out.
func (m *maker) storeSession(p person, token identity.Token, begun, seen time.Time) {
	if m.Now.Sub(begun) >= keepSessions {
		return
	}
	row := m.rows.add(sessions).bytes(token.Hash()).text(p.issuer).text(p.subject).at(begun).at(seen)
	if seen != m.Now && m.one(200) {
		row.at(seen.Add(time.Second))
	} else {
		row.null()
	}
	row.text("Firefox " + strconv.Itoa(110+m.IntN(30)) + " on Windows")
}
