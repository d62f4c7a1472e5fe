package passfort

import (
	"strings"

	"portal/internal/sandbox/passfort/account"
)

// asked is a question as it is put to a customer: what its template says, with the place of its answer.
type asked struct {
	account.Question
	path     []string // where the answer goes, in the collected data or in the entry
	list     []string // the list whose entry the answer is part of; nil if it is not
	resolver string   // which entry of the list
	creates  bool     // whether the entry is made by the answers
}

// askedSection is a section of questions as it is put to a customer.
type askedSection struct {
	title     string
	questions []asked
}

// sections are the questions of a form of a request, by what is known of the profile.
func (p *Provider) sections(req *request, f *formRequest) []askedSection {
	form, _ := p.account.Form(f.Form)
	data := p.index.profiles[req.ProfileID].Data
	var sections []askedSection
	for _, s := range form.Sections {
		switch {
		case s.Each != "":
			for _, entry := range namedEntries(data, s.Each) {
				sections = append(sections, askAbout(s, entry))
			}
		case s.Entry != "":
			sections = append(sections, ask(s, asked{list: strings.Split(s.Entry, "."), resolver: req.ID, creates: true}))
		default:
			sections = append(sections, ask(s, asked{}))
		}
	}
	return sections
}

// ask puts a section; its answers go where the one given says.
func ask(s account.Section, to asked) askedSection {
	section := askedSection{title: s.Title}
	for _, q := range s.Questions {
		to.Question, to.path = q, pathOf(q)
		section.questions = append(section.questions, to)
	}
	return section
}

// pathOf is where the answer to a question goes.
func pathOf(q account.Question) []string {
	if q.Path == "" {
		return []string{"custom_fields", q.Name}
	}
	return strings.Split(q.Path, ".")
}

// namedEntry is an entry of a list that has a name to ask about it by.
type namedEntry struct {
	path     []string
	resolver string
	name     string
}

// askAbout puts a section about one entry: with its name in the texts, and names of questions of its own.
func askAbout(s account.Section, entry namedEntry) askedSection {
	named := strings.NewReplacer("{name}", entry.name)
	section := ask(s, asked{list: entry.path, resolver: entry.resolver})
	section.title = named.Replace(s.Title)
	for i := range section.questions {
		q := &section.questions[i]
		q.Name = entryQuestion(q.Name, entry.resolver)
		q.Label, q.Hint, q.Missing = named.Replace(q.Label), named.Replace(q.Hint), named.Replace(q.Missing)
	}
	return section
}

// entryQuestion is the name of a question about one entry.
func entryQuestion(name, resolver string) string {
	return name + "-" + resolver
}

// namedEntries lists the entries of a list that hold a name.
func namedEntries(data entityData, list string) []namedEntry {
	path := strings.Split(list, ".")
	var found []namedEntry
	for _, item := range data.list(path...) {
		object, _ := item.(map[string]any)
		entry := entityData(object)
		inside, _ := entry.at("immediate_data").(map[string]any)
		if name, id := entityData(inside).displayName(), entry.text("resolver_id"); name != "" && id != "" {
			found = append(found, namedEntry{path, id, name})
		}
	}
	return found
}

// entry finds the entry that a question is about; nil if it is not there.
func (q asked) entry(data entityData) entityData {
	for _, item := range data.list(q.list...) {
		if object, ok := item.(map[string]any); ok && object["resolver_id"] == q.resolver {
			return object
		}
	}
	return nil
}

// read is the answer that the collected data holds, as the customer would type it.
func (q asked) read(data entityData) string {
	if q.list != nil {
		data = q.entry(data)
	}
	return asText(q.Type, data.at(q.path...))
}

// write puts an answer into collected data that nobody else holds. No answer takes the member away.
func (q asked) write(data entityData, answer string) {
	target := data
	if q.list != nil {
		target = q.entry(data)
		if target == nil && q.creates {
			target = entityData{"entity_type": individual, "resolver_id": q.resolver, "immediate_data": map[string]any{"entity_type": individual}}
			data.set(append(data.list(q.list...), map[string]any(target)), q.list...)
		}
		if target == nil {
			return // nothing to hold the answer: the entry has gone since it was asked about
		}
	}
	if answer == "" {
		target.remove(q.path...)
		return
	}
	target.set(asValue(q.Type, answer), q.path...)
}
