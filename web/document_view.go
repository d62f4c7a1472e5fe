package web

import (
	"context"
	"encoding/hex"
	"slices"

	"portal/internal/onboarding"
	"portal/templates"
)

// documentView is the page of a step with what was chosen.
func (s *Server) documentView(ctx context.Context, d documentVisit, step onboarding.Step, t typedDocument, list []onboarding.Document) templates.DocumentView {
	view := templates.DocumentView{
		Account: d.account(), Flow: s.title(ctx, d.reg.Flow), Step: stepInWords(ctx, step.Set), Registration: d.reg.ID.String(),
		List: s.documentsAddress(d.reg, ""),
	}
	if last, ok := failed(d.verification(), list, step); ok {
		view.Failed, view.Lost = []templates.DocumentReason{failure(ctx, d.verification(), step, last)}, last.Status == onboarding.DocumentLost
	}
	if t.docType == "" {
		view.Types = s.typeLinks(ctx, d, step)
		return view
	}
	view.Type = typeInWords(ctx, t.docType)
	view.Sides = s.givenSides(ctx, d, step, t, list)
	if len(step.Types) > 1 {
		view.Other = s.documentsAddress(d.reg, stepPath(step.Set), "again", "1")
	}
	if !t.picture {
		return view
	}
	s.addPicture(ctx, &view, d, step, t, list)
	return view
}

// addPicture puts the form for a picture onto the page.
func (s *Server) addPicture(ctx context.Context, view *templates.DocumentView, d documentVisit, step onboarding.Step, t typedDocument, list []onboarding.Document) {
	v := d.verification()
	p := onboarding.Place{Set: step.Set, Type: t.docType, Side: t.side}
	view.Action = s.documentsAddress(d.reg, stepPath(step.Set), "type", t.docType, "side", sidePaths[t.side])
	view.Session = s.typed(d.visit)
	view.Picture, view.Tips = pictureInWords(ctx, p), tips(p)
	view.Country, view.Face, view.Most = t.country, withoutCountry(t.docType), onboarding.MaxFile
	view.Known = digestsBeside(v, list, p)
	if v.StateOf(step) == onboarding.StepRejected {
		view.Reasons = s.reasonsAt(ctx, step, p)
	}
	if asksCountry(v, t, step) {
		view.Countries = takenCountries(ctx, v)
	}
}

// typeLinks lead to the pages of the documents that a step takes.
func (s *Server) typeLinks(ctx context.Context, d documentVisit, step onboarding.Step) []templates.Link {
	links := make([]templates.Link, len(step.Types))
	for i, t := range step.Types {
		links[i] = templates.Link{Text: typeInWords(ctx, t), URL: s.documentsAddress(d.reg, stepPath(step.Set), "type", t)}
	}
	return links
}

// givenSides are the pictures that are there already.
func (s *Server) givenSides(ctx context.Context, d documentVisit, step onboarding.Step, t typedDocument, list []onboarding.Document) (sides []templates.DocumentSide) {
	v := d.verification()
	wanted := v.Wanted(step, t.docType)
	for _, side := range step.SidesOf(t.docType) {
		p := onboarding.Place{Set: step.Set, Type: t.docType, Side: side}
		image, ok := step.At(p)
		if !ok || slices.Contains(wanted, side) {
			continue
		}
		one := templates.DocumentSide{Name: pictureInWords(ctx, p)}
		if v.Replaceable(step, p) {
			one.Advice = adviceOn(ctx, list, image)
		}
		if v.Replaceable(step, p) && !(t.picture && t.side == side) {
			one.Replace = s.documentsAddress(d.reg, stepPath(step.Set), "type", t.docType, "side", sidePaths[side])
		}
		sides = append(sides, one)
	}
	return sides
}

// digestsBeside tell a script the pictures that are there at other places, so that the same is not sent twice.
func digestsBeside(v onboarding.Verification, list []onboarding.Document, p onboarding.Place) (digests []string) {
	for _, d := range list {
		if image, ok := v.ImageOf(d); ok && !image.Inactive && d.Place != p {
			digests = append(digests, hex.EncodeToString(d.Digest[:]))
		}
	}
	return digests
}
