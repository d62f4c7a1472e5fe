package sandbox

import (
	"errors"
	"net/http"
	"strings"

	"portal/internal/sandbox/settings"
	"portal/internal/sandbox/sumsub"
)

// findingField is what the names of the fields about a single image or step begin with: images/KEY/member.
const findingField = "images/"

// knownLabels are reasons that the form for a verdict proposes, those of repairable mistakes first.
var knownLabels = []string{
	"UNSATISFACTORY_PHOTOS", "SCREENSHOTS", "DOCUMENT_PAGE_MISSING", "FRONT_SIDE_MISSING", "BACK_SIDE_MISSING", "BAD_SELFIE",
	"BAD_FACE_MATCHING", "EXPIRATION_DATE", "LOW_QUALITY", "ID_INVALID", "BAD_PROOF_OF_ADDRESS", "PROBLEMATIC_APPLICANT_DATA",
	"BLOCKLIST", "FORGERY", "SANCTIONS", "PEP", "DUPLICATE", "AGE_REQUIREMENT_MISMATCH", "WRONG_USER_REGION", "SPAM",
}

func (s *Sandbox) pressVerdict(r *http.Request) error {
	var v sumsub.Verdict
	if err := fill(r, &v); err != nil {
		return err
	}
	images, err := findings(r)
	if err != nil {
		return err
	}
	v.Images = images
	return s.sumsub.Decide(applicantOf(r), v)
}

// findings are what a form says about single images and steps. One whose fields are all empty is not spoken of.
func findings(r *http.Request) (map[string]sumsub.Finding, error) {
	var (
		found map[string]sumsub.Finding
		errs  []error
	)
	for field := range r.PostForm {
		name, ours := strings.CutPrefix(field, findingField)
		text := strings.TrimSpace(r.PostForm.Get(field))
		slash := strings.LastIndex(name, "/") // a key may have one, too
		if !ours || slash < 0 || text == "" {
			continue
		}
		if found == nil {
			found = map[string]sumsub.Finding{}
		}
		finding := found[name[:slash]]
		errs = append(errs, settings.Set(&finding, name[slash+1:], text))
		found[name[:slash]] = finding
	}
	return found, errors.Join(errs...)
}
