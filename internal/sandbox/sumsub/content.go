package sumsub

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	pixels "image"
	_ "image/jpeg" // pictures whose size is read
	_ "image/png"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

const (
	maxFile  = 64 << 20 // the greatest file taken, in bytes
	headSize = 64 << 10 // how much of a file's start is looked at, and of small files kept
	bigImage = 4 << 20  // pixels of the greatest picture that is decoded
)

// mimeTypes are the kinds of files taken, by their names in the API.
var mimeTypes = map[string]string{
	"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf",
	"mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime",
}

// extensions are how the names of such files end.
var extensions = map[string]string{
	".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".pdf": "pdf", ".mp4": "mp4", ".webm": "webm", ".mov": "mov",
}

// head keeps the start of a file.
type head struct{ bytes.Buffer }

// Write is part of io.Writer.
func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), headSize-h.Len())])
	return len(p), nil
}

// readContent reads a file piece by piece and says what it is, or why it is not taken. The name and the type that came
// with it must fit what it is.
func readContent(r io.Reader, name, declared string) (content, error) {
	digest, start, marks := sha256.New(), &head{}, &scanner{}
	size, err := io.Copy(io.MultiWriter(digest, start, marks), io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return content{}, unreadable(err)
	case size > maxFile:
		return content{}, refused(1002, "File is too big: more than %d MB", maxFile>>20)
	case size == 0:
		return content{}, refused(1003, "File is empty")
	}
	marks.close()
	kind, err := sniff(start.Bytes())
	if err != nil {
		return content{}, err
	}
	if !fits(kind, name, declared) {
		return content{}, corrupted()
	}
	if kind == "pdf" && marks.encrypted {
		return content{}, refused(1011, "File is encrypted")
	}
	c := content{Digest: hex.EncodeToString(digest.Sum(nil)), Size: size, MimeType: mimeTypes[kind], Marks: marks.marks}
	return c, c.look(start.Bytes(), kind)
}

func corrupted() error {
	return refused(1004, "Error analyzing file, unsupported format or corrupted file")
}

// foreign are kinds of files that are known and not taken, by what they start with.
var foreign = []string{"II*\x00", "MM\x00*", "GIF8", "BM", "RIFF", "PK\x03\x04", "\xd0\xcf\x11\xe0", "{\\rtf", "<svg", "<?xml", "<html", "<!DOCTYPE"}

// sniff says by its start what kind of file it is.
func sniff(start []byte) (string, error) {
	brand := ""
	if len(start) >= 12 && string(start[4:8]) == "ftyp" {
		brand = string(start[8:12])
	}
	switch {
	case brand == "qt  ":
		return "mov", nil
	case slices.Contains([]string{"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif"}, brand):
		return "", refused(1005, "Unsupported file format")
	case brand != "":
		return "mp4", nil
	}
	for kind, mimeType := range mimeTypes {
		if http.DetectContentType(start) == mimeType {
			return kind, nil
		}
	}
	for _, known := range foreign {
		if bytes.HasPrefix(start, []byte(known)) {
			return "", refused(1005, "Unsupported file format")
		}
	}
	return "", corrupted()
}

// fits says whether a file is what its name and its declared type say. What says nothing fits.
func fits(kind, name, declared string) bool {
	if said, known := extensions[strings.ToLower(path.Ext(name))]; known && said != kind {
		return false
	}
	mediaType, _, _ := mime.ParseMediaType(declared)
	if mediaType == "image/jpg" {
		mediaType = "image/jpeg"
	}
	known := false
	for _, one := range mimeTypes {
		known = known || one == mediaType
	}
	return !known || mediaType == mimeTypes[kind]
}

// look finds out what a picture measures and shows, and keeps the bytes of a small file.
func (c *content) look(start []byte, kind string) error {
	whole := c.Size <= headSize
	if whole {
		c.Bytes = bytes.Clone(start)
	}
	if kind != "jpeg" && kind != "png" {
		return nil
	}
	config, _, err := pixels.DecodeConfig(bytes.NewReader(start))
	if err != nil && whole {
		return corrupted()
	}
	c.Width, c.Height = config.Width, config.Height
	if whole && config.Width*config.Height <= bigImage {
		c.Picture = picture(start)
	}
	return nil
}

// picture is a digest of what a picture shows; empty if it cannot be decoded.
func picture(file []byte) string {
	decoded, _, err := pixels.Decode(bytes.NewReader(file))
	if err != nil {
		return ""
	}
	digest, bounds := sha256.New(), decoded.Bounds()
	var row []byte
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		row = row[:0]
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, b, _ := decoded.At(x, y).RGBA()
			row = append(row, byte(r>>8), byte(r), byte(g>>8), byte(g), byte(b>>8), byte(b))
		}
		_, _ = digest.Write(row)
	}
	return hex.EncodeToString(digest.Sum(nil))
}
