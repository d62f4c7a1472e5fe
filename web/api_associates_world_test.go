package web_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/sandbox/passfort"
)

// behind is who is behind a company, as far as tests look.
type behind struct {
	Registration  struct{ ID, Flow, Case, Status string }
	Ending        *string
	Associates    []associate
	ProviderError string `json:"provider_error"`
}

type associate struct {
	ID           string
	Parent       *string
	EntityType   string `json:"entity_type"`
	Roles        []string
	Status       string
	Source       string
	CustomerRef  string  `json:"customer_ref"`
	ProfileID    string  `json:"profile_id"`
	CreatedAt    string  `json:"created_at"`
	SubmittedAt  *string `json:"submitted_at"`
	Cause        string
	Seen         bool
	Applications []struct {
		ID, Status, Flag string
		ProductAlias     string `json:"product_alias"`
		Role             string `json:"associated_role"`
		Tasks            []any  `json:"required_tasks"`
	}
}

// backEnd is the company's program, with a person who has registered a company.
type backEnd struct {
	*program
	w *world
	b *browser // of the person
}

// companyOf has a person register a company.
func (w *world) companyOf(subject string) backEnd {
	w.t.Helper()
	p := w.program("back-end")
	b := w.press(p.link(`{"subject":"` + subject + `","flow":"company",
		"prefill":{"name":"Engine Works Ltd","number":"01234567","country_of_incorporation":"GBR"}}`).linkToken())
	b.await("open")
	return backEnd{p, w, b}
}

// enter posts an associate of ada's company; of is what the address adds.
func (e backEnd) enter(body string) told {
	e.t.Helper()
	return e.post("/registrations/ada/associates", "application/json", body)
}

// entered is an associate that was entered, or was there, as the status says.
func (e backEnd) entered(status int, body string) (a associate) {
	e.t.Helper()
	e.enter(body).into(status, &a)
	return a
}

// behind asks who is behind ada's company.
func (e backEnd) behind() (all behind) {
	e.t.Helper()
	e.get("/registrations/ada/associates").into(http.StatusOK, &all)
	return all
}

// linked waits until all n associates are in their places.
func (e backEnd) linked(n int) (all behind) {
	e.t.Helper()
	eventually(e.t, "all associates linked", func() bool {
		all = e.behind()
		for _, a := range all.Associates {
			if a.Status != "linked" || !a.Seen {
				return false
			}
		}
		return len(all.Associates) == n
	})
	return all
}

// file is what the provider keeps of a profile.
func (w *world) file(profile string) passfort.Detail {
	w.t.Helper()
	d, err := w.sandbox.PassFort().Detail(profile)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// placesOf are the lists of a company's data that a profile is in.
func (w *world) placesOf(company, profile string) (lists []string) {
	w.t.Helper()
	for _, a := range w.file(company).Associates {
		if a.ID == profile {
			lists = append(lists, a.List)
		}
	}
	return lists
}

// applicantEnters is a draft that ada has entered on our pages.
func (e backEnd) applicantEnters(d onboarding.Details) onboarding.AssociateID {
	e.t.Helper()
	store := postgres.New(e.w.pool, sealKeys(e.t), postgres.NoJobs)
	byName := map[string]onboarding.Flow{}
	for _, f := range flows {
		byName[f.Name] = f.Flow
	}
	use := onboarding.Associates{Flows: byName, Structures: store, Now: e.w.sandbox.Now, Log: slog.New(slog.DiscardHandler)}
	reg := onboarding.Registration{ID: onboarding.RegistrationID(uuid.MustParse(e.behind().Registration.ID)), Flow: "company"}
	a, _, err := use.Add(e.t.Context(), reg, onboarding.NewAssociate{
		ID: onboarding.AssociateID(uuid.New()), Source: onboarding.SourceApplicant, Details: d,
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return a.ID
}

// resemblance checks that the answer asks whether it is somebody who is there, and returns whom.
func (a told) resemblance() (r struct{ Same, Elsewhere, Above []string }) {
	a.t.Helper()
	a.problem(http.StatusConflict)
	var body struct {
		Type      string
		Resembles *struct{ Same, Elsewhere, Above []string }
	}
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || !strings.HasSuffix(body.Type, "#resembles-associate") || body.Resembles == nil {
		a.t.Fatalf("no resemblance: %v\n%s", err, a.body)
	}
	return *body.Resembles
}

// A director and a holding, as most tests enter them.
const (
	ada     = `{"entity_type":"INDIVIDUAL","given_names":["Ada"],"family_name":"Lovelace","date_of_birth":"1990-12-10","roles":["DIRECTOR"]}`
	holding = `{"entity_type":"COMPANY","name":"Engine Holding","roles":["SHAREHOLDER"],"shareholdings":[{"share_class":"Ordinary","percentage":60}]}`
)

// with is a JSON object with further members.
func with(object, members string) string {
	return strings.TrimSuffix(object, "}") + "," + members + "}"
}
