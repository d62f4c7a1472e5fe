package onboarding

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Format is a kind of file, by its content.
type Format string

// The formats that are taken. The provider takes films, too (Sumsub's FAQ, "Supported file formats"), for steps which want a live
// capture and are given in its own forms.
const (
	JPEG Format = "image/jpeg"
	PNG  Format = "image/png"
	PDF  Format = "application/pdf"
)

// MaxFile is the greatest file that is taken, in bytes.
const MaxFile = 50 << 20

// Inspect says by its content what kind of file it is, and refuses with Invalid what the provider would refuse or could not
// read, with a message key that says how to help. It reads the file piece by piece, and never as a whole.
//
// Headers are decoded, and files are followed from their beginning to their end, which shows those that were cut off. What the
// pixels say is for the provider to judge.
func Inspect(file io.ReaderAt, size int64) (Format, error) {
	switch {
	case size <= 0:
		return "", refusedFile("error.document_empty", nil)
	case size > MaxFile:
		return "", refusedFile("error.document_too_big", nil)
	}
	f := openFile{io.NewSectionReader(file, 0, size), size}
	start := make([]byte, min(size, startLength))
	if err := f.readAt(start, 0); err != nil {
		return "", corrupted(err)
	}
	format, err := f.inspect(start)
	if err != nil {
		return "", err
	}
	return format, nil
}

// startLength is how far into a file its kind shows. A PDF may begin as late as that (PDF Reference 1.7, appendix H, note 13).
const startLength = 1024

// inspect tells the formats apart by how they start. Only PDF can be mistaken for something else, and comes last.
func (f openFile) inspect(start []byte) (Format, error) {
	switch {
	case bytes.HasPrefix(start, []byte("\xff\xd8\xff")):
		return JPEG, f.inspectJPEG()
	case bytes.HasPrefix(start, []byte(pngSignature)):
		return PNG, f.inspectPNG()
	case len(start) >= 8 && string(start[4:8]) == "ftyp" && isPhonesPhoto(start):
		return "", refusedFile("error.document_heic", nil)
	case isTIFF(start):
		return "", refusedFile("error.document_tiff", nil)
	case bytes.Contains(start, []byte("%PDF-")):
		return PDF, f.inspectPDF()
	}
	return "", refusedFile("error.document_format", nil)
}

// isTIFF knows TIFF and BigTIFF in both byte orders. Many cameras' raw formats are TIFF, too.
func isTIFF(start []byte) bool {
	for _, signature := range []string{"II*\x00", "MM\x00*", "II+\x00", "MM\x00+"} {
		if bytes.HasPrefix(start, []byte(signature)) {
			return true
		}
	}
	return false
}

// openFile is a file under inspection.
type openFile struct {
	*io.SectionReader
	size int64
}

// errCutOff is of a file that ends before it is over.
var errCutOff = errors.New("the file ends early")

// readAt fills p from a place in the file.
func (f openFile) readAt(p []byte, at int64) error {
	if at < 0 || at+int64(len(p)) > f.size {
		return errCutOff
	}
	if n, err := f.ReadAt(p, at); n < len(p) {
		return fmt.Errorf("reading at %d: %w", at, err)
	}
	return nil
}

// pieceSize is how much of a file is looked at together.
const pieceSize = 32 << 10

func refusedFile(key string, cause error) error { return &Error{Kind: Invalid, Key: key, Err: cause} }

func corrupted(cause error) error { return refusedFile("error.document_corrupted", cause) }
