package passfort

import (
	"maps"
	"slices"

	"portal/internal/sandbox/passfort/account"
)

// requestView is a customer request as the frame shows it.
type requestView struct {
	Title   string     `json:"title"`
	Theme   string     `json:"theme"`
	Waiting bool       `json:"waiting"` // a check is under way that may make further forms appear
	Forms   []formView `json:"forms"`
}

type formView struct {
	ID        string        `json:"id"`
	Title     string        `json:"title"`
	Intro     string        `json:"intro"`
	State     State         `json:"state"`
	Submitted bool          `json:"submitted"`
	Editable  bool          `json:"editable"`
	Sections  []sectionView `json:"sections"`
}

type sectionView struct {
	Title     string         `json:"title"`
	Questions []questionView `json:"questions"`
}

type questionView struct {
	Name          string           `json:"name"`
	Label         string           `json:"label"`
	Hint          string           `json:"hint,omitempty"`
	Type          string           `json:"type"`
	Required      bool             `json:"required"`
	Autocomplete  string           `json:"autocomplete,omitempty"`
	Options       []account.Option `json:"options,omitempty"`
	Answer        string           `json:"answer"`
	DocumentTypes []documentView   `json:"document_types,omitempty"`
	Document      *receivedView    `json:"document,omitempty"`
}

type documentView struct {
	Type     string   `json:"type"`
	Label    string   `json:"label"`
	Elements []string `json:"elements"`
}

type receivedView struct {
	Type     string   `json:"type"`
	Received []string `json:"received"`
}

// shownTypes are the types of questions that the frame shows in another one's way.
var shownTypes = map[account.QuestionType]account.QuestionType{
	account.GivenNames: account.Text,
	account.FullName:   account.Text,
	account.Birthday:   account.Date,
}

// formView shows a request to the frame. The lock is held; what is returned shares nothing that changes.
func (p *Provider) formView(req *request) requestView {
	view := requestView{Title: p.title(req), Theme: req.Theme, Waiting: p.waiting(req), Forms: []formView{}}
	for _, f := range req.Forms {
		form, _ := p.account.Form(f.Form)
		shown := formView{
			ID: f.ID, Title: form.Title, Intro: form.Intro, State: f.State,
			Submitted: f.Submitted, Editable: f.State == Sent, Sections: []sectionView{},
		}
		for _, s := range p.sections(req, f) {
			shown.Sections = append(shown.Sections, p.sectionView(req, f, s))
		}
		view.Forms = append(view.Forms, shown)
	}
	return view
}

func (p *Provider) sectionView(req *request, f *formRequest, s askedSection) sectionView {
	view := sectionView{Title: s.title, Questions: []questionView{}}
	for _, q := range s.questions {
		shown := questionView{
			Name: q.Name, Label: q.Label, Hint: q.Hint, Type: string(q.Type), Required: q.Required,
			Autocomplete: q.Autocomplete, Options: q.Options, Answer: p.answerTo(req, f, q),
		}
		if as, ok := shownTypes[q.Type]; ok {
			shown.Type = string(as)
		}
		if q.Type == account.Country {
			shown.Options = countries
		}
		if q.Type == account.Document {
			shown.showDocument(q, f.Documents[q.Name])
		}
		view.Questions = append(view.Questions, shown)
	}
	return view
}

func (v *questionView) showDocument(q asked, received *documentReceived) {
	for _, d := range q.Documents {
		v.DocumentTypes = append(v.DocumentTypes, documentView{d.Type, d.Label, d.Elements})
	}
	if received != nil {
		v.Document = &receivedView{received.Type, slices.Sorted(maps.Keys(received.Images))}
	}
}

// answerTo is what the customer has typed, or submitted, or what is known anyway.
func (p *Provider) answerTo(req *request, f *formRequest, q asked) string {
	if typed, ok := f.Draft[q.Name]; ok {
		return typed
	}
	if submitted, ok := f.Answers[q.Name]; ok {
		return submitted
	}
	return q.read(p.index.profiles[req.ProfileID].Data)
}

// title is what a request is about.
func (p *Provider) title(req *request) string {
	if flow, ok := p.account.FlowTemplate(req.Flow); ok {
		return flow.Title
	}
	return "Request of " + p.account.Institution
}
