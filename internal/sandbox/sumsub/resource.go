package sumsub

import (
	"net/http"
	"slices"

	"portal/internal/sandbox/effects"
)

// resource is an image as the API shows it.
type resource struct {
	ID           string       `json:"id"`
	PreviewID    string       `json:"previewId"`
	AddedDate    string       `json:"addedDate"`
	FileMetadata fileMetadata `json:"fileMetadata"`
	IDDocDef     docDef       `json:"idDocDef"`
	ReviewResult *result      `json:"reviewResult,omitempty"`
	Deactivated  bool         `json:"deactivated"`
	AttemptID    string       `json:"attemptId"`
	Source       string       `json:"source"`
}

type fileMetadata struct {
	FileName   string     `json:"fileName"`
	FileType   string     `json:"fileType"`
	FileSize   int64      `json:"fileSize"`
	Resolution resolution `json:"resolution"`
}

type resolution struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

type docDef struct {
	Country      string  `json:"country"`
	IDDocType    string  `json:"idDocType"`
	IDDocSubType *string `json:"idDocSubType"`
}

func (i *image) resource() resource {
	v := resource{
		ID: i.ID, PreviewID: i.PreviewID, AddedDate: i.Added.Format(layoutPlain),
		FileMetadata: fileMetadata{i.FileName, i.Content.fileType(), i.Content.Size, resolution{i.Content.Width, i.Content.Height}},
		IDDocDef:     docDef{Country: i.Country, IDDocType: i.Type},
		ReviewResult: i.Result.copied(), Deactivated: i.Deactivated, AttemptID: i.AttemptID, Source: i.Source,
	}
	if i.Side != "" {
		v.IDDocDef.IDDocSubType = &i.Side
	}
	return v
}

// fileType is the short name of a file's kind.
func (c content) fileType() string {
	for kind, mimeType := range mimeTypes {
		if mimeType == c.MimeType {
			return kind
		}
	}
	return ""
}

// listImages answers GET /resources/applicants/{id}/metadata/resources.
func (p *Provider) listImages(_ *http.Request, a *applicant) (answer, error) {
	items := []resource{}
	for _, i := range a.Images {
		items = append(items, i.resource())
	}
	return answer{body: map[string]any{"items": items, "totalItems": len(items)}}, nil
}

// showImage answers GET /resources/inspections/{inspection}/resources/{image} with the bytes, if they were kept.
func (p *Provider) showImage(r *http.Request, a *applicant) (answer, error) {
	i := a.image(r.PathValue("image"))
	if i == nil {
		return answer{}, plain(http.StatusNotFound, "Image not found")
	}
	if i.Content.Bytes == nil {
		e := plain(http.StatusNotFound, "Image not found")
		e.Hint = "the sandbox keeps the bytes of small files only"
		return answer{}, e
	}
	return answer{raw: &i.Content}, nil
}

// removeImage answers DELETE of an image, which makes it count no more, or again.
func (p *Provider) removeImage(r *http.Request, a *applicant) (answer, error) {
	return p.switchImage(a, r.PathValue("image"), r.URL.Query().Get("revert") != "true")
}

// restoreImage answers POST /resources/applicants/{id}/resources/{image}/restore.
func (p *Provider) restoreImage(r *http.Request, a *applicant) (answer, error) {
	return p.switchImage(a, r.PathValue("image"), false)
}

func (p *Provider) switchImage(a *applicant, id string, off bool) (answer, error) {
	i := a.image(id)
	switch {
	case i == nil:
		return answer{}, plain(http.StatusNotFound, "Image not found")
	case a.checking():
		return answer{}, bare(http.StatusNotModified)
	case i.Deactivated == off:
		return done, nil
	}
	i.Deactivated = off
	if off {
		p.record(effects.DocumentRemove, i.ID, a)
	} else {
		p.record(effects.DocumentAdd, i.ID, a)
	}
	return done, nil
}

// retire makes every picture of a step, or of all, count no more, as a reset does.
func (a *applicant) retire(types []string) {
	for _, i := range a.Images {
		if types == nil || slices.Contains(types, i.Type) {
			i.Deactivated, i.Retired = true, true
		}
	}
}
