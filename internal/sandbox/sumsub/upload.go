package sumsub

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"portal/internal/sandbox/reply"
)

const (
	maxUpload   = maxFile + 2<<20 // the largest upload that is read, in bytes
	maxMetadata = 64 << 10
)

// metadata is what an upload says of its document.
type metadata struct {
	IDDocType    string  `json:"idDocType"`
	Country      string  `json:"country"`
	IDDocSubType *string `json:"idDocSubType"`
	FirstName    string  `json:"firstName"`
	MiddleName   string  `json:"middleName"`
	LastName     string  `json:"lastName"`
	IssuedDate   string  `json:"issuedDate"`
	ValidUntil   string  `json:"validUntil"`
	Number       string  `json:"number"`
	DOB          string  `json:"dob"`
	PlaceOfBirth string  `json:"placeOfBirth"`
}

// upload answers POST /resources/applicants/{id}/info/idDoc. The body passes by piece by piece: what is wrong with it is
// said only once it was read to its end, because the signature covers it whole.
func (p *Provider) upload(w http.ResponseWriter, r *http.Request) {
	c, err := p.credentialsOf(r.Header)
	if err != nil {
		p.refuse(w, err)
		return
	}
	v := p.newVerifier(c, r)
	body := io.TeeReader(http.MaxBytesReader(w, r.Body, maxUpload), v)
	form, broken := readUpload(r.Header.Get("Content-Type"), body)
	if _, err := io.Copy(io.Discard, body); err != nil {
		p.refuse(w, uploadUnreadable(err))
		return
	}
	if err := v.check(); err != nil {
		p.refuse(w, err)
		return
	}
	if broken != nil {
		p.refuse(w, broken)
		return
	}
	form.warn = strings.EqualFold(r.Header.Get("X-Return-Doc-Warnings"), "true")
	got, err := p.take(pathValue(r, "id"), form)
	if err != nil {
		p.refuse(w, err)
		return
	}
	if got.image != "" {
		w.Header().Set("X-Image-Id", got.image)
	}
	reply.JSON(w, http.StatusOK, got)
}

// uploadUnreadable says why an upload could not be read to its end.
func uploadUnreadable(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return refused(1002, "File is too big: more than %d MB", maxFile>>20)
	}
	return unreadable(err)
}

// take adds an uploaded document to the applicant that an address names.
func (p *Provider) take(segment string, form *uploaded) (receipt, error) {
	p.enter()
	defer p.leave()
	a, err := p.named(segment)
	if err != nil {
		return receipt{}, err
	}
	if form.content == nil {
		return p.addMetadata(a, form.document)
	}
	return p.addDocument(a, form.document, *form.content)
}

// uploaded is an upload that was read.
type uploaded struct {
	document
	content *content // nil if there was no file
}

// readUpload reads the two parts, in whatever order they come. A file may come without a name.
func readUpload(contentType string, body io.Reader) (*uploaded, error) {
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil || mediaType != "multipart/form-data" || params["boundary"] == "" {
		return nil, bare(http.StatusUnsupportedMediaType)
	}
	parts := multipart.NewReader(body, params["boundary"])
	u, described := &uploaded{}, false
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, invalid("The body is not multipart/form-data")
		}
		switch part.FormName() {
		case "metadata":
			described = true
			err = u.describe(part)
		case "content":
			err = u.read(part)
		}
		if err != nil {
			return nil, err
		}
	}
	if !described {
		return nil, invalid("Part metadata is missing")
	}
	return u, nil
}

// describe reads what is said of the document.
func (u *uploaded) describe(part *multipart.Part) error {
	raw, err := io.ReadAll(io.LimitReader(part, maxMetadata+1))
	if err != nil {
		return unreadable(err)
	}
	var m metadata
	if len(raw) > maxMetadata || json.Unmarshal(raw, &m) != nil {
		return invalid("Part metadata is not JSON of the expected form")
	}
	u.Type, u.Country, u.source = m.IDDocType, m.Country, "fileupload"
	if m.IDDocSubType != nil {
		u.Side = *m.IDDocSubType
	}
	u.said = map[string]string{}
	for name, value := range map[string]string{
		"firstName": m.FirstName, "middleName": m.MiddleName, "lastName": m.LastName, "issuedDate": m.IssuedDate,
		"validUntil": m.ValidUntil, "number": m.Number, "dob": m.DOB, "placeOfBirth": m.PlaceOfBirth,
	} {
		if value != "" {
			u.said[name] = value
		}
	}
	return nil
}

// read reads the file.
func (u *uploaded) read(part *multipart.Part) error {
	u.name = part.FileName()
	c, err := readContent(part, u.name, part.Header.Get("Content-Type"))
	u.content = &c
	return err
}
