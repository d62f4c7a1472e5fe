package sumsub

import (
	"net/http"
	"slices"

	"portal/internal/sandbox/effects"
)

// document is what an upload is of.
type document struct {
	Type    string
	Side    string
	Country string

	name   string            // of the file
	said   map[string]string // what else was said of it
	live   bool              // it was captured just now, in the WebSDK
	warn   bool              // the caller wants to hear what is doubtful, so it is looked for
	source string
}

// receipt is the answer to an upload.
type receipt struct {
	IDDocType string   `json:"idDocType"`
	Country   string   `json:"country"`
	Errors    []string `json:"errors,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`

	image string
}

// addDocument adds a picture of a document, or refuses it. The lock is held.
func (p *Provider) addDocument(a *applicant, d document, c content) (receipt, error) {
	set, err := p.admit(a, d)
	if err != nil {
		return receipt{}, err
	}
	if err := p.admitContent(a, c); err != nil {
		return receipt{}, err
	}
	c.Bytes = p.keep(c.Bytes)
	i := &image{
		ID: p.newImageID(), PreviewID: p.newImageID(), Added: p.now(), FileName: d.name, Type: d.Type, Side: d.Side, Country: d.Country,
		Metadata: d.said, AttemptID: a.Review.AttemptID, Source: d.source, Content: c,
	}
	a.replaceRejected(set, d)
	a.Images = append(a.Images, i)
	p.index.images[i.ID] = i
	a.say(d)
	got := receipt{IDDocType: d.Type, Country: d.Country, image: i.ID}
	if d.warn {
		got.Errors, got.Warnings = p.inspect(a, set, i)
	}
	p.reopenAfterUpload(a)
	p.record(effects.DocumentAdd, i.ID, a)
	if a.Review.Status == statusCompleted {
		p.notify("applicantPersonalInfoChanged", a)
	}
	return got, nil
}

// addMetadata takes in what is said of a document without a picture. The lock is held.
func (p *Provider) addMetadata(a *applicant, d document) (receipt, error) {
	if _, err := p.admit(a, d); err != nil {
		return receipt{}, err
	}
	a.say(d)
	p.record(effects.ApplicantUpdate, a.ID, a)
	return receipt{IDDocType: d.Type, Country: d.Country}, nil
}

// admit finds the step that an upload is for, or says why there is none.
func (p *Provider) admit(a *applicant, d document) (DocSet, error) {
	switch {
	case d.Type == "":
		return DocSet{}, invalid("idDocType must be given")
	case !alpha3.MatchString(d.Country):
		return DocSet{}, invalid("country must be a code of three letters")
	case !slices.Contains([]string{"", frontSide, backSide}, d.Side):
		return DocSet{}, invalid("idDocSubType must be FRONT_SIDE, BACK_SIDE or null")
	}
	if err := a.open(); err != nil {
		return DocSet{}, err
	}
	set, ok := p.level(a).stepOf(d.Type)
	if !ok || set.live() && !d.live {
		return DocSet{}, refused(1010, "Document type %s is not among the required documents of applicant %s", d.Type, a.ID)
	}
	return set, nil
}

// admitContent says why a file cannot be added to what there is.
func (p *Provider) admitContent(a *applicant, c content) error {
	o := p.Options()
	if c.Size < o.MinFileBytes || o.MaxFileBytes > 0 && c.Size > o.MaxFileBytes {
		return refused(1007, "File size is outside the limits set for this account")
	}
	if slices.ContainsFunc(a.Images, func(i *image) bool { return !i.Retired && i.Content.Digest == c.Digest }) {
		return refused(1000, "Duplicate document: the same file has been uploaded for applicant %s before", a.ID)
	}
	if len(a.Images) >= o.MaxDocuments {
		return refused(1001, "Applicant %s has too many documents", a.ID)
	}
	return nil
}

// keep takes bytes in if there is room for them.
func (p *Provider) keep(b []byte) []byte {
	if p.state.Kept+int64(len(b)) > p.Options().KeepBytes {
		return nil
	}
	p.state.Kept += int64(len(b))
	return b
}

// say merges what is said of a document with what was said of it before.
func (a *applicant) say(d document) {
	list, _ := a.Info["idDocs"].([]any)
	for _, item := range list {
		if known, ok := item.(map[string]any); ok && known["idDocType"] == d.Type && known["country"] == d.Country {
			for name, value := range d.said {
				known[name] = value
			}
			return
		}
	}
	if len(d.said) == 0 {
		return
	}
	entry := map[string]any{"idDocType": d.Type, "country": d.Country}
	for name, value := range d.said {
		entry[name] = value
	}
	a.Info["idDocs"] = append(list, entry)
}

// replaceRejected puts what was rejected out of the way of what comes in its place: the same side, and every picture of
// another type of document.
func (a *applicant) replaceRejected(set DocSet, d document) {
	for _, i := range a.active(set) {
		if i.Result.rejected() && (i.Type != d.Type || rank(i.Side) == rank(d.Side)) {
			i.Deactivated = true
		}
	}
}

// reopenAfterUpload shows a rejected applicant as one whose documents are asked for, if the options want it so.
func (p *Provider) reopenAfterUpload(a *applicant) {
	if p.Options().AfterReupload == becomesInit && a.Review.Status == statusCompleted && a.Review.Result.rejected() {
		a.Review.Status = statusInit
	}
}

// changeRequirement answers POST /resources/applicants/{id}/requiredIdDocs, which the sandbox knows for whole levels only.
func (p *Provider) changeRequirement(*http.Request, *applicant) (answer, error) {
	return answer{}, plain(http.StatusNotImplemented, "The sandbox changes what is required by moving applicants to another level")
}
