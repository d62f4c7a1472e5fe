package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestRegistrationOfAssociatesMustBeClear(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{})
	e := w.companyOf("ada")
	w.press(e.link(`{"subject":"eve","flow":"individual"}`).linkToken()).await("open")
	for _, caseName := range []string{"looms", "mills"} {
		e.b.post("/start", "flow", "subsidiary", "case", caseName)
	}
	get := func(status int, path, says string) {
		t.Helper()
		a := e.get("/registrations/" + path)
		if a.problem(status); !strings.Contains(a.body, says) {
			t.Errorf("%s does not say %q: %s", path, says, a.body)
		}
	}
	get(http.StatusNotFound, "nobody/associates", "#unknown-subject")
	get(http.StatusNotFound, "ada/associates?issuer=https%3A%2F%2Fid.example.com", "#unknown-subject")
	get(http.StatusNotFound, "eve/associates", "#unknown-registration")
	get(http.StatusNotFound, "ada/associates?flow=subsidiary&case=none", "#unknown-registration")
	get(http.StatusUnprocessableEntity, "ada/associates?issuer=email", "id")
	get(http.StatusUnprocessableEntity, "ada/associates", "company, subsidiary with case looms, subsidiary with case mills")
	get(http.StatusUnprocessableEntity, "ada/associates?flow=individual", "does not ask")
	get(http.StatusUnprocessableEntity, "ada/associates?flow=none", "no flow")
	for members, status := range map[string]int{
		`"flow":"company"`: http.StatusCreated, `"flow":"subsidiary","case":"looms"`: http.StatusCreated,
		`"flow":"subsidiary","case":"none"`: http.StatusNotFound,
		`"flow":"subsidiary","case":null`:   http.StatusUnprocessableEntity, `"flow":"none"`: http.StatusUnprocessableEntity,
		`"flow":null`: http.StatusUnprocessableEntity, `"flow":"individual"`: http.StatusUnprocessableEntity,
	} {
		if a := e.enter(with(ada, members)); a.status != status {
			t.Errorf("%s: status %d, want %d: %s", members, a.status, status, a.body)
		}
	}
	e.entered(http.StatusOK, with(ada, `"case":""`))
	var looms behind
	e.get("/registrations/ada/associates?flow=subsidiary&case=looms").into(http.StatusOK, &looms)
	if len(looms.Associates) != 1 || looms.Registration.Case != "looms" {
		t.Errorf("%+v", looms)
	}
}

func TestBytesThatAreNoTextDoNotBreakTheEnteringOfAssociates(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	members := []string{
		"flow", "case", "id", "parent", "same_as", "entity_type", "family_name", "date_of_birth", "email", "nationality", "name", "number",
		"country_of_incorporation", "appointed_on", "resigned_on", "authorized_from", "authorized_to",
	}
	for _, text := range []string{`"\u0000"`, `"\ud800"`, "\"a\xffb\"", `"a\nb"`} {
		for _, member := range members {
			body := fmt.Sprintf(`{"entity_type":"INDIVIDUAL","family_name":"Lovelace","roles":["DIRECTOR"],%q:%s}`, member, text)
			if a := e.enter(body); a.status < 400 || a.status >= 500 {
				t.Errorf("%s as %s: status %d: %s", text, member, a.status, a.body)
			}
		}
		for _, member := range []string{"roles", "given_names"} {
			if a := e.enter(with(ada, fmt.Sprintf(`%q:[%s]`, member, text))); a.status < 400 || a.status >= 500 {
				t.Errorf("%s in %s: status %d", text, member, a.status)
			}
		}
		for _, member := range []string{"share_class", "amount", "percentage"} {
			body := fmt.Sprintf(`{"entity_type":"COMPANY","name":"x","roles":["SHAREHOLDER"],"shareholdings":[{%q:%s}]}`, member, text)
			if a := e.enter(body); a.status < 400 || a.status >= 500 {
				t.Errorf("%s as %s: status %d", text, member, a.status)
			}
		}
	}
	for _, query := range []string{"?flow=%00", "?case=%ff", "?issuer=%00", "?flow=%ff&case=%00"} {
		if a := e.get("/registrations/ada/associates" + query); a.status < 400 || a.status >= 500 {
			t.Errorf("%s: status %d", query, a.status)
		}
	}
	if line := lineWith(e.w.log.String(), `"level":"ERROR"`); line != "" {
		t.Errorf("something has failed: %s", line)
	}
}

func TestLogHoldsNothingOfAssociates(t *testing.T) {
	t.Parallel()
	e := newWorld(t, wanted{}).companyOf("ada")
	e.entered(http.StatusCreated, with(ada, `"email":"ada.lovelace@example.org"`))
	e.linked(1)
	e.enter(with(ada, `"number":"Countess"`)).problem(http.StatusUnprocessableEntity)
	e.enter(strings.Replace(ada, "DIRECTOR", "TRUSTEE", 1)).resemblance()
	e.w.pool.Close()
	e.enter(strings.Replace(ada, "Lovelace", "Babbage", 1)).problem(http.StatusServiceUnavailable)
	for _, secret := range []string{"Lovelace", "lovelace", "Countess", "Babbage", "1990-12"} {
		if line := lineWith(e.w.log.String(), secret); line != "" {
			t.Errorf("the log holds %s: %s", secret, line)
		}
	}
}
