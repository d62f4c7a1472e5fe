package brand

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// Problem is something that would make pages unreadable or incomplete.
type Problem struct {
	Setting string // such as "accent"
	What    string // is wrong
	Mend    string // how it is put right
}

func (p Problem) Error() string { return fmt.Sprintf("brand %s: %s; %s", p.Setting, p.What, p.Mend) }

// Check reports everything that would make the pages unreadable or incomplete, all at once, each with its setting.
func (b Brand) Check() error {
	var wrong []error
	for _, p := range b.Problems() {
		wrong = append(wrong, p)
	}
	return errors.Join(wrong...)
}

// Problems lists what Check reports.
func (b Brand) Problems() []Problem {
	var found []Problem
	if strings.TrimSpace(b.Name) == "" {
		found = append(found, Problem{"name", "is missing", "applicants must see whose page this is"})
	}
	found = append(found, b.logoProblems()...)
	found = append(found, b.colourProblems()...)
	found = append(found, b.fontProblems()...)
	found = append(found, b.sizeProblems()...)
	found = append(found, b.emailLogoProblems()...)
	return append(found, b.contactProblems()...)
}

var radiusLike = regexp.MustCompile(`^(0|\d{1,2}(\.\d+)?px|\d(\.\d+)?rem)$`)

func (b Brand) sizeProblems() []Problem {
	var found []Problem
	if px, ok := pixels(b.TextSize); b.TextSize != "" && !(ok && usualText <= px && px <= largestText) {
		found = append(found, Problem{
			"text_size", fmt.Sprintf("%q is not a size that everybody can read", b.TextSize),
			fmt.Sprintf(`from "%dpx" to "%dpx"`, usualText, largestText),
		})
	}
	if b.Radius != "" && !radiusLike.MatchString(b.Radius) {
		found = append(found, Problem{"radius", fmt.Sprintf("%q is not the radius of a corner", b.Radius), `such as "8px", "0.5rem" or "0"`})
	}
	return found
}

func (b Brand) contactProblems() []Problem {
	var found []Problem
	if !emailLike(b.SupportEmail) {
		found = append(found, Problem{"support_email", fmt.Sprintf("%q is not an e-mail address", b.SupportEmail), "such as \"help@example.com\"; applicants get help there"})
	}
	if !phoneLike(b.SupportPhone) {
		found = append(found, Problem{"support_phone", fmt.Sprintf("%q is not a phone number", b.SupportPhone), "such as \"+44 20 7946 0018\""})
	}
	for _, s := range []struct{ setting, address string }{{"privacy_url", b.PrivacyURL}, {"imprint_url", b.ImprintURL}} {
		if !pageLike(s.address) {
			found = append(found, Problem{s.setting, fmt.Sprintf("%q is not the address of a page", s.address), "must be an address that starts with https://"})
		}
	}
	return found
}

func emailLike(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(address, " \t\r\n<>,;?&\"") && !strings.Contains(domain, "@")
}

func phoneLike(number string) bool {
	return strings.Trim(number, "+0123456789 ()-/.") == "" && (number == "" || strings.ContainsAny(number, "0123456789"))
}

func pageLike(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && Loopback(u.Hostname()))
}

// Loopback reports whether the host is this machine, where a demo may do without TLS.
func Loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
