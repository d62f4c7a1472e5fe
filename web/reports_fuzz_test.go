package web

import (
	"net/url"
	"testing"
)

func FuzzEmbedReport(f *testing.F) {
	f.Add([]byte(`{"page":"link","cause":"network"}`))
	f.Add([]byte(`{"page":["a"],"cause":{}}`))
	f.Add([]byte("\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := decodeEmbedReport(body)
		if (!embedPages[r.Page] && r.Page != other) || (!embedCauses[r.Cause] && r.Cause != other) {
			t.Errorf("%q is counted as %+v", body, r)
		}
	})
}

func FuzzCSPReports(f *testing.F) {
	f.Add([]byte(`{"csp-report":{"violated-directive":"img-src 'self'","blocked-uri":"https://a.example/?x"}}`))
	f.Add([]byte(`[{"type":"csp-violation","body":{"effectiveDirective":"script-src-elem","blockedURL":"eval"}}]`))
	f.Add([]byte(` [ {"type":"csp-violation","body":null} ]`))
	s := &Server{Options: Options{BaseURL: &url.URL{Scheme: "https", Host: "www.example.com"}, Collection: "https://collection.example.net"}}
	kinds := known("self", "inline", "eval", "data", "blob", "provider", "extension", other)
	f.Fuzz(func(t *testing.T, body []byte) {
		all := decodeCSPReports(body)
		if len(all) > maxTogether {
			t.Errorf("%d reports are looked at", len(all))
		}
		for _, v := range all {
			if kind := s.blocked(v.blocked); !kinds[kind] {
				t.Errorf("%q is counted as %q", v.blocked, kind)
			}
			if from := originOf(v.blocked); from != "" && !isOrigin(from) {
				t.Errorf("%q is written down as %q", v.blocked, from)
			}
		}
	})
}

// isOrigin says whether a text is the origin of an address, and nothing more.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && text == u.Scheme+"://"+u.Host && len(text) < 300
}
