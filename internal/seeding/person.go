package seeding

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"portal/internal/identity"
)

// maker makes a chunk: everything it draws comes from one source, so that a seed makes the same again.
type maker struct {
	Options
	*rand.Rand
	rows batch
	err  error // the first of sealing
}

// source of the chunk that begins there.
func (o Options) source(from int) *rand.Rand { return rand.New(rand.NewPCG(o.Seed, uint64(from))) }

// one says whether something happens that does in so many of a thousand cases.
func (m *maker) one(ofThousand int) bool { return m.IntN(1000) < ofThousand }

// within is a time span up to that long.
func (m *maker) within(most time.Duration) time.Duration {
	return time.Duration(m.Int64N(int64(most)))
}

// bytes that mean nothing.
func (m *maker) bytes(n int) []byte {
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, m.Uint64())
	}
	return b[:n]
}

// v7 is an id as the portal makes them: it begins with the time.
func (m *maker) v7(at time.Time) (id uuid.UUID) {
	copy(id[:], m.bytes(16))
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

// v4 is an id as PassFort makes them: there is no order in them.
func (m *maker) v4() string {
	var id uuid.UUID
	copy(id[:], m.bytes(16))
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id.String()
}

// hex is an id as Sumsub makes them.
func (m *maker) hex(bytes int) string { return hex.EncodeToString(m.bytes(bytes)) }

// sealed is a text that only opens in its place.
func (m *maker) sealed(text, place string) []byte {
	sealed, err := m.Keys.Seal(text, place)
	if err != nil && m.err == nil {
		m.err = err
	}
	return sealed
}

// person is an applicant and how the portal knows them.
type person struct {
	id              uuid.UUID
	issuer, subject string
	email           string
	created         time.Time
}

// person makes the applicant with this number. Four of ten come from the company's own site by a link.
func (m *maker) person(n int, created time.Time) person {
	p := person{
		id: m.v7(created), created: created,
		email: fmt.Sprintf("%s%d@post%d.example", m.hex(4), n, m.IntN(50)),
	}
	p.issuer, p.subject = identity.EmailIssuer, p.email
	if m.one(400) {
		p.issuer, p.subject = identity.LinkIssuer, fmt.Sprintf("customer-%s-%d", m.hex(3), n)
	}
	m.rows.add(applicants).uuid(p.id).at(created)
	m.rows.add(identities).text(p.issuer).text(p.subject).uuid(p.id).text(p.email).text("").at(created)
	return p
}
