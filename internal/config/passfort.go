package config

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
)

// PassFort is what PassFort's staff are asked to set up, for the set-up sheet. Nothing in it changes what the portal does, and
// nothing in it is secret. What is not decided yet is left out.
type PassFort struct {
	// DNSProvider is who runs the DNS of the sender's domain: PassFort answers with records for it.
	DNSProvider string `toml:"dns_provider"`
	// EmailSubject, EmailSenderName and EmailSenderAddress are of the request e-mail.
	EmailSubject       string `toml:"email_subject"`
	EmailSenderName    string `toml:"email_sender_name"`
	EmailSenderAddress string `toml:"email_sender_address"`
	// EmailText is the paragraph that staff start from when they write to a customer.
	EmailText string `toml:"email_text"`
	// Reminders follow a request that stays open.
	Reminders *Reminders `toml:"reminders"`
	// Tasks are those from which customers can be asked for documents.
	Tasks []Task `toml:"task"`
	// Registrations are what the flows ask applicants.
	Registrations []Registration `toml:"registration"`
}

// Reminders are e-mails about a request that stays open; they are the same for all requests of the account.
type Reminders struct {
	Max       int    `toml:"max"` // none where it is 0
	EveryDays int    `toml:"every_days"`
	Subject   string `toml:"subject"`
	Text      string `toml:"text"`
}

// Task is one of the account's tasks, and the documents that may be given for it.
type Task struct {
	Name      string     `toml:"name"`
	Documents []Document `toml:"documents"`
}

// Document is a kind of document, such as a passport, and what is wanted of it: "front", "back", "selfie".
type Document struct {
	Type string   `toml:"type"`
	Of   []string `toml:"of"`
}

// Registration is what a flow asks, and the product applied for at its end.
type Registration struct {
	Flow    string   `toml:"flow"`
	Forms   []string `toml:"forms"`
	Product string   `toml:"product"`
}

// elements are what a document can consist of.
var elements = []string{"front", "back", "selfie"}

// maxReminders is how many PassFort sends.
const maxReminders = 3

// checkPassFort reports what cannot be right; what is missing is for the sheet to say.
func (f File) checkPassFort() error {
	p := f.PassFort
	var wrong []error
	require := func(ok bool, setting, format string, args ...any) {
		if !ok {
			wrong = append(wrong, wrongly("portal.toml [passfort] "+setting, format, args...))
		}
	}
	_, err := netmail.ParseAddress(p.EmailSenderAddress)
	require(p.EmailSenderAddress == "" || err == nil && !strings.ContainsAny(p.EmailSenderAddress, "<> "), "email_sender_address", "an e-mail address alone, such as onboarding@example.com")
	require(!strings.ContainsAny(p.EmailText, "\r\n"), "email_text", "one line or paragraph, without breaks: PassFort takes no more")
	require(!strings.ContainsAny(p.EmailSubject, "\r\n"), "email_subject", "one line")
	if r := p.Reminders; r != nil {
		require(r.Max >= 0 && r.Max <= maxReminders, "reminders", "max: from 0 to %d", maxReminders)
		require(r.Max == 0 || r.EveryDays > 0, "reminders", "every_days: the days between them")
	}
	return errors.Join(append(wrong, f.checkTasks(), f.checkRegistrations())...)
}

func (f File) checkTasks() error {
	var wrong []error
	for i, t := range f.PassFort.Tasks {
		where := fmt.Sprintf("portal.toml [[passfort.task]] %d (%s)", i+1, t.Name)
		if t.Name == "" {
			wrong = append(wrong, wrongly(where, "name: required: as the task is called in PassFort"))
		}
		for _, d := range t.Documents {
			if d.Type == "" || len(d.Of) == 0 {
				wrong = append(wrong, wrongly(where, "documents: each has a type and what it is made of, such as { type = \"Passport\", of = [\"front\", \"selfie\"] }"))
			}
			for _, element := range d.Of {
				if !slices.Contains(elements, element) {
					wrong = append(wrong, wrongly(where, "documents: %q is none of %s", element, strings.Join(elements, ", ")))
				}
			}
		}
	}
	return errors.Join(wrong...)
}

func (f File) checkRegistrations() error {
	var wrong []error
	seen := map[string]bool{}
	for i, r := range f.PassFort.Registrations {
		where := fmt.Sprintf("portal.toml [[passfort.registration]] %d (%s)", i+1, r.Flow)
		if !slices.ContainsFunc(f.Flows, func(one Flow) bool { return one.Name == r.Flow && one.Provider == "passfort" }) {
			wrong = append(wrong, wrongly(where, "flow: there is no [[flow]] of PassFort with that name"))
		}
		if seen[r.Flow] {
			wrong = append(wrong, wrongly(where, "flow: the same is there twice"))
		}
		seen[r.Flow] = true
	}
	return errors.Join(wrong...)
}

// Registration is what the flow of that name asks.
func (p PassFort) Registration(flow string) Registration {
	i := slices.IndexFunc(p.Registrations, func(r Registration) bool { return r.Flow == flow })
	if i < 0 {
		return Registration{Flow: flow}
	}
	return p.Registrations[i]
}
