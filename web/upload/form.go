package upload

import (
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"os"
	"strings"
)

// form is a body that is being read.
type form struct {
	*Upload
	wire   *wire
	limits Limits
	found  bool // the file
}

// parse reads a whole form. The standard library's own way to do so keeps files on disk.
func (u *Upload) parse(body io.Reader, boundary string, l Limits) error {
	u.Fields = url.Values{}
	f := &form{Upload: u, wire: &wire{r: body, spare: l.Beside}, limits: l}
	parts := multipart.NewReader(f.wire, boundary)
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF { // as it is: it is wrapped where the last part is missing
			return f.end()
		}
		if err != nil {
			return f.fault()
		}
		if err := f.take(part); err != nil {
			return err
		}
	}
}

// end reads what is behind the last part: a body that is read to its end lets the server notice who goes away.
func (f *form) end() error {
	if _, err := io.Copy(io.Discard, f.wire); err != nil {
		return f.fault()
	}
	if !f.found {
		return refused("error.document_missing", errNoFile)
	}
	return nil
}

func (f *form) take(part *multipart.Part) error {
	disposition, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil || disposition != "form-data" || params["name"] == "" {
		return refused("error.bad_request", errNoForm)
	}
	if fileName, ok := params["filename"]; ok {
		return f.takeFile(part, fileName != "")
	}
	value, err := io.ReadAll(part)
	if err != nil {
		return f.fault()
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(string(value), "\ufffd"), "\x00", "\ufffd")
	f.Fields.Add(params["name"], text)
	return nil
}

// takeFile takes the first file. Browsers send a nameless empty one for each field in which none was chosen.
func (f *form) takeFile(part io.Reader, named bool) error {
	if !f.found {
		err := f.fill(part)
		f.found = named || f.size > 0
		return err
	}
	n, err := part.Read(make([]byte, 1))
	switch {
	case n > 0 || named:
		return refused("error.document_several", errSeveral)
	case !errors.Is(err, io.EOF):
		return f.fault()
	}
	return nil
}

// fill copies the file into the share.
func (f *form) fill(file io.Reader) error {
	digest := sha256.New()
	for {
		space, ok := f.share.space(f.size)
		if !ok {
			return refused("error.bad_request", errNoForm) // there is more than was declared
		}
		n, err := file.Read(space)
		_, _ = digest.Write(space[:n])
		f.size += int64(n)
		f.wire.spare += int64(n)
		switch {
		case f.size > f.limits.File:
			return refused("error.document_too_big", errTooLarge)
		case errors.Is(err, io.EOF):
			digest.Sum(f.digest[:0])
			return nil
		case err != nil:
			return f.fault()
		}
	}
}

// fault says why the body could not be read on.
func (f *form) fault() error {
	switch {
	case f.wire.err == nil:
		return refused("error.bad_request", errNoForm)
	case errors.Is(f.wire.err, errTooLarge):
		return refused("error.too_large", errTooLarge)
	case errors.Is(f.wire.err, os.ErrDeadlineExceeded):
		return refused("error.upload_broken_off", errTooSlow)
	}
	return refused("error.upload_broken_off", errBrokenOff)
}

// wire is a body as it comes in. It bounds what is held beside the file: fields, and the headers of parts.
type wire struct {
	r     io.Reader
	spare int64 // bytes that may still come; those of the file are added again as they are put away
	err   error // why it ended early
}

// Read implements [io.Reader].
func (w *wire) Read(p []byte) (int, error) {
	if w.spare <= 0 {
		w.err = errTooLarge
		return 0, w.err
	}
	n, err := w.r.Read(p[:min(int64(len(p)), w.spare)])
	w.spare -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}
