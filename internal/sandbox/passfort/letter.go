package passfort

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"portal/internal/sandbox/effects"
)

// sentEmail is the latest e-mail that carried the link of a request, and what became of its reminders.
type sentEmail struct {
	To        string `json:"to"`
	Reminders int    `json:"reminders"`
}

// letter is an e-mail on its way: all that it takes, so that nothing has to be looked up without the lock.
type letter struct {
	request, profile        string // ids
	to, subject, text, link string
	until                   time.Time // when the link's forms expire
}

// EmailRequest sends a customer the link to the forms of their request. Of a request raised from a task there is one
// e-mail: reminders follow by themselves.
func (p *Provider) EmailRequest(requestID, to string) error {
	if err := checkRecipient(to); err != nil {
		return err
	}
	p.enter()
	l, err := p.nextLetter(requestID, to)
	p.leave()
	if err != nil {
		return err
	}
	return p.deliver(l)
}

// isMailed says whether a request had its e-mail: of one raised from a task there is one.
func (req *request) isMailed() bool { return req.Task != "" && req.Email != nil }

// nextLetter makes the e-mail of a request, unless one is on its way or was enough. The lock is held.
func (p *Provider) nextLetter(requestID, to string) (letter, error) {
	req, err := p.sentRequest(requestID)
	switch {
	case err != nil:
		return letter{}, err
	case req.sending:
		return letter{}, fmt.Errorf("%w: customer request %q is being sent", ErrConflict, requestID)
	case req.isMailed():
		return letter{}, fmt.Errorf("%w: customer request %q was sent to %s already", ErrConflict, requestID, req.Email.To)
	default:
		return p.requestLetter(req, to), nil
	}
}

// requestLetter makes the e-mail that asks for a request's forms; they stay valid from then on. The lock is held.
func (p *Provider) requestLetter(req *request, to string) letter {
	theme := p.account.Email
	req.sending = true
	return letter{
		request: req.ID, profile: req.ProfileID, link: p.requestLink(req), until: p.now().Add(p.validity()),
		to: to, subject: theme.Subject, text: cmp.Or(req.Text, theme.Text),
	}
}

// deliver sends an e-mail and notes what came of it. The lock is not held while it is on its way.
func (p *Provider) deliver(l letter) error {
	err := p.post(l)
	p.enter()
	defer p.leave()
	req := p.index.requests[l.request]
	if req == nil {
		return err // the account was reset meanwhile
	}
	req.sending = false
	if req.noteError(err); err == nil {
		p.noteEmail(req, l)
	}
	return err
}

// noteEmail notes that the customer was sent the link, and puts reminders on the agenda. The lock is held.
func (p *Provider) noteEmail(req *request, l letter) {
	pr := p.index.profiles[req.ProfileID]
	p.record(effects.CustomerRequestEmail, req.ID, pr)
	p.audit(pr, byStaff, "requested-data", l.to)
	first := req.Email == nil
	if first {
		req.Email = &sentEmail{}
	}
	if req.Email.To = l.to; req.State != Sent {
		return // it ended meanwhile
	}
	req.Expires = l.until
	if first && p.account.Email.Reminders.Max > 0 {
		p.scheduleAt(p.nextReminder(p.now()), dueReminder, req.ID)
	}
}

func (p *Provider) nextReminder(after time.Time) time.Time {
	return after.Add(days(p.account.Email.Reminders.EveryDays))
}

// remind sends a reminder, unless the request is over or its task is, and puts the next one on the agenda. The lock is
// held; the e-mail itself goes out without it.
func (p *Provider) remind(d due) {
	req := p.index.requests[d.ID]
	pr := p.index.profiles[req.ProfileID]
	theme := p.account.Email.Reminders
	if t := pr.task(req.Task); req.State != Sent || req.Email.Reminders >= theme.Max || t != nil && t.State != taskIncomplete {
		return
	}
	req.Email.Reminders++
	p.record(effects.CustomerRequestRemind, req.ID, pr)
	p.audit(pr, byPolicy, "requested-data", "reminder to "+req.Email.To)
	if req.Email.Reminders < theme.Max {
		p.scheduleAt(p.nextReminder(d.At), dueReminder, req.ID)
	}
	l := letter{
		request: req.ID, profile: pr.ID, link: p.requestLink(req), until: req.Expires,
		to: req.Email.To, subject: theme.Subject, text: theme.Text,
	}
	arrived := make(chan struct{})
	p.posting = append(slices.DeleteFunc(p.posting, isClosed), arrived)
	go func() {
		defer close(arrived)
		p.deliverReminder(l)
	}()
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// awaitPost returns when the reminders that were on their way have arrived. The lock is not held.
func (p *Provider) awaitPost() {
	p.mu.Lock()
	posting := slices.Clone(p.posting)
	p.mu.Unlock()
	for _, arrived := range posting {
		<-arrived
	}
}

// deliverReminder sends a reminder. Nobody is there to be told that it failed, so the request says it.
func (p *Provider) deliverReminder(l letter) {
	err := p.post(l)
	p.mu.Lock()
	defer p.mu.Unlock()
	if req := p.index.requests[l.request]; req != nil {
		req.noteError(err)
	}
}

func (req *request) noteError(err error) {
	req.EmailError = ""
	if err != nil {
		req.EmailError = err.Error()
	}
}

// post hands an e-mail over to be delivered.
func (p *Provider) post(l letter) error {
	message, err := p.writeLetter(l)
	if err != nil {
		return fmt.Errorf("writing the e-mail: %w", err)
	}
	if err := p.config.Send(p.account.Email.SenderAddress, l.to, message); err != nil {
		return fmt.Errorf("sending the link to %s: %w", l.to, err)
	}
	return nil
}
