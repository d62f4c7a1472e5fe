package passfort_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/passfort"
)

func TestWhatIsDueAtTheSameTimeHappensInTurn(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	var submitted, checked []any
	for range 9 {
		f := openCompany(t, a)
		f.submit(t, companyDetails, unknown)
		submitted = append(submitted, f.profile)
	}

	a.letChecksEnd(t)

	for _, w := range a.webhooksFrom(0) {
		if w.event == "CHECK_COMPLETED" {
			checked = append(checked, w.data["profile_id"])
		}
	}
	if diff := cmp.Diff(submitted, checked); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsDueEarlierHappensFirst(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{CheckDelayMS: 900})
	slow := openCompany(t, a)
	slow.submit(t, companyDetails, unknown)
	if err := a.SetOptions(passfort.Options{CheckDelayMS: 100}); err != nil {
		t.Fatal(err)
	}
	quick := openCompany(t, a)
	quick.submit(t, companyDetails, unknown)
	from := len(a.events())

	a.letChecksEnd(t)

	if told := a.webhooksFrom(from); len(told) != 2 || told[0].data["profile_id"] != quick.profile || told[1].data["profile_id"] != slow.profile {
		t.Errorf("webhooks: %+v", told)
	}
}
