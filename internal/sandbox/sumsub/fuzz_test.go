package sumsub_test

import (
	"testing"

	"portal/internal/sandbox/sumsub"
)

// FuzzUploadIsNeverAMistakeOfTheSandbox sends whatever a stranger may call multipart/form-data.
func FuzzUploadIsNeverAMistakeOfTheSandbox(f *testing.F) {
	const boundary = "b"
	f.Add("multipart/form-data; boundary="+boundary, []byte("--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"idDocType\":\"PASSPORT\",\"country\":\"DEU\"}\r\n--b\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\n%PDF-1.4 sandbox:screenshot\r\n--b--\r\n"))
	f.Add("multipart/form-data; boundary="+boundary, []byte("--b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n\x1a\n"))
	f.Add("multipart/form-data", []byte("--\r\n"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		for _, c := range contentType {
			if c < ' ' || c > '~' {
				t.Skip("no header")
			}
		}
		a := open(t, sumsub.Options{})
		id := a.create(t, "u-1", "id-only")
		req := a.request(t, "POST", "/resources/applicants/"+id+"/info/idDoc", "", body)
		req.Header.Set("Content-Type", contentType)
		r := a.do(t, req)
		added := r.header.Get("X-Image-Id") != ""
		if r.status >= 500 || added && r.status != 200 || r.status == 200 && r.text("idDocType") == "" {
			t.Errorf("%d %s", r.status, r.raw)
		}
	})
}
