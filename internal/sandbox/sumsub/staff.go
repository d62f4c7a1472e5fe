package sumsub

// What Sumsub's staff and the company's own do in the dashboard. Applicants are named by id or by externalUserId.

// SetStatus brings an applicant into a status that is not the end, such as onHold or awaitingService.
func (p *Provider) SetStatus(name, status string) error {
	if err := checkStatus(status); err != nil {
		return err
	}
	return p.staff(name, func(a *applicant) error {
		p.setStatus(a, status)
		return nil
	})
}

// ResetApplicant asks for every document anew, or for those of one step if it is named.
func (p *Provider) ResetApplicant(name, step string) error {
	return p.staff(name, func(a *applicant) error {
		if step != "" {
			return p.resetStep(a, step)
		}
		return p.reset(a)
	})
}

// SetLevel moves an applicant to another level.
func (p *Provider) SetLevel(name, level string) error {
	return p.staff(name, func(a *applicant) error { return p.move(a, level) })
}

// SetPresence makes an applicant activated, deactivated or deleted.
func (p *Provider) SetPresence(name, presence string) error {
	return p.staff(name, func(a *applicant) error { return p.setPresence(a, presence) })
}

func (p *Provider) staff(name string, do func(a *applicant) error) error {
	p.enter()
	defer p.leave()
	a, err := p.anyName(name)
	if err != nil {
		return err
	}
	return do(a)
}
