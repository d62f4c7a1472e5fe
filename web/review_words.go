package web

import (
	"context"
	"slices"
	"strings"

	"portal/internal/i18n"
	"portal/internal/onboarding"
)

// labelWords are the message keys of why something was rejected and is to be given anew, by Sumsub's labels (docs.sumsub.com,
// "Rejection labels"). Those that are about sanctions, forgery or the like are left out on purpose: nobody is to learn from the
// page what was suspected, or be hurt by it.
var labelWords = map[string]string{
	"ADDITIONAL_DATA_REQUIRED":              "review.more",
	"ADDITIONAL_DOCUMENT_REQUIRED":          "review.more",
	"APPLICANT_INTERRUPTED_INTERVIEW":       "review.interrupted",
	"BACK_SIDE_MISSING":                     "review.back_missing",
	"BAD_AVATAR":                            "review.selfie",
	"BAD_FACE_MATCHING":                     "review.face",
	"BAD_PROOF_OF_ADDRESS":                  "review.address_proof",
	"BAD_PROOF_OF_IDENTITY":                 "review.other_document",
	"BAD_PROOF_OF_PAYMENT":                  "review.payment",
	"BAD_SELFIE":                            "review.selfie",
	"BAD_VIDEO_SELFIE":                      "review.selfie",
	"BLACK_AND_WHITE":                       "review.colour",
	"CHECK_UNAVAILABLE":                     "review.unfinished",
	"COMPANY_NOT_DEFINED_BENEFICIARIES":     "review.company",
	"COMPANY_NOT_DEFINED_REPRESENTATIVES":   "review.company",
	"COMPANY_NOT_DEFINED_STRUCTURE":         "review.company",
	"COMPANY_NOT_VALIDATED_BENEFICIARIES":   "review.company",
	"COMPANY_NOT_VALIDATED_REPRESENTATIVES": "review.company",
	"CONNECTION_INTERRUPTED":                "review.interrupted",
	"DB_DATA_MISMATCH":                      "review.data",
	"DB_DATA_NOT_FOUND":                     "review.data",
	"DIGITAL_DOCUMENT":                      "review.screen",
	"DOCUMENT_DAMAGED":                      "review.damaged",
	"DOCUMENT_DEPRIVED":                     "review.other_document",
	"DOCUMENT_MISSING":                      "review.more",
	"DOCUMENT_PAGE_MISSING":                 "review.page_missing",
	"EXPIRATION_DATE":                       "review.expired",
	"FRONT_SIDE_MISSING":                    "review.front_missing",
	"GRAPHIC_EDITOR":                        "review.edited",
	"ID_INVALID":                            "review.other_document",
	"INCOMPATIBLE_LANGUAGE":                 "review.translation",
	"INCOMPLETE_DOCUMENT":                   "review.cut_off",
	"INCORRECT_SOCIAL_NUMBER":               "review.number",
	"LOW_QUALITY":                           "review.quality",
	"NOT_ALL_CHECKS_COMPLETED":              "review.unfinished",
	"NOT_DOCUMENT":                          "review.not_document",
	"PROBLEMATIC_APPLICANT_DATA":            "review.data",
	"REQUESTED_DATA_MISMATCH":               "review.data",
	"SCREENSHOTS":                           "review.screenshot",
	"SELFIE_WITH_PAPER":                     "review.selfie_paper",
	"UNFILLED_ID":                           "review.unfilled",
	"UNSATISFACTORY_PHOTOS":                 "review.quality",
	"UNSUITABLE_ENV":                        "review.surroundings",
	"WRONG_ADDRESS":                         "review.address",
}

// buttonWords are the same in finer terms, by Sumsub's groups and their buttons (docs.sumsub.com, "Temporary rejection").
var buttonWords = map[string]string{
	"additionalPages":                   "review.page_missing",
	"additionalPages_anotherSide":       "review.side_missing",
	"additionalPages_expirationPage":    "review.expiry_page",
	"additionalPages_mainPageId":        "review.main_page",
	"additionalPages_nextPage":          "review.page_missing",
	"additionalPages_registrationStamp": "review.stamp_page",
	"badDocument":                       "review.other_document",
	"badDocument_withoutFace":           "review.no_face",
	"badPhoto":                          "review.quality",
	"badPhoto_blackAndWhite":            "review.colour",
	"badPhoto_dataNotVisible":           "review.unreadable",
	"badPhoto_editedPoa":                "review.edited",
	"badPhoto_imageEditor":              "review.edited",
	"badPhoto_incomplete":               "review.cut_off",
	"badPhoto_screenshot":               "review.screenshot",
	"badPhoto_sticker":                  "review.covered",
	"bankCard":                          "review.payment",
	"dataMismatch":                      "review.data",
	"dataMismatch_address":              "review.address",
	"dataMismatch_fullName":             "review.name",
	"dbNetChecks":                       "review.unfinished",
	"dbNetChecks_checkUnavailable":      "review.unfinished",
	"dbNetChecks_drivingRestrictions":   "review.again", // not what its group says
	"dbNetChecks_incorrectBvn":          "review.number",
	"dbNetChecks_incorrectSsn":          "review.number",
	"dbNetChecks_incorrectTin":          "review.number",
	"selfie":                            "review.selfie",
	"selfie_badFaceComparison":          "review.face",
}

// finalWords are the few reasons for a final rejection that give nothing away and hurt nobody.
var finalWords = map[string]string{
	"AGE_REQUIREMENT_MISMATCH": "review.age",
	"SPAM":                     "review.spam",
	"UNSUPPORTED_LANGUAGE":     "review.language",
	"WRONG_USER_REGION":        "review.region",
}

// tagWords are the message keys of what the provider finds as a picture comes in (docs.sumsub.com, "Fast fail").
var tagWords = map[string]string{
	"badSelfie":                 "review.selfie",
	"dataNotReadable":           "review.unreadable",
	"dataReadability":           "review.unreadable",
	"differentDocTypeOrCountry": "review.kind",
	"docExpiresSoon":            "review.expires_soon",
	"documentDeclinedBefore":    "review.other_document",
	"documentTooMuchOutside":    "review.cut_off",
	"documentWayTooMuchOutside": "review.cut_off",
	"expiredDoc":                "review.expired",
	"forbiddenDocument":         "review.other_document",
	"grayscale":                 "review.colour",
	"incompleteDob":             "review.birth",
	"inconsistentDocument":      "review.kind",
	"maybeExpiredDoc":           "review.expired_maybe",
	"missingDob":                "review.birth",
	"missingImportantInfo":      "review.info",
	"mrzNotReadable":            "review.lines",
	"noIdDocFacePhoto":          "review.no_face",
	"sameSides":                 "review.same_sides",
	"screenRecapture":           "review.screen",
	"screenshot":                "review.screenshot",
	"selfieFaceBadQuality":      "review.selfie",
	"shouldBeDoublePaged":       "review.page_missing",
	"shouldBeDoubleSided":       "review.side_missing",
	"shouldBeMrzDocument":       "review.lines",
	"typeOrCountryChanged":      "review.kind",
}

// reviewInWords says why something was rejected: by the buttons, which are the finest, or else by the labels, or else that it
// was. A reason without words of ours does not count beside one that has some.
func reviewInWords(ctx context.Context, review onboarding.Review) []string {
	keys := keysOfButtons(review.Buttons)
	if len(keys) == 0 {
		keys = keysIn(labelWords, review.Labels)
	}
	switch {
	case review.RejectType == onboarding.Final:
		keys = keysOfFinal(review.Labels)
	case len(keys) == 0:
		keys = []string{"review.again"}
	}
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = i18n.T(ctx, key)
	}
	return texts
}

// tagInWords is what the provider found as a picture came in.
func tagInWords(ctx context.Context, tag string) string {
	if key, ok := tagWords[tag]; ok {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, "review.advice")
}

// keysIn are the keys of the reasons that a table knows, each once.
func keysIn(table map[string]string, reasons []string) (keys []string) {
	for _, reason := range reasons {
		if key, ok := table[reason]; ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// keysOfButtons are those of buttons. One without words has its group's, and a group says nothing beside a button of its own.
func keysOfButtons(buttons []string) []string {
	var finest []string
	for _, button := range buttons {
		if slices.ContainsFunc(buttons, func(other string) bool { return strings.HasPrefix(other, button+"_") }) {
			continue
		}
		if _, ok := buttonWords[button]; !ok {
			button, _, _ = strings.Cut(button, "_")
		}
		finest = append(finest, button)
	}
	return keysIn(buttonWords, finest)
}

// keysOfFinal are those of a final rejection. Where one reason must not be told, none is.
func keysOfFinal(labels []string) []string {
	for _, label := range labels {
		if _, ok := finalWords[label]; !ok {
			return []string{"review.declined"}
		}
	}
	if len(labels) == 0 {
		return []string{"review.declined"}
	}
	return keysIn(finalWords, labels)
}
