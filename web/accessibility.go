package web

import (
	"fmt"
	"net/http"

	"portal/internal/onboarding"
	"portal/templates"
)

// showAccessibility says how far everybody can use the pages. It is the same for all.
func (s *Server) showAccessibility(r *http.Request) (answer, error) {
	test, err := templates.LastAccessibilityTest()
	if err != nil {
		return answer{}, fmt.Errorf("the record of the accessibility test: %w", err)
	}
	return answer{listed: true, page: templates.Accessibility(templates.AccessibilityView{
		Test: test, Day: dayInWords(r.Context(), onboarding.Date(test.Day)),
	})}, nil
}
