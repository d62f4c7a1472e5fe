package sumsub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/textproto"

	"portal/internal/onboarding"
)

// extensions are how files are named by their format. The name tells us which of our documents an image is.
var extensions = map[onboarding.Format]string{
	onboarding.JPEG: ".jpg", onboarding.PNG: ".png", onboarding.PDF: ".pdf",
}

var errFormat = errors.New("not a format that is taken")

// newMetadata says what a file is.
type newMetadata struct {
	Type    string `json:"idDocType"`
	Country string `json:"country"`
	Side    string `json:"idDocSubType,omitempty"`
}

// documentPayload is the form in which a document is sent: what it is, and then the file itself.
func documentPayload(d onboarding.Document, c onboarding.Content) (*payload, error) {
	extension, ok := extensions[d.Format]
	if !ok {
		return nil, errFormat
	}
	about, err := json.Marshal(newMetadata{Type: d.Type, Country: d.Country, Side: d.Side})
	if err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	var text bytes.Buffer
	form := multipart.NewWriter(&text) // writing to memory, it returns no errors
	part, _ := form.CreatePart(partHeader("application/json", map[string]string{"name": "metadata"}))
	_, _ = part.Write(about)
	_, _ = form.CreatePart(partHeader(string(d.Format), map[string]string{"name": "content", "filename": d.ID.String() + extension}))
	head := text.Len()
	_ = form.Close()
	return &payload{kind: form.FormDataContentType(), head: text.Bytes()[:head], file: c, tail: text.Bytes()[head:]}, nil
}

func partHeader(kind string, names map[string]string) textproto.MIMEHeader {
	return textproto.MIMEHeader{
		"Content-Disposition": {mime.FormatMediaType("form-data", names)},
		"Content-Type":        {kind},
	}
}
