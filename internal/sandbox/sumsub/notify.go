package sumsub

import "encoding/hex"

// notify queues a webhook with the members that every type has in common. The lock is held, so that the queue has the
// order of the events.
func (p *Provider) notify(event string, a *applicant) {
	data := map[string]any{
		"applicantId":    a.ID,
		"inspectionId":   a.InspectionID,
		"applicantType":  a.Type,
		"correlationId":  hex.EncodeToString(p.random(16)),
		"levelName":      a.Level,
		"externalUserId": a.ExternalUserID,
		"type":           event,
		"sandboxMode":    p.sandboxed(),
		"reviewStatus":   a.Review.Status,
		"createdAtMs":    p.now().Format(layoutMS),
		"clientId":       clientID,
	}
	if a.SourceKey != "" {
		data["sourceKey"] = a.SourceKey
	}
	if a.Review.Result != nil {
		data["reviewResult"] = a.Review.Result.members()
	}
	if a.Review.Mode != "" {
		data["reviewMode"] = a.Review.Mode
	}
	p.config.Notify(event, data)
}

// members are what a result says, as members of JSON.
func (r *result) members() map[string]any {
	m := map[string]any{"reviewAnswer": r.ReviewAnswer}
	for name, text := range map[string]string{
		"moderationComment": r.ModerationComment, "clientComment": r.ClientComment, "reviewRejectType": r.ReviewRejectType,
	} {
		if text != "" {
			m[name] = text
		}
	}
	c := r.copied()
	if r.ReviewAnswer == red || c.RejectLabels != nil {
		m["rejectLabels"] = append([]string{}, c.RejectLabels...)
	}
	if c.ButtonIDs != nil {
		m["buttonIds"] = c.ButtonIDs
	}
	return m
}
