package passfort

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"portal/internal/sandbox/effects"
)

// maxPhoto is the largest photo taken, in bytes.
const maxPhoto = 8 << 20

// image is a photo of a document. The picture itself is checked and then dropped: nobody looks at it here.
type image struct {
	id       string
	uploaded time.Time
}

// resource is the image as the API shows it.
func (i image) resource() map[string]any {
	return map[string]any{
		"id":                i.id,
		"image_type":        "FRONT",
		"upload_date":       i.uploaded.Format(timeLayout),
		"document_type":     "UNKNOWN",
		"document_category": "PROOF_OF_IDENTITY",
	}
}

func imageResources(images []image) []map[string]any {
	list := make([]map[string]any, 0, len(images))
	for _, i := range images {
		list = append(list, i.resource())
	}
	return list
}

// readPhoto takes a photo off the wire and makes sure that it is one.
func readPhoto(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPhoto))
	if err != nil {
		return &formError{status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("The photo is larger than %d MB.", maxPhoto>>20)}
	}
	kinds := []string{"image/jpeg", "image/png", "image/webp"}
	if !slices.Contains(kinds, http.DetectContentType(body)) {
		return &formError{status: http.StatusUnsupportedMediaType, Message: "The photo must be a JPEG, PNG or WebP picture."}
	}
	return nil
}

// addPhoto adds a document with one image to the profile, in place of an earlier one of this request. The lock is held.
func (p *Provider) addPhoto(req *request) {
	pr := req.profile
	picture := image{id: uuid.NewString(), uploaded: p.config.Now()}
	pr.images = append(slices.Clone(pr.images), picture)

	data := pr.data.clone()
	documents := slices.DeleteFunc(data.list("documents"), func(entry any) bool {
		document, ok := entry.(map[string]any)
		return ok && req.photo != "" && document["id"] == req.photo
	})
	req.photo = uuid.NewString()
	data.set(append(documents, map[string]any{
		"id":            req.photo,
		"category":      "PROOF_OF_IDENTITY",
		"document_type": "UNKNOWN",
		"images":        []any{picture.resource()},
	}), "documents")
	p.record(effects.DocumentAdd, req.photo, pr)
	p.storeData(pr, data)
}
