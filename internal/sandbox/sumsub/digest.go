package sumsub

import (
	"io"
	"net/http"

	"portal/internal/sandbox/sumsub/webhooks"
)

// testDigest answers POST /resources/inspectionCallbacks/testDigest, by which a company tries its check of webhooks.
func testDigest(r *http.Request) (answer, error) {
	q := r.URL.Query()
	name := q.Get("digestAlg")
	if name == "" {
		name = webhooks.SHA1.Name()
	}
	algorithm, known := webhooks.Named(name)
	if !known || q.Get("secretKey") == "" {
		return answer{}, invalid("secretKey must be given, and digestAlg be a known algorithm")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, unreadable(err)
	}
	return answer{body: map[string]string{"digest": webhooks.Digest(algorithm, q.Get("secretKey"), body), "digestAlg": name}}, nil
}
