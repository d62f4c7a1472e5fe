package passfort

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"portal/internal/sandbox/passfort/account"
)

// maxText is the longest editable paragraph, in bytes.
const maxText = 2000

// RaiseRequest lets staff ask a customer to complete the form of a task. The link goes out by e-mail to an address,
// the one in the profile's data unless given, with a paragraph of their own in place of the proposed one.
//
// There is one request at a time: while one of the profile is open, another is refused. If the e-mail cannot be sent,
// the request is there all the same and its link can be sent by EmailRequest.
func (p *Provider) RaiseRequest(taskID, to, text string) (Invitation, error) {
	if strings.ContainsFunc(text, unicode.IsControl) || len(text) > maxText {
		return Invitation{}, fmt.Errorf("%w: text must be a single paragraph of at most %d bytes", ErrInvalid, maxText)
	}
	if _, err := p.template(); err != nil { // before there is a request that nobody hears of
		return Invitation{}, err
	}
	p.enter()
	l, err := p.raise(taskID, to, text)
	p.leave()
	if err != nil {
		return Invitation{}, err
	}
	return Invitation{RequestID: l.request, ProfileID: l.profile}, p.deliver(l)
}

// raise makes a request from a task, and the e-mail that carries its link. The lock is held.
func (p *Provider) raise(taskID, to, text string) (letter, error) {
	pr, ok := p.index.tasks[taskID]
	if !ok {
		return letter{}, fmt.Errorf("task %q: %w", taskID, ErrNotFound)
	}
	form, err := p.requestable(pr.task(taskID))
	if err != nil {
		return letter{}, err
	}
	if to == "" {
		to = pr.email()
	}
	if err := checkRecipient(to); err != nil {
		return letter{}, err
	}
	if active := p.active(pr); active != nil {
		return letter{}, fmt.Errorf("%w: customer request %q is still open, and there can be one at a time", ErrConflict, active.ID)
	}
	req := p.newRequest(pr, p.account.Themes[0])
	req.Task, req.Text = taskID, text
	p.addForm(req, form, 0)
	p.publish(req, pr, byStaff)
	return p.requestLetter(req, to), nil
}

// requestable finds the form that staff can request from the customer on a task.
func (p *Provider) requestable(t *task) (account.Form, error) {
	configured, _ := p.account.Task(t.Alias)
	form, ok := p.account.Form(configured.RequestForm)
	if !ok {
		return form, fmt.Errorf("%w: task %q is not configured with a customer request", ErrInvalid, t.Alias)
	}
	return form, nil
}

// email is the address that the profile's data holds.
func (pr *profile) email() string {
	if pr.entityType() == company {
		return pr.Data.text("metadata", "contact_details", "email")
	}
	return pr.Data.text("contact_details", "email")
}

func checkRecipient(to string) error {
	if address, err := mail.ParseAddress(to); err != nil || address.Address != to {
		return fmt.Errorf("%w: to is %q, but must be an e-mail address", ErrInvalid, to)
	}
	return nil
}
