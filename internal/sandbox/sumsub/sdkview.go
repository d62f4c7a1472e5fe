package sumsub

// sdkView is an applicant as the WebSDK's frame sees it. The lock is held.
func (p *Provider) sdkView(a *applicant, t accessToken) SDKApplicant {
	r, level := a.Review, p.level(a)
	v := SDKApplicant{
		ApplicantID: a.ID, ExternalUserID: a.ExternalUserID, Level: a.Level, Lang: a.Lang, Status: r.Status, AttemptID: r.AttemptID,
		Open: a.open() == nil, Complete: len(p.lacking(a)) == 0,
		Countries: level.RequiredIDDocs.Included, Excluded: level.RequiredIDDocs.Excluded, Expires: t.Expires,
	}
	if r.Result != nil {
		v.Answer, v.RejectType, v.Comment = r.Result.ReviewAnswer, r.Result.ReviewRejectType, r.Result.ModerationComment
	}
	for _, d := range level.RequiredIDDocs.DocSets {
		v.Steps = append(v.Steps, a.sdkStep(d))
	}
	return v
}

func (a *applicant) sdkStep(d DocSet) SDKStep {
	docType, country := a.chosen(d)
	s := SDKStep{
		Set: d.Set, Types: d.Types, Sides: d.sides(twoSided[0]), Video: d.VideoRequired, Live: d.live(), Fields: d.Fields,
		State: a.stepState(d), Type: docType, Country: country, Data: map[string]string{},
	}
	if docType != "" {
		s.Sides, s.Missing = d.sides(docType), a.missing(d)
	}
	for _, f := range d.Fields {
		if value := a.field(f.Name); value != "" {
			s.Data[f.Name] = value
		}
	}
	for _, i := range a.active(d) {
		s.ImageIDs = append(s.ImageIDs, i.ID)
		if i.Result.rejected() && s.Comment == "" {
			s.Comment, s.Labels = i.Result.ModerationComment, i.Result.copied().RejectLabels
		}
	}
	if of := a.Steps[d.Set].copied(); of.rejected() && s.Comment == "" {
		s.Comment, s.Labels = of.ModerationComment, of.RejectLabels
	}
	return s
}
