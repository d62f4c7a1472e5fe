package main

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// dossier is as much of collected data as tells whose it is and who is behind them.
type dossier struct {
	CustomerRef string `json:"customer_ref"`
	Person      struct {
		Name struct {
			Family string `json:"family_name"`
		}
	} `json:"personal_details"`
	Company    struct{ Name string } `json:"metadata"`
	Officers   map[string][]standing
	Owners     map[string][]standing `json:"ownership_structure"`
	Authorized []standing            `json:"authorized_persons"`
}

// name is the family name of a person, or the name of a company.
func (d dossier) name() string { return cmp.Or(d.Person.Name.Family, d.Company.Name) }

// standing is an entry of a company's data.
type standing struct {
	Linked struct{ ID string } `json:"linked_profile"`
	Holds  float64             `json:"total_percentage"`
	Told   dossier             `json:"immediate_data"` // of who has no profile, as the form puts them in
}

// dossier reads a profile's collected data as a program of the company would.
func (w *world) dossier(t *testing.T, profile string) (d dossier) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.env["PASSFORT_API_URL"]+"/profiles/"+profile+"/collected_data", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("apikey", defaults["PASSFORT_API_KEY"])
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&d); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("profile %s: status %d, %v", profile, resp.StatusCode, err)
	}
	return d
}

// profileOf is the profile of a customer reference.
func (w *world) profileOf(t *testing.T, ref string) string {
	t.Helper()
	for _, e := range w.effects(t) {
		if e.Kind == "profile.create" && e.CustomerRef == ref {
			return e.ID
		}
	}
	t.Fatalf("no profile carries the reference %s", ref)
	return ""
}

// behind is who stands in which list of a company's data, by name and with what they hold; likewise, behind the name of a
// company among them, who is behind that. It checks that a single profile was created for each of them.
func (w *world) behind(t *testing.T, company string) map[string][]string {
	t.Helper()
	d, found := w.dossier(t, company), map[string][]string{}
	lists := map[string][]standing{"authorized_persons": d.Authorized}
	maps.Copy(lists, d.Officers)
	maps.Copy(lists, d.Owners)
	delete(lists, "share_classes") // are no owners
	for list, all := range lists {
		for _, s := range all {
			if s.Linked.ID == "" {
				found[list] = append(found[list], s.Told.name()+", without a profile")
				continue
			}
			linked := w.dossier(t, s.Linked.ID)
			if n := w.created(t)[linked.CustomerRef]["profile.create"]; n != 1 {
				t.Errorf("%d profiles were created for somebody among the %s", n, list)
			}
			name := linked.name()
			found[list] = append(found[list], strings.TrimSuffix(name+" "+strconv.FormatFloat(s.Holds, 'f', -1, 64), " 0"))
			for list, names := range w.behind(t, s.Linked.ID) {
				found[name+": "+list] = names
			}
		}
	}
	return found
}
