package web

import (
	"context"
	"slices"
	"strings"

	"portal/internal/i18n"
	"portal/internal/onboarding"
)

// stepNames are the message keys of what the steps of levels are called.
var stepNames = map[string]string{
	"APPLICANT_DATA":      "documents.step_data",
	"IDENTITY":            "documents.step_identity",
	"IDENTITY2":           "documents.step_identity_2",
	"IDENTITY3":           "documents.step_identity_3",
	"IDENTITY4":           "documents.step_identity_4",
	"SELFIE":              "documents.step_selfie",
	"SELFIE2":             "documents.step_selfie_2",
	"PROOF_OF_RESIDENCE":  "documents.step_residence",
	"PROOF_OF_RESIDENCE2": "documents.step_residence_2",
	"PROOF_OF_PAYMENT":    "documents.step_payment",
	"INVESTABILITY":       "documents.step_investability",
	"OTHER_DOCS":          "documents.step_other",
}

// typeNames are the message keys of what documents are called, by Sumsub's types (docs.sumsub.com, "Supported documents").
var typeNames = map[string]string{
	"ID_CARD":                          "documents.type_id_card",
	"PASSPORT":                         "documents.type_passport",
	"DRIVERS":                          "documents.type_drivers",
	"RESIDENCE_PERMIT":                 "documents.type_residence_permit",
	"UTILITY_BILL":                     "documents.type_utility_bill",
	"UTILITY_BILL2":                    "documents.type_utility_bill_2",
	"BANK_STATEMENT":                   "documents.type_bank_statement",
	"SELFIE":                           "documents.type_selfie",
	"VIDEO_SELFIE":                     "documents.type_video_selfie",
	"PROFILE_IMAGE":                    "documents.type_profile_image",
	"ID_DOC_PHOTO":                     "documents.type_id_doc_photo",
	"AGREEMENT":                        "documents.type_agreement",
	"CONTRACT":                         "documents.type_contract",
	"DRIVERS_TRANSLATION":              "documents.type_drivers_translation",
	"INVESTOR_DOC":                     "documents.type_investor_doc",
	"VEHICLE_REGISTRATION_CERTIFICATE": "documents.type_vehicle_registration",
	"INCOME_SOURCE":                    "documents.type_income_source",
	"PAYMENT_SOURCE":                   "documents.type_payment_source",
	"PAYMENT_METHOD":                   "documents.type_payment_method",
	"BANK_CARD":                        "documents.type_bank_card",
	"COVID_VACCINATION_FORM":           "documents.type_vaccination",
	"ARBITRARY_DOC":                    "documents.type_arbitrary",
	"OTHER":                            "documents.type_other",
	"COMPANY_DOC":                      "documents.type_company_doc",
	"POWER_OF_ATTORNEY":                "documents.type_power_of_attorney",
	"TAX_RETURN":                       "documents.type_tax_return",
	"RENTAL_AGREEMENT":                 "documents.type_rental_agreement",
}

// named is a word of the provider's in words of ours, or readable where we have none.
func named(ctx context.Context, names map[string]string, word string) string {
	if key, ok := names[word]; ok {
		return i18n.T(ctx, key)
	}
	readable := []rune(strings.ToLower(strings.ReplaceAll(word, "_", " ")))
	if len(readable) == 0 {
		return ""
	}
	return strings.ToUpper(string(readable[:1])) + string(readable[1:])
}

func stepInWords(ctx context.Context, set string) string { return named(ctx, stepNames, set) }

func typeInWords(ctx context.Context, docType string) string { return named(ctx, typeNames, docType) }

// typesInWords are documents of which one is wanted.
func typesInWords(ctx context.Context, types []string) string {
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = typeInWords(ctx, t)
	}
	if len(words) < 2 {
		return enumerated(ctx, words)
	}
	return i18n.T(ctx, "documents.one_of", "types", enumerated(ctx, words))
}

// documentInWords is a document that was given: what it is, and of which country.
func documentInWords(ctx context.Context, docType, country string) string {
	if country == "" || withoutCountry(docType) {
		return typeInWords(ctx, docType)
	}
	return i18n.T(ctx, "documents.of_country", "document", typeInWords(ctx, docType), "country", placeInWords(ctx, country))
}

// sideNames are the message keys of sides, as a list has them.
var sideNames = map[string]string{
	onboarding.FrontSide: "documents.side_front", onboarding.BackSide: "documents.side_back",
}

func sidesInWords(ctx context.Context, sides []string) string {
	words := make([]string, len(sides))
	for i, side := range sides {
		words[i] = named(ctx, sideNames, side)
	}
	return enumerated(ctx, words)
}

// withoutCountry says whether a picture is of a person, and not of a document that somebody has issued.
func withoutCountry(docType string) bool {
	return docType == "SELFIE" || docType == "PROFILE_IMAGE" || docType == "ID_DOC_PHOTO"
}

// pictureNames are the message keys of headings: what the picture must show. They are by type and side, or by side alone.
var pictureNames = map[string]string{
	"ID_CARD/FRONT_SIDE":          "documents.picture_id_card_front",
	"ID_CARD/BACK_SIDE":           "documents.picture_id_card_back",
	"DRIVERS/FRONT_SIDE":          "documents.picture_drivers_front",
	"DRIVERS/BACK_SIDE":           "documents.picture_drivers_back",
	"RESIDENCE_PERMIT/FRONT_SIDE": "documents.picture_permit_front",
	"RESIDENCE_PERMIT/BACK_SIDE":  "documents.picture_permit_back",
	"PASSPORT/":                   "documents.picture_passport",
	"SELFIE/":                     "documents.picture_selfie",
}

// pictureInWords says what a picture must show.
func pictureInWords(ctx context.Context, p onboarding.Place) string {
	if key, ok := pictureNames[p.Type+"/"+p.Side]; ok {
		return i18n.T(ctx, key)
	}
	if p.Side == "" {
		return typeInWords(ctx, p.Type)
	}
	return typeInWords(ctx, p.Type) + ": " + named(ctx, sideNames, p.Side)
}

// Instructions for a picture, by what it is of.
var (
	tipsOfDocument = []string{"documents.tip_whole", "documents.tip_sharp", "documents.tip_original"}
	tipsOfPassport = []string{"documents.tip_passport", "documents.tip_sharp", "documents.tip_original"}
	tipsOfBack     = []string{"documents.tip_back", "documents.tip_sharp", "documents.tip_original"}
	tipsOfSelfie   = []string{"documents.tip_selfie", "documents.tip_selfie_light", "documents.tip_selfie_bare"}
	tipsOfFace     = []string{"documents.tip_face", "documents.tip_selfie_light", "documents.tip_selfie_bare"}
	tipsOfAddress  = []string{"documents.tip_address", "documents.tip_recent", "documents.tip_pages"}
	tipsOfPaper    = []string{"documents.tip_paper", "documents.tip_pages"}
)

// identityTypes are the documents of which a picture shows the original.
var identityTypes = []string{"ID_CARD", "DRIVERS", "RESIDENCE_PERMIT", "VEHICLE_REGISTRATION_CERTIFICATE", "BANK_CARD"}

// tips are the message keys of what to heed with a picture.
func tips(p onboarding.Place) []string {
	switch {
	case p.Type == "SELFIE":
		return tipsOfSelfie
	case withoutCountry(p.Type):
		return tipsOfFace
	case strings.HasPrefix(p.Set, "PROOF_OF_RESIDENCE"):
		return tipsOfAddress
	case p.Type == "PASSPORT":
		return tipsOfPassport
	case p.Side == onboarding.BackSide:
		return tipsOfBack
	case slices.Contains(identityTypes, p.Type):
		return tipsOfDocument
	}
	return tipsOfPaper
}
