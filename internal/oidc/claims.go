package oidc

import (
	"cmp"
	"encoding/json"
	"math"
	"time"
)

// ClaimNames say where a provider keeps what the portal reads. Empty ones are as in OpenID Connect.
//
// A subject should stay "sub": nothing else is promised to be the same person's for ever, and never another's. Where it is
// another claim, a logout at the provider ends the portal's sessions by the session's name (sid) only, unless the
// provider puts that claim into its logout tokens.
type ClaimNames struct {
	Subject       string
	Email         string
	EmailVerified string
	Name          string
	Locale        string
}

func (n ClaimNames) orStandard() ClaimNames {
	return ClaimNames{
		Subject:       cmp.Or(n.Subject, "sub"),
		Email:         cmp.Or(n.Email, "email"),
		EmailVerified: cmp.Or(n.EmailVerified, "email_verified"),
		Name:          cmp.Or(n.Name, "name"),
		Locale:        cmp.Or(n.Locale, "locale"),
	}
}

// claims are the members of a token or of a userinfo answer, by their exact names. A member of another type than is
// asked for is as good as none.
type claims map[string]json.RawMessage

// has says whether there is such a member, whatever it holds.
func (c claims) has(name string) bool {
	_, ok := c[name]
	return ok
}

func (c claims) text(name string) string {
	var s string
	if json.Unmarshal(c[name], &s) != nil {
		return ""
	}
	return s
}

// texts reads a member that is one text or a list of them.
func (c claims) texts(name string) []string {
	if s := c.text(name); s != "" {
		return []string{s}
	}
	var list []string
	if json.Unmarshal(c[name], &list) != nil {
		return nil
	}
	return list
}

// flag reads a yes, which some providers write as a text.
func (c claims) flag(name string) bool {
	var yes bool
	if json.Unmarshal(c[name], &yes) != nil {
		return c.text(name) == "true"
	}
	return yes
}

// lastSecond ends the year 9999: what is later is a slip, and would overflow.
const lastSecond = 253402300799

// time reads seconds since 1970, with or without a fraction.
func (c claims) time(name string) (time.Time, bool) {
	var seconds *float64
	if json.Unmarshal(c[name], &seconds) != nil || seconds == nil || *seconds < 0 || *seconds > lastSecond {
		return time.Time{}, false
	}
	whole, fraction := math.Modf(*seconds)
	return time.Unix(int64(whole), int64(fraction*float64(time.Second))), true
}

// logsOut says whether the token is about a logout: it has the event, with an object for its details.
func (c claims) logsOut() bool {
	var events map[string]json.RawMessage
	if json.Unmarshal(c["events"], &events) != nil {
		return false
	}
	var details map[string]json.RawMessage
	return json.Unmarshal(events["http://schemas.openid.net/event/backchannel-logout"], &details) == nil && details != nil
}

// subject is whom the claims are about, by the claim that the settings name.
func (p *Provider) subject(c claims) string { return c.text(p.o.Claims.Subject) }

// maxName bounds names that are kept and compared: of subjects, as OpenID Connect does, of sessions and of logout tokens.
const maxName = 255

// plain says whether a name can be kept as it is: some visible ASCII.
func plain(name string) bool {
	for _, b := range []byte(name) {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return name != "" && len(name) <= maxName
}
