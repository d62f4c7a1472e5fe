package web

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/i18n"
	"portal/internal/onboarding"
)

func TestRejectionsAreSaidInTheFinestWordsThereAre(t *testing.T) {
	t.Parallel()
	retry := func(labels, buttons []string) onboarding.Review {
		return onboarding.Review{Answer: onboarding.Red, RejectType: onboarding.Retry, Labels: labels, Buttons: buttons}
	}
	for name, test := range map[string]struct {
		review onboarding.Review
		want   []string
	}{
		"a label":             {retry([]string{"BACK_SIDE_MISSING"}, nil), []string{"review.back_missing"}},
		"labels that say one": {retry([]string{"BAD_SELFIE", "BAD_AVATAR"}, nil), []string{"review.selfie"}},
		"a button":            {retry([]string{"UNSATISFACTORY_PHOTOS"}, []string{"badPhoto_incomplete"}), []string{"review.cut_off"}},
		"a button and its group": {
			retry([]string{"UNSATISFACTORY_PHOTOS"}, []string{"badPhoto", "badPhoto_dataNotVisible"}), []string{"review.unreadable"},
		},
		"a group alone":        {retry(nil, []string{"badPhoto"}), []string{"review.quality"}},
		"a new button":         {retry([]string{"SCREENSHOTS"}, []string{"badPhoto_upsideDown"}), []string{"review.quality"}},
		"a new group":          {retry([]string{"SCREENSHOTS"}, []string{"newGroup_new"}), []string{"review.screenshot"}},
		"everything is new":    {retry([]string{"NEW"}, []string{"newGroup"}), []string{"review.again"}},
		"nothing is said":      {retry(nil, nil), []string{"review.again"}},
		"a suspicion":          {retry([]string{"FORGERY"}, []string{"fraudulentPatterns_forgery"}), []string{"review.again"}},
		"a suspicion and more": {retry([]string{"FORGERY", "LOW_QUALITY"}, nil), []string{"review.quality"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(inEnglish(t, test.want), reviewInWords(t.Context(), test.review)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func inEnglish(t *testing.T, keys []string) (texts []string) {
	t.Helper()
	for _, key := range keys {
		texts = append(texts, i18n.T(t.Context(), key))
	}
	return texts
}

// What Sumsub's documentation lists under final rejections, and what else was seen of that kind.
const suspicions = "ADVERSE_MEDIA BLOCKLIST BLACKLIST CHECK_UNAVAILABLE COMPROMISED_PERSONS CRIMINAL DB_DATA_MISMATCH " +
	"DB_DATA_NOT_FOUND DOCUMENT_TEMPLATE DUPLICATE EXPERIENCE_REQUIREMENT_MISMATCH EXTERNAL_DECISION_REJECTION FORGERY " +
	"FRAUDULENT_LIVENESS FRAUDULENT_PATTERNS INCONSISTENT_PROFILE NOT_DOCUMENT PEP REGULATIONS_VIOLATIONS SANCTIONS " +
	"SELFIE_MISMATCH SUSPICIOUS_PATTERNS THIRD_PARTY_INVOLVED RESTRICTED_PERSON DUPLICATE_EMAIL FOREIGNER DEEPFAKE " +
	"FORCED_VERIFICATION LIVENESS_WITH_PHONE OTHER"

func TestFinalRejectionsGiveNothingAway(t *testing.T) {
	t.Parallel()
	declined := inEnglish(t, []string{"review.declined"})
	for suspicion := range strings.FieldsSeq(suspicions) {
		for _, labels := range [][]string{{suspicion}, {"SPAM", suspicion}, {suspicion, "LOW_QUALITY"}} {
			r := onboarding.Review{Answer: onboarding.Red, RejectType: onboarding.Final, Labels: labels, Buttons: []string{"badPhoto_screenshot"}}
			if diff := cmp.Diff(declined, reviewInWords(t.Context(), r)); diff != "" {
				t.Errorf("%v: %s", labels, diff)
			}
		}
	}
	r := onboarding.Review{RejectType: onboarding.Final, Labels: []string{"AGE_REQUIREMENT_MISMATCH", "SPAM"}}
	if diff := cmp.Diff(inEnglish(t, []string{"review.age", "review.spam"}), reviewInWords(t.Context(), r)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(declined, reviewInWords(t.Context(), onboarding.Review{RejectType: onboarding.Final})); diff != "" {
		t.Error(diff)
	}
}

func TestEveryReasonHasAGroupOrALabelToFallBackTo(t *testing.T) {
	t.Parallel()
	for button := range buttonWords {
		group, _, isButton := strings.Cut(button, "_")
		if _, ok := buttonWords[group]; isButton && !ok {
			t.Errorf("%s has words, and its group has none", button)
		}
	}
	for label := range finalWords {
		if slices.Contains(strings.Fields(suspicions), label) {
			t.Errorf("%s is told", label)
		}
	}
}

func TestFindingsAreSaidInWords(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{"sameSides": "review.same_sides", "badSelfie": "review.selfie", "somethingNew": "review.advice", "": "review.advice"} {
		if got := tagInWords(t.Context(), tag); got != i18n.T(t.Context(), want) {
			t.Errorf("%q is %q", tag, got)
		}
	}
}
