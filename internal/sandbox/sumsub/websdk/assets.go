package websdk

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"time"
)

//go:embed assets
var assets embed.FS

// builder is the one asset that pages of other sites load.
const builder = "sns-websdk-builder.js"

// asset returns a file that is compiled in, or nothing.
func asset(name string) []byte {
	content, _ := assets.ReadFile(path.Join("assets", path.Base(name)))
	return content
}

// serveFrame answers with the page inside the frame. Its address has the access token in it, which is nobody else's
// business.
func (s *SDK) serveFrame(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", policy(s.options.AllowedDomains()))
	w.Header().Set("Permissions-Policy", cameraOnly)
	w.Header().Set("Referrer-Policy", "no-referrer")
	send(w, r, "websdk.html", asset("websdk.html"))
}

// serveLink answers with the page that a link to the WebSDK opens.
func serveLink(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", linkCSP)
	w.Header().Set("Referrer-Policy", "no-referrer")
	send(w, r, "link.html", asset("link.html"))
}

// serveAsset answers with a script or the stylesheet.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content := asset(name)
	if ext := path.Ext(name); content == nil || ext != ".js" && ext != ".css" {
		http.NotFound(w, r)
		return
	}
	if name == builder {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}
	send(w, r, name, content)
}

// send answers with a file that browsers may keep but ask about each time.
func send(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	sum := sha256.Sum256(content)
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
