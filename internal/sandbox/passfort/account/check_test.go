package account_test

import (
	"strings"
	"testing"
)

func TestReadSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	question := `{"name": "family_name", "label": "Family name", "type": "text"}`
	for name, c := range map[string]struct{ old, new, complaint string }{
		"no JSON":                {`{`, ``, "reading JSON"},
		"unknown member":         {`"institution"`, `"institute"`, `unknown field "institute"`},
		"two values":             {`"country": "GBR"}]`, `"country": "GBR"}]} {"a": 1`, "more than one JSON value"},
		"alias twice":            {`"tasks": [`, `"tasks": [{"alias": "identity", "task_type": "INDIVIDUAL_MANUAL_TASK"},`, "task identity: is there twice"},
		"alias missing":          {`"alias": "officers", `, ``, "task: a name is missing"},
		"no themes":              {`["default"]`, `[]`, "themes: there must be at least one"},
		"theme twice":            {`["default"]`, `["default", "default"]`, "theme default: is there twice"},
		"company without number": {`"number": "1a", `, ``, "company: a name is missing"},
		"company twice": {
			`"companies": [`, `"companies": [{"name": "Other", "number": "1A", "country": "GBR"},`, "company GBR 1A: is there twice",
		},
		"product for nobody":       {`, "individual_tasks": ["identity"]`, ``, "product basic: individual_tasks and company_tasks are missing"},
		"product of unknown task":  {`["identity"]`, `["other"]`, `product basic: individual_tasks: task "other" is not known`},
		"task of another entity":   {`["identity"]`, `["officers"]`, `task "officers" is a COMPANY_IDENTIFY_OFFICERS`},
		"unknown type of task":     {`COMPANY_IDENTIFY_OFFICERS`, `IDENTIFY_OFFICERS`, `task officers: task_type "IDENTIFY_OFFICERS" is not one`},
		"unknown associates":       {`"associate_product": "basic"`, `"associate_product": "pro"`, `task officers: product "pro" is not known`},
		"unknown requested form":   {`"request_form": "details"`, `"request_form": "other"`, `task identity: form "other" is not known`},
		"unknown type of form":     {`UPDATE_COLLECTED_DATA`, `UPDATE`, "form details: type must be UPDATE_COLLECTED_DATA"},
		"form of unknown task":     {`"task": "identity"`, `"task": "other"`, `form details: task "other" is not known`},
		"unknown check":            {`IDENTITY_CHECK`, `MAGIC`, `form details: check "MAGIC" must be one of COMPANY_OWNERSHIP`},
		"entry and each":           {`[{"questions"`, `[{"entry": "a", "each": "b", "questions"`, "cannot have both entry and each"},
		"asks nothing":             {`[{"questions": [` + question + `]}]`, `[]`, "form details: asks nothing"},
		"question twice":           {question, question + "," + question, "form details: question family_name: is there twice"},
		"question without a name":  {`"name": "family_name", `, ``, "form details: question: a name is missing"},
		"hyphen in a name":         {`"family_name"`, `"family-name"`, "question family-name: a name consists of a-z, 0-9 and _"},
		"capital in a name":        {`"family_name"`, `"Family"`, "question Family: a name consists of a-z, 0-9 and _"},
		"unknown type of question": {`"type": "text"`, `"type": "riddle"`, `question family_name: type "riddle" is not known`},
		"no label":                 {`"label": "Family name", `, ``, "question family_name: label is missing"},
		"choice of nothing":        {`"type": "text"`, `"type": "choice"`, "question family_name: options are missing"},
		"document of nothing":      {`"type": "text"`, `"type": "document"`, "question family_name: documents are missing"},
		"unknown element": {
			`"type": "text"`, `"type": "document", "documents": [{"type": "PASSPORT", "elements": ["TOP"]}]`, `element "TOP" must be FRONT, BACK or SELFIE`,
		},
		"no elements":             {`"type": "text"`, `"type": "document", "documents": [{"type": "PASSPORT"}]`, "document PASSPORT has no elements"},
		"flow of nobody":          {`"entity_type": "INDIVIDUAL"`, `"entity_type": "TRUST"`, "flow template flow: entity_type must be"},
		"flow of no forms":        {`"forms": ["details"]`, `"forms": []`, "flow template flow: forms are missing"},
		"flow of unknown form":    {`"forms": ["details"]`, `"forms": ["other"]`, `flow template flow: form "other" is not known`},
		"flow with foreign check": {`IDENTITY_CHECK`, `COMPANY_REGISTRY`, `the form "details" runs a check that is not for INDIVIDUAL profiles`},
		"flow of unknown product": {`"product": "basic"}]`, `"product": "pro"}]`, `flow template flow: product "pro" is not known`},
		"flow of foreign product": {`"entity_type": "INDIVIDUAL"`, `"entity_type": "COMPANY"`, `flow template flow: product "basic" is not for COMPANY profiles`},
		"redirect to nowhere":     {`"product": "basic"}]`, `"redirect_url": "javascript:x"}]`, "redirect_url must be an http or https address"},
		"sender without address":  {`staff@company.example`, `staff`, "email: sender_address must be an e-mail address"},
		"text of two paragraphs":  {`"email": {`, `"email": {"text": "a\nb",`, "email: text must be a single paragraph"},
		"too many reminders":      {`"max": 3`, `"max": 4`, "email: reminders must be at most 3"},
		"reminders all the time":  {`"every_days": 7`, `"every_days": 0`, "email: reminders must be at most 3, every_days at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(small, c.old) {
				t.Fatalf("the account has no %s", c.old)
			}
			_, err := read(t, strings.Replace(small, c.old, c.new, 1))
			if err == nil || !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("got %v, want a complaint with %q", err, c.complaint)
			}
		})
	}
}

func TestReadSaysEverythingAtOnce(t *testing.T) {
	t.Parallel()

	_, err := read(t, strings.NewReplacer(`["default"]`, `[]`, `"max": 3`, `"max": 4`).Replace(small))

	if err == nil || !strings.Contains(err.Error(), "themes") || !strings.Contains(err.Error(), "reminders") {
		t.Errorf("got %v", err)
	}
}
