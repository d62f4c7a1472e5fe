package onboarding_test

import (
	"bytes"
	"errors"
	"image"
	"io"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"portal/internal/onboarding"
)

func inspect(file []byte) (onboarding.Format, error) {
	return onboarding.Inspect(bytes.NewReader(file), int64(len(file)))
}

func TestInspectKnowsFormatsByTheirContent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file []byte
		want onboarding.Format
	}{
		"photo":                        {jpegFile(t, 40, 30), onboarding.JPEG},
		"photo with a thumbnail":       {withThumbnail(jpegFile(t, 40, 30), jpegFile(t, 4, 3)), onboarding.JPEG},
		"photo with a film behind":     {append(jpegFile(t, 40, 30), filmFile("mp42", "isom")...), onboarding.JPEG},
		"photo with bytes in between":  {append([]byte("\xff\xd8\xff\xff\xff"), jpegFile(t, 40, 30)[3:]...), onboarding.JPEG},
		"picture":                      {pngFile(t, 40, 30), onboarding.PNG},
		"picture with bytes behind":    {append(pngFile(t, 40, 30), "behind"...), onboarding.PNG},
		"document":                     {pdfFile("", "<< /Size 3 /Root 1 0 R >>"), onboarding.PDF},
		"document after a line":        {append([]byte("\r\nprinted by a scanner\r\n"), pdfFile("", "<< /Root 1 0 R >>")...), onboarding.PDF},
		"document about encryption":    {pdfFile("BT (the key /Encrypt 5 0 R, and how) Tj ET", "<< /Root 1 0 R >>"), onboarding.PDF},
		"document with such a name":    {pdfFile("", "<< /Root 1 0 R /EncryptMetadata true >>"), onboarding.PDF},
		"document with one attached":   {pdfFile("%PDF-1.7\ntrailer\n<< /Encrypt 5 0 R >>\n%%EOF", "<< /Root 1 0 R >>"), onboarding.PDF},
		"document with much behind":    {append(pdfFile("", "<< /Root 1 0 R >>"), strings.Repeat("\n", 900)...), onboarding.PDF},
		"document that names a stream": {pdfFile("", "<< /Root 1 0 R /Title (A live stream) >>"), onboarding.PDF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := inspect(test.file); got != test.want || err != nil {
				t.Errorf("got %q and %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestInspectRefusesWithWhatHelps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file []byte
		want string
	}{
		"nothing":                {nil, "empty"},
		"iPhone's photo":         {filmFile("heic", "mif1", "heic"), "heic"},
		"photo of another brand": {filmFile("mif1", "mif1", "heix"), "heic"},
		"photo that moves":       {filmFile("msf1", "iso8", "hevc"), "heic"},
		"AVIF":                   {filmFile("avif", "mif1", "miaf"), "heic"},
		"TIFF":                   {[]byte("II*\x00\x08\x00\x00\x00 and more"), "tiff"},
		"TIFF from the other end": {
			[]byte("MM\x00*\x00\x00\x00\x08 and more"), "tiff",
		},
		"BigTIFF":                   {[]byte("II+\x00\x08\x00\x00\x00 and more"), "tiff"},
		"encrypted":                 {pdfFile("", "<< /Root 1 0 R /Encrypt 5 0 R >>"), "encrypted"},
		"encrypted, close":          {pdfFile("", "<</Root 1 0 R/Encrypt<</Filter/Standard/V 4>>>>"), "encrypted"},
		"encrypted, by a stream":    {pdfXRefStream("/Encrypt 12\r\n0 R"), "encrypted"},
		"encrypted, among texts":    {pdfFile("BT (plain) Tj ET", "<< /Root 1 0 R\n/Encrypt\t7 0\nR >>"), "encrypted"},
		"document without an end":   {[]byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"), "corrupted"},
		"document with an old end":  {append(pdfFile("", "<< >>"), make([]byte, 2000)...), "corrupted"},
		"document that never stops": {[]byte("%PDF-1.7\n1 0 obj\n<<>>\nstream\nabc\n%%EOF"), "corrupted"},
		"no more than a photo's name": {
			[]byte("\xff\xd8\xff\xe0"), "corrupted",
		},
		"photo without pixels":  {[]byte("\xff\xd8\xff\xd9"), "corrupted"},
		"progress without scan": {append(jpegHeader(t), 0xff, 0xd9), "corrupted"},
		"photo with 12 bits":    {jpegOfPrecision(t, 12), "format"},
		"no more than a PNG's name": {
			[]byte("\x89PNG\r\n\x1a\n"), "corrupted",
		},
		"PNG that was spoilt": {spoilt(pngFile(t, 40, 30)), "corrupted"},
		"film":                {filmFile("isom", "iso2", "mp41"), "format"},
		"film with no brand":  {box("ftyp", ""), "format"},
		"sound":               {filmFile("M4A ", "mp42", "isom"), "format"},
		"browser's film":      {[]byte("\x1a\x45\xdf\xa3\x00\x00\x00"), "format"},
		"GIF":                 {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "format"},
		"WebP":                {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 "), "format"},
		"BMP":                 {[]byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00"), "format"},
		"Word":                {[]byte("PK\x03\x04\x14\x00\x06\x00 word/document.xml"), "format"},
		"SVG":                 {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "format"},
		"text":                {[]byte("I am a passport."), "format"},
		"one byte":            {[]byte{0xff}, "format"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			format, err := inspect(test.file)
			if got := keyOfFile(err); got != "error.document_"+test.want || format != "" {
				t.Errorf("got %q and %v, want error.document_%s", format, err, test.want)
			}
		})
	}
}

// keyOfFile is the message key of a refusal, and empty unless it is one.
func keyOfFile(err error) string {
	if refused, ok := errors.AsType[*onboarding.Error](err); ok && refused.Kind == onboarding.Invalid {
		return refused.Key
	}
	return ""
}

func TestInspectRefusesWhatIsTooBigUnread(t *testing.T) {
	t.Parallel()
	_, err := onboarding.Inspect(unreadable{}, onboarding.MaxFile+1)
	if got := keyOfFile(err); got != "error.document_too_big" {
		t.Errorf("got %v", err)
	}
	if _, err := onboarding.Inspect(unreadable{}, onboarding.MaxFile); keyOfFile(err) != "error.document_corrupted" {
		t.Errorf("got %v, want it to be read", err)
	}
}

type unreadable struct{}

func (unreadable) ReadAt([]byte, int64) (int, error) { return 0, io.ErrClosedPipe }

func TestInspectRefusesFilesThatWereCutOff(t *testing.T) {
	t.Parallel()
	for name, file := range wholeFiles(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := inspect(file); err != nil {
				t.Fatalf("whole: %v", err)
			}
			for length := range len(file) {
				if _, err := inspect(file[:length]); err == nil {
					t.Fatalf("the first %d of %d bytes are taken", length, len(file))
				}
			}
		})
	}
}

// wholeFiles are files of which no byte can be missed.
func wholeFiles(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"photo":    withThumbnail(jpegFile(t, 40, 30), jpegFile(t, 4, 3)),
		"picture":  pngFile(t, 20, 10),
		"document": bytes.TrimRight(pdfFile("BT (text) Tj ET", "<< /Root 1 0 R >>"), "\n"),
	}
}

func TestPicturesThatAreTakenCanBeOpened(t *testing.T) {
	t.Parallel()
	files := [][]byte{jpegFile(t, 40, 30), pngFile(t, 20, 10)}
	rapid.Check(t, func(t *rapid.T) {
		file := bytes.Clone(rapid.SampledFrom(files).Draw(t, "file"))
		for range rapid.IntRange(1, 4).Draw(t, "spoilt bytes") {
			file[rapid.IntRange(0, len(file)-1).Draw(t, "place")] = rapid.Byte().Draw(t, "byte")
		}
		format, err := inspect(file)
		if err != nil {
			return
		}
		mustOpen(t, format, file)
		if format == onboarding.PNG {
			if _, _, err := image.Decode(bytes.NewReader(file)); err != nil {
				t.Fatalf("taken, and cannot be decoded: %v", err)
			}
		}
	})
}

// mustOpen fails unless a picture can be opened.
func mustOpen(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, format onboarding.Format, file []byte,
) {
	t.Helper()
	if format != onboarding.JPEG && format != onboarding.PNG {
		return
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(file)); err != nil {
		t.Fatalf("%s is taken, and cannot be opened: %v", format, err)
	}
}

// Not in parallel: it looks at what the whole program allocates.
func TestInspectHoldsLittleOfAFile(t *testing.T) {
	photo, end := jpegFile(t, 40, 30), []byte("\xff\xd9")
	padded := io.NewSectionReader(&padding{start: bytes.TrimSuffix(photo, end), end: end, size: onboarding.MaxFile}, 0, onboarding.MaxFile)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := onboarding.Inspect(padded, onboarding.MaxFile); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("%d bytes were allocated for a file of %d", got, onboarding.MaxFile)
	}
}

// padding is a file with nothing but zeros between its start and its end.
type padding struct {
	start, end []byte
	size       int64
}

func (f *padding) ReadAt(p []byte, at int64) (int, error) {
	clear(p)
	if at < int64(len(f.start)) {
		copy(p, f.start[at:])
	}
	if from := f.size - int64(len(f.end)); at+int64(len(p)) > from {
		copy(p[max(0, from-at):], f.end[max(0, at-from):])
	}
	return len(p), nil
}

func FuzzInspect(f *testing.F) {
	for _, file := range wholeFiles(f) {
		f.Add(file)
	}
	f.Add(filmFile("heic", "mif1"))
	f.Add(pdfXRefStream("/Encrypt 12 0 R"))
	f.Fuzz(func(t *testing.T, file []byte) {
		format, err := inspect(file)
		if err != nil {
			if !strings.HasPrefix(keyOfFile(err), "error.document_") {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if format == "" {
			t.Fatal("taken without a format")
		}
		mustOpen(t, format, file)
	})
}
