package passfort_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"portal/internal/sandbox/passfort"
	accounts "portal/internal/sandbox/passfort/account"
)

// full is an account with something of everything, saved.
func full(t *testing.T) json.RawMessage {
	t.Helper()
	a := open(t, passfort.Options{SecondRequest: passfort.Replace})
	inTheMiddle(t, a)
	person := openPerson(t, a)
	person.upload(t, person.form(t, yourDocument), "FRONT", "PASSPORT", pixel)
	withTasks(t, a).raiseQuietly(t)
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// tampered is a saved account in which something was changed.
func tampered(t *testing.T, saved json.RawMessage, change func(state map[string]any)) json.RawMessage {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(saved, &all); err != nil {
		t.Fatal(err)
	}
	change(all["state"].(map[string]any))
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// put sets a member somewhere inside.
func put(v any, value any, path ...any) {
	last := len(path) - 1
	switch inside := at(v, path[:last]...).(type) {
	case map[string]any:
		inside[path[last].(string)] = value
	case []any:
		inside[path[last].(int)] = value
	default:
		panic("there is nothing to change")
	}
}

func TestForeignFilesAreRefusedAndChangeNothing(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	before := f.seen(t)

	for _, file := range []string{``, `null`, `{}`, `[]`, `"x"`, `{"state":{}}`, `{"format":"passfort-0"}`, `{"format":1}`, "\x00", `{"format":"passfort-1"`} {
		if err := a.Load(json.RawMessage(file)); !errors.Is(err, passfort.ErrInvalid) {
			t.Errorf("%q: %v", file, err)
		}
	}
	after := f.seen(t)
	for what := range before {
		if before[what] != after[what] {
			t.Errorf("%s changed", what)
		}
	}
}

func TestTamperedFilesAreRefusedWithASentence(t *testing.T) {
	t.Parallel()
	saved := full(t)
	company, person, task := []any{"requests", 0}, []any{"requests", 1}, []any{"requests", 2}
	for name, c := range map[string]struct {
		value any
		path  []any
		says  string
	}{
		"no profile":             {nil, []any{"profiles", 0}, "empty entry"},
		"no profile id":          {"", []any{"profiles", 0, "id"}, "identifier"},
		"role":                   {"KING", []any{"profiles", 0, "role"}, "KING"},
		"other data":             {"INDIVIDUAL", []any{"profiles", 0, "data", "entity_type"}, "INDIVIDUAL"},
		"no data":                {nil, []any{"profiles", 0, "data"}, "does not fit"},
		"no application":         {nil, []any{"profiles", 0, "applications", 0}, "empty entry"},
		"unknown product":        {"gold", []any{"profiles", 0, "applications", 0, "product"}, "gold"},
		"unknown required task":  {"dance", []any{"profiles", 0, "applications", 0, "tasks", 0}, "dance"},
		"application without id": {"", []any{"profiles", 0, "applications", 0, "id"}, "identifier"},
		"decided by nobody":      {"REJECTED", []any{"profiles", 0, "applications", 0, "status"}, "history"},
		"no history":             {[]any{}, []any{"profiles", 0, "applications", 0, "history"}, "history"},
		"no task":                {nil, []any{"profiles", 0, "tasks", 0}, "empty entry"},
		"unknown task":           {"dance", []any{"profiles", 0, "tasks", 0, "alias"}, "dance"},
		"task state":             {"LATE", []any{"profiles", 0, "tasks", 0, "state"}, "COMPLETED_PASS"},
		"task without id":        {"", []any{"profiles", 0, "tasks", 0, "id"}, "task"},
		"no check":               {nil, []any{"profiles", 0, "checks", 0}, "empty entry"},
		"check state":            {"LATE", []any{"profiles", 0, "checks", 0, "state"}, "LATE"},
		"check of no task":       {[]any{"none"}, []any{"profiles", 0, "checks", 0, "tasks"}, "none"},
		"check without id":       {"", []any{"profiles", 0, "checks", 0, "id"}, "check"},
		"company gone":           {"none", []any{"profiles", 1, "company"}, "companies"},
		"request gone":           {"none", []any{"profiles", 1, "request"}, "cannot be"},
		"no request":             {nil, person, "empty entry"},
		"request without id":     {"", append(person, "id"), "cannot be"},
		"request of nobody":      {"none", append(person, "profile_id"), "profile"},
		"request state":          {"CANCELED", append(person, "state"), "CANCELED"},
		"request over":           {"COMPLETED", append(person, "state"), "SENT"},
		"unknown flow":           {"tango", append(person, "flow"), "tango"},
		"unknown theme":          {"pink", append(person, "theme"), "pink"},
		"request of no task":     {"none", append(task, "task"), "task"},
		"no form":                {nil, append(person, "forms", 0), "empty entry"},
		"unknown form":           {"tango", append(person, "forms", 0, "form"), "tango"},
		"form without id":        {"", append(person, "forms", 0, "id"), "identifier"},
		"form state":             {"LOST", append(person, "forms", 0, "state"), "LOST"},
		"form of no task":        {"none", append(company, "forms", 0, "task"), "task"},
		"form of no check":       {"none", append(company, "forms", 0, "check"), "check"},
		"last form unknown":      {"", append(company, "last"), "ended last"},
		"no document":            {nil, append(person, "forms", 1, "documents", "identity_document"), "empty entry"},
		"no pictures":            {nil, append(person, "forms", 1, "documents", "identity_document", "images"), "empty entry"},
		"unknown document":       {"LIBRARY_CARD", append(person, "forms", 1, "documents", "identity_document", "type"), "LIBRARY_CARD"},
		"agenda of nothing":      {"none", []any{"agenda", 0, "id"}, "agenda"},
		"agenda of something":    {"party", []any{"agenda", 0, "what"}, "party"},
		"reminder of no e-mail":  {nil, append(task, "email"), "reminder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, passfort.Options{})
			kept := a.addStub(t)
			file := tampered(t, saved, func(state map[string]any) { put(state, c.value, c.path...) })

			err := a.Load(file)

			if !errors.Is(err, passfort.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, which should say %q", err, c.says)
			}
			if got := a.Overviews(10); len(got) != 1 || got[0].ID != kept {
				t.Errorf("something changed: %+v", got)
			}
		})
	}
}

func TestCompaniesAboveEachOtherAreRefused(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	err := a.Load(tampered(t, full(t), func(state map[string]any) {
		for i, above := range []int{1, 2, 1} {
			put(state, at(state, "profiles", above, "id"), "profiles", i, "company")
		}
	}))

	if !errors.Is(err, passfort.ErrInvalid) || !strings.Contains(err.Error(), "circle") {
		t.Errorf("error: %v", err)
	}
}

func TestRequestsThatAreGoneAreMissed(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	err := a.Load(tampered(t, full(t), func(state map[string]any) { state["requests"], state["agenda"] = nil, nil }))

	if !errors.Is(err, passfort.ErrInvalid) || !strings.Contains(err.Error(), "is missing") {
		t.Errorf("error: %v", err)
	}
}

func TestTwoOfTheSameAreRefused(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"profiles", "requests"} {
		a := open(t, passfort.Options{})
		err := a.Load(tampered(t, full(t), func(state map[string]any) {
			state[list] = append(state[list].([]any), at(state, list, 0))
		}))
		if !errors.Is(err, passfort.ErrInvalid) || !strings.Contains(err.Error(), "identifier of its own") {
			t.Errorf("%s: %v", list, err)
		}
	}
}

func TestStateMustFitTheAccount(t *testing.T) {
	t.Parallel()
	saved := full(t)
	for name, c := range map[string]struct {
		change func(d *accounts.Account)
		says   string
	}{
		"flow":  {func(d *accounts.Account) { d.FlowTemplates[0].Alias = "other" }, "individual-onboarding"},
		"form":  {func(d *accounts.Account) { d.Forms[0].Alias = "other" }, "personal-details"},
		"theme": {func(d *accounts.Account) { d.Themes = []string{"other"} }, "default"},
		"document type": {func(d *accounts.Account) {
			d.Forms[1].Sections[0].Questions[0].Documents[0].Type = "OTHER"
		}, "PASSPORT"},
		"document question": {func(d *accounts.Account) { d.Forms[1].Sections[0].Questions[0].Name = "other" }, "PASSPORT"},
		"task":              {func(d *accounts.Account) { d.Tasks[0].Alias = "other" }, "verify-identity"},
		"product":           {func(d *accounts.Account) { d.Products[1].Alias = "other" }, "business-account"},
	} {
		a := openWith(t, func(config *passfort.Config) { config.Account = changed(c.change) })
		if err := a.Load(saved); !errors.Is(err, passfort.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
