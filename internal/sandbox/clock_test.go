package sandbox_test

import (
	"slices"
	"testing"
	"time"

	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
)

// advance sets a world's clock forward as a script does.
func (w world) advance(t *testing.T, by string) {
	t.Helper()
	if status, _, body := w.do(t, "POST", "/_sandbox/clock", `{"advance":"`+by+`"}`); status != 200 {
		t.Fatalf("advancing: %d %s", status, body)
	}
}

func TestAdvancingTheClockMakesDueThingsHappen(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := open(t, sandbox.Options{
		Now:      func() time.Time { return noon },
		PassFort: passfort.Options{AppearDelayMS: 60_000, CheckDelayMS: 3_600_000},
	})
	if _, err := w.Mailbox().Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.apply(t, "business-account", "COMPANY")
	id := w.PassFort().Overviews(1)[0].ID
	if status, _, body := w.do(t, "POST", "/4.0/profiles/"+id+"/checks", `{"check_type":"COMPANY_REGISTRY"}`, "apikey", sandbox.DefaultMasterKey); status != 200 {
		t.Fatalf("checking: %d %s", status, body)
	}
	made := w.invite(t, "individual-onboarding", "jo@example.com")
	detail := func() passfort.Detail {
		d, err := w.PassFort().Detail(id)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}

	if d := detail(); len(d.Tasks) != 0 || d.Checks[0].State != "RUNNING" {
		t.Fatalf("at the start: %+v", d)
	}
	w.advance(t, "1m")
	if d := detail(); len(d.Tasks) == 0 || d.Checks[0].State != "RUNNING" {
		t.Errorf("after a minute: tasks %v, check %s", d.Tasks, d.Checks[0].State)
	}
	w.advance(t, "1h")
	if state := detail().Checks[0].State; state != "COMPLETE" {
		t.Errorf("after an hour the check is %s", state)
	}
	w.advance(t, "168h")
	eventually(t, "the reminder", func() bool { return len(w.Mailbox().Messages("jo@example.com")) == 2 })
	w.advance(t, "2160h")
	if latest := w.PassFort().Requests(1)[0]; latest.ID != made.RequestID || latest.State != passfort.Expired {
		t.Errorf("after 90 days: %+v", latest)
	}
	for _, kind := range []string{"application.create", "customer_request.remind", "customer_request.expire"} {
		if !slices.Contains(w.kinds(t), kind) {
			t.Errorf("no %s among %v", kind, w.kinds(t))
		}
	}
}

func TestClockIsTheSameForScriptsAndPages(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := open(t, sandbox.Options{Now: func() time.Time { return noon }})
	w.advance(t, "25h")

	now := get[map[string]time.Time](t, w, "/_sandbox/clock")["now"]
	if want := noon.Add(25 * time.Hour); !now.Equal(want) || !w.Now().Equal(want) {
		t.Errorf("now is %v, want %v", now, want)
	}
	if page := w.page(t, "/"); !contains(page, "2026-03-02 13:00:00") || !contains(page, "1 day 1h0m0s ahead") {
		t.Error("the start page tells another time")
	}
}
