package onboarding

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
)

// pdfEnd is how far from the end of a file its last mark may be (PDF Reference 1.7, appendix H, note 18).
const pdfEnd = 1024

// inspectPDF looks for the mark at the end and for a key to what is encrypted.
func (f openFile) inspectPDF() error {
	end := make([]byte, min(f.size, pdfEnd))
	if err := f.readAt(end, f.size-int64(len(end))); err != nil {
		return corrupted(err)
	}
	if !bytes.Contains(end, []byte("%%EOF")) {
		return corrupted(errors.New("PDF without an end"))
	}
	encrypted, err := isEncrypted(bufio.NewReaderSize(io.NewSectionReader(f, 0, f.size), 2*pieceSize))
	if err != nil {
		return corrupted(err)
	}
	if encrypted {
		return refusedFile("error.document_encrypted", nil)
	}
	return nil
}

// encryptKey is what isEncrypted looks for. Outside of streams it stands in trailers, and in the dictionaries of the streams
// that take their place, and nowhere else; its value is a reference or a dictionary.
var encryptKey = regexp.MustCompile(`^/Encrypt[\x00\t\n\f\r ]*(<<|[\x00\t\n\f\r ][0-9]+[\x00\t\n\f\r ]+[0-9]+[\x00\t\n\f\r ]+R)`)

// longestMatch is enough for what isEncrypted looks for, with white space as generous as nobody writes it.
const longestMatch = 128

// isEncrypted reads a PDF through. That needs none of its tables of contents, which are often wrong: readers make new ones.
func isEncrypted(r *bufio.Reader) (bool, error) {
	for {
		piece, err := r.Peek(longestMatch)
		at := bytes.IndexAny(piece, "/>")
		switch {
		case at < 0 && errors.Is(err, io.EOF):
			return false, nil
		case err != nil && !errors.Is(err, io.EOF):
			return false, err
		case at < 0:
			at = len(piece)
		case at == 0 && bytes.HasPrefix(piece, []byte("/Encrypt")) && encryptKey.Match(piece):
			return true, nil
		case at == 0 && startsStream(piece):
			if err := skipStream(r); err != nil {
				return false, err
			}
			continue
		case at == 0:
			at = 1
		}
		if _, err := r.Discard(at); err != nil {
			return false, err
		}
	}
}

// startsStream says whether a piece begins with the end of a stream's dictionary.
func startsStream(piece []byte) bool {
	rest, ok := bytes.CutPrefix(piece, []byte(">>"))
	rest, isStream := bytes.CutPrefix(bytes.TrimLeft(rest, "\x00\t\n\f\r "), []byte("stream"))
	return ok && isStream && (bytes.HasPrefix(rest, []byte("\n")) || bytes.HasPrefix(rest, []byte("\r\n")))
}

// skipStream reads past a stream: what looks like a key in there may be a part of a text or of a file that is attached.
func skipStream(r *bufio.Reader) error {
	end := []byte("endstream")
	for {
		piece, err := r.Peek(pieceSize)
		if at := bytes.Index(piece, end); at >= 0 {
			_, err := r.Discard(at + len(end))
			return err
		}
		if errors.Is(err, io.EOF) {
			return errCutOff
		}
		if err != nil {
			return err
		}
		if _, err := r.Discard(len(piece) - len(end)); err != nil {
			return err
		}
	}
}
