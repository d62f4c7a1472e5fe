package seeding

import "github.com/google/uuid"

// store puts a registration down, with everything that is its own.
func (m *maker) store(l life) {
	m.storeTrail(&l)
	row := m.rows.add(registrations).uuid(uuid.UUID(l.ID)).uuid(uuid.UUID(l.Applicant)).text(string(l.Provider)).text(l.Flow).text(l.Case)
	row.text(string(l.Status)).maybe(string(l.Profile))
	if l.Request == nil {
		row.null()
	} else {
		row.text(string(l.Request.ID))
		m.storeRequest(l)
	}
	row.text(string(l.Ask)).at(l.UnclearSince).bool(false).bool(false).int(l.Tries).text(l.Cause).at(l.DueAt)
	row.bigint(l.Trail.Seq + 2).at(l.CreatedAt).at(l.TouchedAt).bool(false).null().at(l.readAt).bool(false).bool(false)
	row.bigint(l.Trail.Seq).bytes(l.Trail.Head[:])
	if l.Profile != "" {
		m.rows.add(profiles).text(string(l.Profile)).uuid(uuid.UUID(l.ID)).text("portal").at(l.CreatedAt.Add(2 * answer))
	}
	if l.Flow == FlowCompany && l.Profile != "" {
		m.company(l)
	}
}

func (m *maker) storeRequest(l life) {
	place := "customer_requests.sealed_key/" + l.ID.String() + "/" + string(l.Request.ID)
	m.rows.add(requests).text(string(l.Request.ID)).uuid(uuid.UUID(l.ID)).bytes(m.sealed(l.key, place)).at(l.Request.CreatedAt)
}

// storeTrail puts the trail down, chained by the domain.
func (m *maker) storeTrail(l *life) {
	add := l.Trail.Add
	trail, hashes := l.Trail.Extended(l.ID)
	l.Trail = trail
	for i, e := range add {
		row := m.rows.add(entries).uuid(uuid.UUID(l.ID)).bigint(e.Seq).at(e.At).text(e.Actor).text(string(e.From)).text(string(e.To))
		row.text(e.What).text(e.Evidence).text(string(e.Profile)).text(string(e.Request)).bytes(hashes[i][:])
	}
}
