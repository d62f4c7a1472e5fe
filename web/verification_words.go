package web

import (
	"context"
	"slices"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
)

// rejection is why a registration was rejected for good, as far as the applicant may know.
func (s *Server) rejection(ctx context.Context, reg onboarding.Registration) []templates.DocumentReason {
	if reg.Status != onboarding.Rejected || reg.Verification == nil {
		return nil
	}
	return slices.DeleteFunc(s.found(ctx, *reg.Verification), func(r templates.DocumentReason) bool {
		return slices.Equal(r.Texts, []string{i18n.T(ctx, "review.declined")}) // the page itself says no less
	})
}

// found is what the provider says to the applicant of everything together, or else of its parts, or else what we have words
// for.
func (s *Server) found(ctx context.Context, v onboarding.Verification) (list []templates.DocumentReason) {
	for _, said := range s.comments(ctx, v) {
		list = append(list, templates.DocumentReason{Said: said})
	}
	if len(list) > 0 {
		return list
	}
	return []templates.DocumentReason{{Texts: reviewInWords(ctx, v.Review)}}
}

// comments are what the provider says to the applicant, each once.
func (s *Server) comments(ctx context.Context, v onboarding.Verification) (all []string) {
	if said := s.comment(ctx, v.Review); said != "" {
		return []string{said}
	}
	for _, step := range v.Steps {
		reviews := []onboarding.Review{step.Review}
		for _, image := range step.Images {
			reviews = append(reviews, image.Review)
		}
		for _, review := range reviews {
			said := s.comment(ctx, review)
			if review.Rejected() && said != "" && !slices.Contains(all, said) {
				all = append(all, said)
			}
		}
	}
	return all
}
