package doctor_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"portal/internal/doctor"
)

// zone are the texts of names.
type zone map[string][]string

// resolver asks a DNS server that knows the zone alone.
func (z zone) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for packet := make([]byte, 1500); ; {
			n, from, err := server.ReadFrom(packet)
			if err != nil {
				return
			}
			_, _ = server.WriteTo(z.answer(packet[:n]), from)
		}
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func (z zone) answer(question []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	texts, known := z[strings.TrimSuffix(q.Name.String(), ".")]
	m.Header = dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true, RecursionDesired: true}
	m.Additionals = nil
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, text := range texts {
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: dnsmessage.TypeTXT, Class: dnsmessage.ClassINET, TTL: 60},
			Body:   &dnsmessage.TXTResource{TXT: []string{text}},
		})
	}
	packed, err := m.Pack()
	if err != nil {
		return nil
	}
	return packed
}

func TestTheSenderIsJudgedByItsRecords(t *testing.T) {
	t.Parallel()
	const good = "v=spf1 include:mail.example -all"
	all := zone{
		"a.example": {"other=1", good}, "k1._domainkey.a.example": {"v=DKIM1; k=rsa; p=MIIB"}, "_dmarc.a.example": {"v=DMARC1; p=reject"},
		"b.example": {good, good}, "_dmarc.b.example": {"v=DMARC1;p=none; rua=mailto:x@b.example"}, "own._domainkey.b.example": {"v=DKIM1; p="},
		"c.example": {"v=spf1 +all"}, "own._domainkey.c.example": {"p=MIIB"}, "_dmarc.c.example": {"v=DMARC1; p=reject", "v=DMARC1; p=none"},
		"mail.a.example": {good},
	}
	dns := all.resolver(t)
	look := func(domain, selector string) []doctor.Finding {
		return doctor.Sender{Domain: domain, Selector: selector, Resolver: dns}.Look(t.Context())
	}
	for _, c := range []struct {
		domain, selector string
		state            doctor.State
		words            string
	}{
		{"a.example", "", doctor.Fine, "SPF: a.example has a record"},
		{"a.example", "", doctor.Fine, "key under k1._domainkey"},
		{"a.example", "", doctor.Fine, "policy of a.example is reject"},
		{"a.example", "own", doctor.Trouble, "own._domainkey.a.example has no key"},
		{"mail.a.example", "", doctor.Fine, "policy of a.example is reject"}, // that of the domain above
		{"mail.a.example", "", doctor.Doubt, "--dkim-selector"},
		{"b.example", "own", doctor.Trouble, "b.example has 2 records"},
		{"b.example", "own", doctor.Trouble, "own._domainkey.b.example has no key"}, // withdrawn
		{"b.example", "own", doctor.Doubt, "policy of b.example is none"},
		{"c.example", "own", doctor.Doubt, "lets everybody send"},
		{"c.example", "own", doctor.Fine, "own._domainkey"},
		{"c.example", "own", doctor.Trouble, "c.example has 2 policies"},
		{"nowhere.example", "", doctor.Doubt, "SPF: nowhere.example has no record"},
		{"nowhere.example", "", doctor.Doubt, "DMARC: neither"},
	} {
		says(t, look(c.domain, c.selector), c.state, c.words)
	}
}
