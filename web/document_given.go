package web

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"portal/internal/onboarding"
	"portal/templates"
)

// supportAddress is what stands for the company's support in the provider's comments (docs.sumsub.com, "Receive and interpret
// results").
const supportAddress = "${clientSupportEmail}"

// comment is what the provider says of a rejection, to the applicant; empty where it says nothing.
func (s *Server) comment(ctx context.Context, review onboarding.Review) string {
	return strings.TrimSpace(strings.ReplaceAll(review.Comment, supportAddress, s.brand(ctx).SupportEmail))
}

// reasons are why a step is to be given anew: each side of it that is, or all of it.
func (s *Server) reasons(ctx context.Context, v onboarding.Verification, step onboarding.Step, docType string) (list []templates.DocumentReason) {
	for _, side := range v.Wanted(step, docType) {
		if review, ok := rejectionAt(step, onboarding.Place{Set: step.Set, Type: docType, Side: side}); ok {
			list = append(list, s.reason(ctx, named(ctx, sideNames, side), review))
		}
	}
	if len(list) == 0 && step.Review.Rejected() {
		list = append(list, s.reason(ctx, "", step.Review))
	}
	return list
}

// reasonsAt are why a picture is to be given anew.
func (s *Server) reasonsAt(ctx context.Context, step onboarding.Step, p onboarding.Place) []templates.DocumentReason {
	review, ok := rejectionAt(step, p)
	if !ok {
		review, ok = step.Review, step.Review.Rejected()
	}
	if !ok {
		return nil
	}
	return []templates.DocumentReason{s.reason(ctx, "", review)}
}

// reason is a rejection in the provider's words, or else in ours.
func (s *Server) reason(ctx context.Context, of string, review onboarding.Review) templates.DocumentReason {
	if said := s.comment(ctx, review); said != "" {
		return templates.DocumentReason{Of: of, Said: said}
	}
	return templates.DocumentReason{Of: of, Texts: reviewInWords(ctx, review)}
}

// rejectionAt is the last rejection of a picture at a place.
func rejectionAt(step onboarding.Step, p onboarding.Place) (review onboarding.Review, ok bool) {
	var newest time.Time
	for _, i := range step.Images {
		if i.Type == p.Type && i.Side == p.Side && i.Review.Rejected() && !i.AddedAt.Before(newest) {
			review, newest, ok = i.Review, i.AddedAt, true
		}
	}
	return review, ok
}

// documentsOf lists what the portal has sent, the oldest first. Without it pages lack advice, which is no reason to lack them.
func (s *Server) documentsOf(ctx context.Context, d documentVisit) []onboarding.Document {
	if d.given.of == d.reg.ID {
		return d.given.documents
	}
	return s.documentsNow(ctx, d.reg)
}

// documentsNow lists them as they are now.
func (s *Server) documentsNow(ctx context.Context, reg onboarding.Registration) []onboarding.Document {
	list, err := s.Applicants.Uploads.Documents.DocumentsOf(ctx, reg.ID)
	if err != nil {
		s.Log.WarnContext(ctx, "documents not listed", slog.String("registration_id", reg.ID.String()), slog.Any("error", err))
	}
	return list
}

// lastOf is the document that was sent last for a step and may have arrived.
func lastOf(list []onboarding.Document, set string) (onboarding.Document, bool) {
	for _, d := range slices.Backward(list) {
		if d.Set == set && d.Status != onboarding.DocumentLost && d.Status != onboarding.DocumentRefused {
			return d, true
		}
	}
	return onboarding.Document{}, false
}

// adviceOn is what the provider found to be doubtful about an image as it came in, in words.
func adviceOn(ctx context.Context, list []onboarding.Document, image onboarding.Image) []string {
	for _, d := range list {
		if d.ID.String() == image.Document || d.Image == image.ID {
			return tagsInWords(ctx, d.Advice)
		}
	}
	return nil
}

// tagsInWords are the provider's findings in sentences, each once.
func tagsInWords(ctx context.Context, tags []string) (texts []string) {
	for _, tag := range tags {
		if text := tagInWords(ctx, tag); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}
