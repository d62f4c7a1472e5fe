package passfort_test

import accounts "portal/internal/sandbox/passfort/account"

// changed is the account used without a file, with something changed.
func changed(change func(d *accounts.Account)) *accounts.Account {
	d := accounts.Default()
	change(d)
	return d
}

// question is a question of a form made for a test.
type question = accounts.Question

// askPersons lets the flow for persons ask these sections alone, in one form.
func askPersons(sections ...accounts.Section) *accounts.Account {
	return changed(func(d *accounts.Account) {
		d.Forms = append(d.Forms, accounts.Form{Alias: "asked", Title: yourDetails, Type: accounts.UpdateData, Sections: sections})
		d.FlowTemplates[0].Forms = []string{"asked"}
	})
}
