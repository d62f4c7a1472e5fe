package passfort

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/passfort/account"
)

// maxPicture is the largest picture taken, in bytes.
const maxPicture = 8 << 20

// elementTypes are the elements of a document, by what the API calls a picture of them.
var elementTypes = map[string]string{"FRONT": "FRONT", "BACK": "BACK", "SELFIE": "FACE"}

// image is a picture of a document. The picture itself is checked and then dropped: nobody looks at it here.
type image struct {
	ID       string    `json:"id"`
	Type     string    `json:"type"` // FRONT, BACK or FACE
	Document string    `json:"document"`
	Category string    `json:"category"`
	Uploaded time.Time `json:"uploaded"`
}

// documentReceived is what a customer has sent of a document so far.
type documentReceived struct {
	Type   string            `json:"type"`
	Images map[string]string `json:"images"` // the ids of pictures, by element
	Stored string            `json:"stored"` // the id of the document in the collected data, once submitted
}

// resource is the image as the API shows it.
func (i image) resource() map[string]any {
	return map[string]any{
		"id":                i.ID,
		"image_type":        i.Type,
		"upload_date":       i.Uploaded.Format(timeLayout),
		"document_type":     i.Document,
		"document_category": i.Category,
	}
}

func imageResources(images []image) []map[string]any {
	list := make([]map[string]any, 0, len(images))
	for _, i := range images {
		list = append(list, i.resource())
	}
	return list
}

// listImages answers GET /4.0/profiles/{profile_id}/document_images.
func (p *Provider) listImages(_ *http.Request, pr *profile) (answer, error) {
	return answer{body: imageResources(pr.Images)}, nil
}

// showImage answers GET /4.0/profiles/{profile_id}/document_images/{document_image_id}, without the picture.
func (p *Provider) showImage(r *http.Request, pr *profile) (answer, error) {
	i := slices.IndexFunc(pr.Images, func(i image) bool { return i.ID == r.PathValue("document_image_id") })
	if i < 0 {
		return answer{}, notFound("document image")
	}
	return answer{body: pr.Images[i].resource()}, nil
}

// pictureTypes are the kinds of files taken, as their content shows them.
var pictureTypes = []string{"image/jpeg", "image/png", "image/webp", "application/pdf"}

// readPicture takes a picture off the wire and makes sure that it is one.
func readPicture(w http.ResponseWriter, r *http.Request) error {
	body := bufio.NewReader(http.MaxBytesReader(w, r.Body, maxPicture))
	start, _ := body.Peek(512) // all that its type shows in; less if the file is shorter
	kind := http.DetectContentType(start)
	_, err := io.Copy(io.Discard, body)
	switch {
	case tooLarge(err):
		return &formError{status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("The file is larger than %d MB.", maxPicture>>20)}
	case err != nil:
		return &formError{status: http.StatusBadRequest, Message: "The file could not be read."}
	}
	if !slices.Contains(pictureTypes, kind) {
		return &formError{status: http.StatusUnsupportedMediaType, Message: "The file must be a JPEG, PNG or WebP picture, or a PDF."}
	}
	return nil
}

// savePicture keeps a picture of one element of a document that a form asks for. If the form was submitted, it has to be
// submitted again.
func (p *Provider) savePicture(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := readPicture(w, r); err != nil {
		return nil, err
	}
	p.enter()
	defer p.leave()
	req, f, err := p.editableForm(r)
	if err != nil {
		return nil, err
	}
	d, err := p.wantedDocument(req, f, r)
	if err != nil {
		return nil, err
	}
	element := r.PathValue("element")
	if !slices.Contains(d.Elements, element) {
		return nil, &formError{status: http.StatusUnprocessableEntity, Message: "This picture is not asked for."}
	}
	pr := p.index.profiles[req.ProfileID]
	picture := image{ID: p.newID(), Type: elementTypes[element], Document: d.Type, Category: d.Category, Uploaded: p.now()}
	pr.Images = append(pr.Images, picture)
	f.receive(r.PathValue("question"), d.Type, element, picture.ID)
	p.audit(pr, byCustomer, "uploaded-a-document", d.Type)
	return p.formView(req), nil
}

// receive notes a picture. Pictures of another type of document do not count any more.
func (f *formRequest) receive(question, documentType, element, imageID string) {
	if f.Documents == nil {
		f.Documents = map[string]*documentReceived{}
	}
	received := f.Documents[question]
	if received == nil {
		received = &documentReceived{}
		f.Documents[question] = received
	}
	if received.Type != documentType {
		received.Type, received.Images = documentType, map[string]string{}
	}
	received.Images[element], f.Submitted = imageID, false
}

// wantedDocument finds the type of document that a picture is of; the first one unless the call names it.
func (p *Provider) wantedDocument(req *request, f *formRequest, r *http.Request) (account.DocumentType, error) {
	for _, s := range p.sections(req, f) {
		for _, q := range s.questions {
			if q.Name != r.PathValue("question") || q.Type != account.Document {
				continue
			}
			wanted := cmp.Or(r.URL.Query().Get("document_type"), q.Documents[0].Type)
			if i := slices.IndexFunc(q.Documents, func(d account.DocumentType) bool { return d.Type == wanted }); i >= 0 {
				return q.Documents[i], nil
			}
			return account.DocumentType{}, &formError{status: http.StatusUnprocessableEntity, Message: "This type of document is not accepted."}
		}
	}
	return account.DocumentType{}, &formError{status: http.StatusNotFound, Message: "There is no such question."}
}

// checkDocument says whether every picture of the chosen document is there.
func (q asked) checkDocument(d *documentReceived) string {
	if d == nil {
		return q.check("", time.Time{})
	}
	i := slices.IndexFunc(q.Documents, func(t account.DocumentType) bool { return t.Type == d.Type })
	if i < 0 || slices.ContainsFunc(q.Documents[i].Elements, func(element string) bool { return d.Images[element] == "" }) {
		return cmp.Or(q.Missing, "Add every picture of your document.")
	}
	return ""
}

// storeDocument adds a document to collected data, in place of the one submitted before. The lock is held.
func (p *Provider) storeDocument(pr *profile, data entityData, d *documentReceived) {
	documents := slices.DeleteFunc(data.list("documents"), func(entry any) bool {
		document, ok := entry.(map[string]any)
		return ok && d.Stored != "" && document["id"] == d.Stored
	})
	d.Stored = p.newID()
	ids := slices.Collect(maps.Values(d.Images))
	category, images := "", []any{}
	for _, i := range pr.Images {
		if slices.Contains(ids, i.ID) {
			category, images = i.Category, append(images, i.resource())
		}
	}
	document := map[string]any{"id": d.Stored, "document_type": d.Type, "category": category, "images": images}
	data.set(append(documents, document), "documents")
	p.record(effects.DocumentAdd, d.Stored, pr)
}
