package passfort_test

import (
	"slices"
	"testing"
	"time"

	"portal/internal/sandbox/passfort"
)

// inRealTime is an account by the real clock, in which little takes long.
func inRealTime(t *testing.T, appear, check int) *account {
	t.Helper()
	return openWith(t, func(c *passfort.Config) {
		c.Now = time.Now
		c.Options = passfort.Options{AppearDelayMS: appear, CheckDelayMS: check}
	})
}

// until waits for a webhook without making any call.
func (a *account) until(t *testing.T, event string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if slices.Contains(a.events(), event) {
			return
		}
	}
	t.Fatalf("no %s in %v", event, a.events())
}

func TestApplicationsAppearByThemselves(t *testing.T) {
	t.Parallel()
	a := inRealTime(t, 20, 1)
	f := openPerson(t, a)
	a.api(t, "POST", "/4.0/profiles/"+f.profile+"/applications", `{"product":{"alias":"personal-account"}}`)

	a.until(t, "TASK_CREATED")
}

func TestChecksEndByThemselves(t *testing.T) {
	t.Parallel()
	a := inRealTime(t, 1, 20)
	f := openCompany(t, a)
	f.submit(t, companyDetails, aerial)

	a.until(t, "CHECK_COMPLETED")

	if len(f.view(t).Forms) != 3 {
		t.Errorf("forms: %v", f.view(t).titles())
	}
}

func TestLoadedAgendaGoesOnByItself(t *testing.T) {
	t.Parallel()
	a, b := inRealTime(t, 1, 100), inRealTime(t, 1, 1)
	openFrame(t, a, "COMPANY_CUSTOMER", "company-onboarding").submit(t, companyDetails, aerial)
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}

	if err := b.Load(saved); err != nil {
		t.Fatal(err)
	}

	b.until(t, "CHECK_COMPLETED")
}

func TestNothingHappensByItselfAfterClose(t *testing.T) {
	t.Parallel()
	a := inRealTime(t, 1, 150)
	f := openCompany(t, a)
	f.submit(t, companyDetails, aerial)

	a.Close()
	told := len(a.events())
	time.Sleep(250 * time.Millisecond)
	a.Wake()

	if got := a.events(); len(got) != told {
		t.Errorf("webhooks: %v", got[told:])
	}
}

func TestResetTakesEverythingOffTheAgenda(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	withTasks(t, a).raiseQuietly(t)
	before := a.kinds()

	a.Reset()
	a.advance(t, 365*day)

	if got := a.kinds(); len(got) != len(before) || len(a.letters()) != 1 {
		t.Errorf("effects: %v", got[len(before):])
	}
}
