package seeding

import (
	"encoding/base32"
	"time"

	"portal/internal/identity"
)

// visitorsFor is how long before the end of the years the visitors have come.
const visitorsFor = 30 * time.Minute

// make makes the registrations from one number to before another, with everything that belongs to them.
func (o Options) make(from, to int) made {
	m := &maker{Options: o, Rand: o.source(from), rows: newBatch()}
	out := made{batch: m.rows}
	var p person
	flow := ""
	for n := from; n < to; n++ {
		at := m.when(n)
		if n >= o.Registrations-o.Visitors {
			out.visitors = append(out.visitors, m.visitor(n, at))
			continue
		}
		// One of seven comes back for something else.
		if again := m.otherFlow(flow); flow != "" && m.one(150) {
			flow = ""
			m.ordinary(n, p, again, at)
			continue
		}
		p, flow = m.person(n, at.Add(-time.Second)), m.anyFlow()
		m.ordinary(n, p, flow, at)
	}
	out.err = m.err
	return out
}

// when is when the registration with a number was wanted: one after the other, the visitors at the end.
func (m *maker) when(n int) time.Time {
	from, span, count := m.Now.Add(-m.Over), m.Over-visitorsFor, m.Registrations-m.Visitors
	if n >= count {
		from, span, n, count = m.Now.Add(-visitorsFor), visitorsFor-time.Minute, n-count, m.Visitors
	}
	part := (float64(n) + m.Float64()) / float64(count)
	return from.Add(time.Duration(part * float64(span))).Truncate(time.Microsecond)
}

// ordinary is a registration that has run its course, or is on its way.
func (m *maker) ordinary(n int, p person, flow string, at time.Time) {
	l := m.begin(p, flow, at)
	m.becomes(&l)
	seen := min(at.Add(20*time.Minute).UnixMicro(), m.Now.Add(-time.Minute).UnixMicro())
	m.storeSession(p, m.token(), at.Add(-time.Second), time.UnixMicro(seen))
	m.storeAll(l, n)
}

// visitor is a registration that is open, of somebody who is signed in.
func (m *maker) visitor(n int, at time.Time) Visitor {
	p := m.person(n, at.Add(-time.Second))
	l := m.begin(p, [...]string{FlowIndividual, FlowCompany, FlowIndividual, FlowDocuments}[n%4], at)
	m.visited(&l)
	v := Visitor{
		Session: m.token(), Issuer: p.issuer, Subject: identity.Subject(p.subject), Applicant: l.Applicant, Registration: l.ID,
		Profile: l.Profile, Flow: l.Flow,
	}
	if l.Request != nil {
		v.Request = l.Request.ID
	}
	m.storeSession(p, v.Session, at.Add(-time.Second), m.Now)
	m.storeAll(l, n)
	return v
}

// storeAll puts a registration down with all that was said and sent about it.
func (m *maker) storeAll(l life, n int) {
	trail := l.Trail.Add
	m.store(l)
	m.storeVerification(l)
	m.storeWebhooks(l)
	m.storeNotices(l, n, trail)
	m.storeWayIn(l.who, l.Flow, l.CreatedAt)
}

// anyFlow draws a flow: more than half of all are people, and one of six a company.
func (m *maker) anyFlow() string {
	switch n := m.IntN(100); {
	case n < 62:
		return FlowIndividual
	case n < 78:
		return FlowCompany
	}
	return FlowDocuments
}

func (m *maker) otherFlow(than string) string {
	if than == FlowIndividual {
		return FlowDocuments
	}
	return FlowIndividual
}

// token is of a session. It is drawn like everything else, so it is good for databases that nobody relies on.
func (m *maker) token() identity.Token {
	return identity.Token(base32.StdEncoding.EncodeToString(m.bytes(17))[:26])
}
