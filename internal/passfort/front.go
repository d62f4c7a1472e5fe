package passfort

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Front looks at the site that serves the provider's script and forms, as a browser would see it. It sends no key.
type Front struct {
	Script *url.URL // address of embed.js
	Portal *url.URL // whose pages frame the forms
	Client *http.Client
}

// Sight is what was seen.
type Sight struct {
	Status int    // of the script's answer; 0 where there was none
	Type   string // its media type
	Served bool   // it is a script
	Framed bool   // nothing in the answer forbids that the portal's pages frame what comes from there
}

// lookFor is how long one look may take.
const lookFor = 15 * time.Second

// maxRedirects is how many redirects are followed within a site.
const maxRedirects = 5

// NewFront returns what looks at the front of a collection site for a portal.
func NewFront(collection, portal *url.URL) *Front {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = dial
	return &Front{
		Script: collection.JoinPath("embed.js"), Portal: portal,
		Client: &http.Client{Transport: transport, CheckRedirect: stay},
	}
}

// stay follows redirects within a site alone: the page's policy, by which browsers go, refuses all others.
func stay(next *http.Request, before []*http.Request) error {
	if len(before) > maxRedirects || next.URL.Scheme != before[0].URL.Scheme || !strings.EqualFold(next.URL.Host, before[0].URL.Host) {
		return http.ErrUseLastResponse
	}
	return nil
}

// dial connects as browsers do, for which names below localhost are this machine, whatever is known of them elsewhere.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err == nil && strings.HasSuffix(strings.ToLower(host), ".localhost") {
		address = net.JoinHostPort("localhost", port)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// Look asks for the script once. The address of the frame is the provider's own affair and not known here; what forbids
// framing is usually said with every answer of a site, the script's included.
func (f *Front) Look(ctx context.Context) (Sight, error) {
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Script.String(), nil)
	if err != nil {
		return Sight{}, fmt.Errorf("asking for %s: %w", f.Script, err)
	}
	answer, err := f.Client.Do(r)
	if err != nil {
		return Sight{}, fmt.Errorf("asking for the script: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 1<<20) // so that the connection can be used again
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	return Sight{
		Status: answer.StatusCode, Type: kind,
		Served: answer.StatusCode == http.StatusOK && strings.HasSuffix(kind, "javascript"),
		Framed: mayFrame(answer.Header, f.Portal),
	}, nil
}

// mayFrame says whether headers let a page of the portal frame what came with them. A policy that names ancestors counts
// instead of the older header.
func mayFrame(h http.Header, portal *url.URL) bool {
	named := false
	for _, policy := range h.Values("Content-Security-Policy") {
		for directive := range strings.FieldsFuncSeq(policy, func(r rune) bool { return r == ';' || r == ',' }) {
			words := strings.Fields(directive)
			if len(words) == 0 || !strings.EqualFold(words[0], "frame-ancestors") {
				continue
			}
			named = true
			if !anyMatches(words[1:], portal) {
				return false
			}
		}
	}
	return named || h.Get("X-Frame-Options") == ""
}

func anyMatches(sources []string, portal *url.URL) bool {
	for _, source := range sources {
		if matches(strings.ToLower(source), portal) {
			return true
		}
	}
	return false
}

// matches says whether a source of a policy is the portal's origin, or takes it in.
func matches(source string, portal *url.URL) bool {
	scheme, host, found := strings.Cut(source, "://")
	if !found {
		scheme, host = portal.Scheme, source
	}
	switch {
	case source == "*", source == portal.Scheme+":":
		return true
	case scheme != portal.Scheme:
		return false
	case strings.HasPrefix(host, "*."):
		return strings.HasSuffix(portal.Hostname(), host[1:])
	}
	host = strings.TrimSuffix(host, "/")
	return host == portal.Host || host == portal.Hostname()+":"+usualPort[portal.Scheme]
}

// usualPort is the one that addresses leave out.
var usualPort = map[string]string{"https": "443", "http": "80"}
