package doctor

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
)

// Sender is the domain that e-mails come from, as those who receive them see it in DNS.
type Sender struct {
	Domain   string
	Selector string // of DKIM; empty where it is not known
	Resolver *net.Resolver
}

// usualSelectors are those of well-known mail services, and of those who keep a server of their own.
var usualSelectors = []string{
	"default", "dkim", "mail", "email", "smtp", "k1", "s1", "s2", "selector1", "selector2", "google", "mandrill", "mta", "pm", "fm1", "20230601",
}

const noDNS = "see why DNS does not answer here; the portal itself needs it as well"

// Look asks DNS for the three records by which receivers judge who may send in a domain's name.
func (s Sender) Look(ctx context.Context) []Finding {
	spf, err := s.records(ctx, s.Domain, "v=spf1")
	if err != nil {
		return []Finding{Warning(noDNS, "DNS says nothing about %s: %v", s.Domain, err)}
	}
	return []Finding{s.spf(spf), s.dkim(ctx), s.dmarc(ctx)}
}

// records are the texts of a name that begin so. That there is no such name is no error.
func (s Sender) records(ctx context.Context, name, begin string) ([]string, error) {
	texts, err := s.Resolver.LookupTXT(ctx, name+".")
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return nil, nil
		}
		return nil, errors.New(dns.Err)
	}
	var found []string
	for _, t := range texts {
		if strings.HasPrefix(strings.ToLower(t), begin) {
			found = append(found, t)
		}
	}
	return found, err
}

func (s Sender) spf(records []string) Finding {
	const fix = "have one TXT record that begins with v=spf1, names the mail server of PORTAL_SMTP_URL and ends in -all or ~all"
	switch {
	case len(records) == 0:
		return Warning(fix, "SPF: %s has no record, so anybody's e-mails look like the portal's", s.Domain)
	case len(records) > 1:
		return Problem(fix, "SPF: %s has %d records, of which receivers take none", s.Domain, len(records))
	}
	words := strings.Fields(strings.ToLower(records[0]))
	switch words[len(words)-1] {
	case "+all", "all", "?all":
		return Warning(fix, "SPF: the record of %s lets everybody send (%s)", s.Domain, words[len(words)-1])
	}
	return OK("SPF: %s has a record", s.Domain)
}

func (s Sender) dkim(ctx context.Context) Finding {
	const fix = "publish the key that your mail service signs with, as it tells you to"
	if s.Selector != "" {
		published, err := s.key(ctx, s.Selector)
		switch {
		case err != nil:
			return Warning(noDNS, "DKIM: not looked at: %v", err)
		case !published:
			return Problem(fix, "DKIM: %s._domainkey.%s has no key", s.Selector, s.Domain)
		}
		return OK("DKIM: there is a key under %s._domainkey", s.Selector)
	}
	if found := s.usual(ctx); len(found) > 0 {
		return OK("DKIM: there is a key under %s._domainkey", strings.Join(found, ", "))
	}
	return Warning("name your mail service's selector by --dkim-selector; where it has none, "+fix, "DKIM: none of the usual selectors of %s has a key", s.Domain)
}

// usual are those of the usual selectors that have a key.
func (s Sender) usual(ctx context.Context) (found []string) {
	published := make([]bool, len(usualSelectors))
	var all sync.WaitGroup
	for i, selector := range usualSelectors {
		all.Go(func() { published[i], _ = s.key(ctx, selector) })
	}
	all.Wait()
	for i, selector := range usualSelectors {
		if published[i] {
			found = append(found, selector)
		}
	}
	return found
}

// key says whether a selector has a key. One that was withdrawn is empty.
func (s Sender) key(ctx context.Context, selector string) (bool, error) {
	texts, err := s.records(ctx, selector+"._domainkey."+s.Domain, "")
	for _, t := range texts {
		for tag := range strings.SplitSeq(t, ";") {
			if name, value, _ := strings.Cut(strings.TrimSpace(tag), "="); strings.TrimSpace(name) == "p" && strings.TrimSpace(value) != "" {
				return true, nil
			}
		}
	}
	return false, err
}

func (s Sender) dmarc(ctx context.Context) Finding {
	const fix = "publish v=DMARC1; p=quarantine (or reject) at _dmarc, with rua= to be told of what fails"
	domain, records, err := s.policy(ctx)
	switch {
	case err != nil:
		return Warning(noDNS, "DMARC: not looked at: %v", err)
	case len(records) == 0:
		return Warning(fix, "DMARC: neither %s nor a domain above it has a policy", s.Domain)
	case len(records) > 1:
		return Problem(fix, "DMARC: %s has %d policies, of which receivers take none", domain, len(records))
	}
	for tag := range strings.SplitSeq(strings.ToLower(records[0]), ";") {
		switch strings.ReplaceAll(tag, " ", "") {
		case "p=none":
			return Warning(fix, "DMARC: the policy of %s is none: what others send in its name is delivered", domain)
		case "p=quarantine", "p=reject":
			return OK("DMARC: the policy of %s is%s", domain, strings.ReplaceAll(strings.ReplaceAll(tag, " ", ""), "p=", " "))
		}
	}
	return Problem(fix, "DMARC: the policy of %s says neither quarantine nor reject nor none", domain)
}

// policy is that of the domain or of the nearest one above it that has any, but for the last label.
func (s Sender) policy(ctx context.Context) (domain string, records []string, err error) {
	for domain = s.Domain; strings.Contains(domain, "."); _, domain, _ = strings.Cut(domain, ".") {
		records, err = s.records(ctx, "_dmarc."+domain, "v=dmarc1")
		if err != nil || len(records) > 0 {
			break
		}
	}
	return domain, records, err
}
