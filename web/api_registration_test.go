package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"portal/internal/sandbox/faults"
)

// standing is how a subject's registrations stand, as far as tests look.
type standing struct {
	Subject, Issuer string
	Registrations   []struct {
		ID, Flow, Case, Status string
		Version                int64
		CustomerRef            string `json:"customer_ref"`
		ProfileID              string `json:"profile_id"`
		CustomerRequestID      string `json:"customer_request_id"`
		Cause                  string
		ProfileError           string `json:"profile_error"`
		Profile                *struct {
			Category, Status string
			Applications     []any
			Tasks            []any
			Checks           []any
		}
	}
}

// noRegistration is the id of none.
const noRegistration = "019b2f6e-9f53-7cc0-8a4a-2f3f7e0d5a11"

// stands asks how a subject stands.
func (p *program) stands(path string) (s standing) {
	p.t.Helper()
	p.get(path).into(http.StatusOK, &s)
	return s
}

func TestRegistrationsTellHowASubjectStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	p.get("/registrations/ada").problem(http.StatusNotFound)
	ada := w.press(p.link(`{"subject":"ada","flow":"individual","prefill":{"family_name":"Lovelace"}}`).linkToken())
	ada.await("open")
	ada.post("/start", "flow", "subsidiary", "case", "engine-works")
	eventually(t, "the second form", func() bool { return len(p.stands("/registrations/ada").Registrations) == 2 })
	eventually(t, "both open", func() bool { return w.count("select count(*) from registrations where status = 'open'") == 2 })
	got := p.stands("/registrations/ada")
	if got.Subject != "ada" || got.Issuer != "link" {
		t.Errorf("%+v", got)
	}
	for i, want := range []struct{ flow, caseName string }{{"subsidiary", "engine-works"}, {"individual", ""}} {
		r := got.Registrations[i]
		if r.Flow != want.flow || r.Case != want.caseName || r.Status != "open" || r.Version == 0 || r.ID != r.CustomerRef || r.Cause != "" {
			t.Errorf("registration %d: %+v", i, r)
		}
		if r.ProfileID == "" || r.CustomerRequestID == "" || r.Profile == nil || r.Profile.Status != "NORMAL" || r.ProfileError != "" {
			t.Errorf("at the provider, %d: %+v", i, r)
		}
	}
	if body := p.get("/registrations/ada").body; strings.Contains(body, "Lovelace") {
		t.Errorf("a fact is told: %s", body)
	}
}

func TestSubjectsMayHoldWhateverCanBePrinted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	subjects := []string{
		"a/b", "/", "a%2Fb", "100%", "a b", "a+b", "a?b#c", "ada@example.com", "ö", "你好", "🙂", `"\'`, "..a", "a;b,c=d", "{subject}", "*",
	}
	for _, subject := range subjects {
		_, err := w.pool.Exec(t.Context(), `
			with a as (insert into applicants (id, created_at) values (gen_random_uuid(), now()) returning id)
			insert into identities (issuer, subject, applicant_id, created_at) select 'link', $1, id, now() from a`, subject)
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, subject := range subjects {
		if got := p.stands(escaped(subject)); got.Subject != subject || len(got.Registrations) != 0 {
			t.Errorf("%q is answered as %q", subject, got.Subject)
		}
		if strings.Contains(w.log.String(), subject) && len(subject) > 1 && subject != "{subject}" {
			t.Errorf("%q is in the log", subject)
		}
	}
	p.get("/registrations/%61%2Fb").into(http.StatusOK, new(any)) // the same, encoded otherwise
	for _, subject := range []string{"A/b", "a%2fb ", "a\x00b", "a\xffb", "a\nb", strings.Repeat("s", 256)} {
		p.get(escaped(subject)).problem(http.StatusNotFound)
	}
}

func TestSubjectsOfOtherIssuersAreAskedForByIssuer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	w.press(p.link(`{"subject":"ada","flow":"individual"}`).linkToken()).await("open")
	if _, err := w.pool.Exec(t.Context(), `insert into identities (issuer, subject, applicant_id, created_at)
		select 'https://id.example.com', 'u-1', applicant_id, now() from identities`); err != nil {
		t.Fatal(err)
	}
	got := p.stands("/registrations/u-1?issuer=https%3A%2F%2Fid.example.com")
	if got.Issuer != "https://id.example.com" || len(got.Registrations) != 1 || got.Registrations[0].Status != "open" {
		t.Errorf("%+v", got)
	}
	for _, query := range []string{"", "?issuer=", "?issuer=link", "?issuer=https%3A%2F%2Fid.example.org", "?issuer=a%00b"} {
		p.get("/registrations/u-1" + query).problem(http.StatusNotFound)
	}
}

func TestNobodyIsAskedForByAnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	w.browser().start("ada@example.com", "individual")
	p.get(escaped("ada@example.com") + "?issuer=email").problem(http.StatusUnprocessableEntity)
	p.get(escaped("nobody@example.com") + "?issuer=email").problem(http.StatusUnprocessableEntity)
	got := p.stands("/registrations?id=" + w.text("select registration_id::text from notices"))
	if got.Subject != "" || got.Issuer != "" || len(got.Registrations) != 1 || got.Registrations[0].Status != "open" || got.Registrations[0].Profile == nil {
		t.Errorf("%+v", got)
	}
	if body := p.get("/registrations?id=" + got.Registrations[0].ID).body; strings.Contains(body, "ada@") || !strings.Contains(body, `"subject":null,"issuer":null`) {
		t.Errorf("told of somebody without a subject: %s", body)
	}
}

func TestARegistrationIsAskedForByItsID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	w.press(p.link(`{"subject":"ada","flow":"individual"}`).linkToken()).await("open")
	bySubject := p.stands("/registrations/ada")
	if diff := cmp.Diff(bySubject, p.stands("/registrations?id="+bySubject.Registrations[0].ID)); diff != "" {
		t.Errorf("(-by subject +by id):\n%s", diff)
	}
	for _, query := range []string{"", "?id=", "?id=ada", "?id=" + noRegistration, "?id=a%00b"} {
		if a := p.get("/registrations" + query); len(a.problem(http.StatusNotFound)) != 0 || !strings.Contains(a.body, "#unknown-registration") {
			t.Errorf("%q: %s", query, a.body)
		}
	}
}

func TestRegistrationsOfOneFlowOrCaseAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	ada := w.press(p.link(`{"subject":"ada","flow":"individual"}`).linkToken())
	ada.post("/start", "flow", "subsidiary", "case", "engine-works")
	ada.post("/start", "flow", "subsidiary", "case", "looms")
	for query, want := range map[string]int{
		"": 3, "?flow=subsidiary": 2, "?flow=subsidiary&case=looms": 1, "?case=": 1, "?flow=individual&case=looms": 0, "?flow=": 0, "?flow=none": 0,
	} {
		if got := p.stands("/registrations/ada" + query); len(got.Registrations) != want {
			t.Errorf("%s: %d, want %d", query, len(got.Registrations), want)
		}
	}
	for _, query := range []string{"?flow=%00", "?case=%ff"} {
		p.get("/registrations/ada" + query).problem(http.StatusUnprocessableEntity)
	}
}

func TestProfileThatCannotBeReadKeepsNothingBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	w.press(p.link(`{"subject":"ada","flow":"individual"}`).linkToken()).await("open")
	whole := p.stands("/registrations/ada")
	check := func(word string) {
		t.Helper()
		got := p.stands("/registrations/ada")
		if r := got.Registrations[0]; r.ProfileError != word || r.Profile != nil {
			t.Errorf("%+v, want %s", r, word)
		}
		but := cmpopts.IgnoreFields(got.Registrations[0], "ProfileError", "Profile", "ProfileID")
		if diff := cmp.Diff(whole, got, but); diff != "" {
			t.Errorf("(-whole +got):\n%s", diff)
		}
	}
	w.ruin(faults.Rule{Method: http.MethodGet, Path: "/4.0/profiles/", When: faults.Before, Kind: faults.Status, Status: 503, Count: 1000})
	check("busy")
	w.sandbox.Faults().Clear()
	for _, rule := range []faults.Rule{{Kind: faults.Garbage}, {Kind: faults.Status, Status: http.StatusForbidden}} {
		rule.Method, rule.Path, rule.When, rule.Count = http.MethodGet, "/4.0/profiles/", faults.Before, 1000
		w.ruin(rule)
		check("unreadable")
		w.sandbox.Faults().Clear()
	}
	if _, err := w.pool.Exec(t.Context(), "update registrations set profile_id = $1", "11111111-1111-1111-1111-111111111111"); err != nil {
		t.Fatal(err)
	}
	check("not_found")
	if !strings.Contains(w.log.String(), "profile not read") {
		t.Error("the log does not say that a profile was not read")
	}
}

func TestCauseIsToldOfWhatNeedsAttentionAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	w.press(p.link(`{"subject":"ada","flow":"individual"}`).linkToken()).await("open")
	for status, want := range map[string]string{"needs_attention": "nobody knows", "open": ""} {
		if _, err := w.pool.Exec(t.Context(), "update registrations set status = $1, cause = 'nobody knows'", status); err != nil {
			t.Fatal(err)
		}
		if got := p.stands("/registrations/ada").Registrations[0]; got.Status != status || got.Cause != want {
			t.Errorf("%+v", got)
		}
	}
}

// bounce is a notification that a code's e-mail came back.
func (w *world) bounce(email string) string {
	w.t.Helper()
	w.browser().askCode(email, "")
	id := w.text("select id from mails order by created_at desc limit 1")
	return strings.ReplaceAll(fmt.Sprintf(`From: MAILER-DAEMON@mail.example
To: onboarding@northlight.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

It came back.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Original-Envelope-Id: %s

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1

--part--
`, id, email), "\n", "\r\n")
}

func TestBouncesAreKeptAndNotLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	message := w.bounce("ada.lovelace@example.com")
	for range 2 { // mail servers repeat themselves
		if a := p.post("/bounces", "message/rfc822", message); a.status != http.StatusNoContent || a.body != "" {
			t.Errorf("status %d: %s", a.status, a.body)
		}
	}
	if n := w.count("select count(*) from mails where status = 'bounced'"); n != 1 {
		t.Errorf("%d e-mails came back", n)
	}
	p.post("/bounces", "message/rfc822", "Subject: hello\r\n\r\nI am on holiday. Ada Lovelace").problem(http.StatusUnprocessableEntity)
	if log := strings.ToLower(w.log.String()); strings.Contains(log, "lovelace") {
		t.Errorf("the log names the recipient:\n%s", log)
	}
}

func TestLogOfTheAPIHoldsNoSecretAndNoPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	p := w.program("back-end")
	p.link(`{"subject":"customer-4711","flow":"individual","email":"no-address-of-ada","prefill":{"fact":"Countess"}}`).problem(http.StatusUnprocessableEntity)
	token := p.link(`{"subject":"customer-4711","flow":"individual","email":"ada.lovelace@example.com",
		"prefill":{"given_names":["Augusta"],"family_name":"Lovelace"}}`).linkToken()
	w.press(token).await("open")
	p.stands("/registrations/customer-4711")
	p.get("/registrations/customer-4712?issuer=an-issuer").problem(http.StatusNotFound)
	w.pass(time.Hour)
	w.pool.Close()
	p.get("/registrations/customer-4711").problem(http.StatusServiceUnavailable)
	p.link(`{"subject":"customer-4711","flow":"individual","prefill":{"family_name":"Lovelace"}}`).problem(http.StatusServiceUnavailable)
	for _, secret := range []string{p.key, token.Reveal(), "customer-471", "lovelace", "Lovelace", "Augusta", "no-address", "Countess", "an-issuer"} {
		if line := lineWith(w.log.String(), secret); line != "" {
			t.Errorf("the log holds %s: %s", secret, line)
		}
	}
}
