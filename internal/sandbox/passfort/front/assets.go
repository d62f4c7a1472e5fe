package front

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"path"
	"time"
)

//go:embed assets
var assets embed.FS

// namesInScript is where embed.js has the names of the pair in links.
const namesInScript = `/*names*/ ['request_id', 'apikey']`

// asset returns a file that is compiled in, or nothing.
func asset(name string) []byte {
	content, _ := assets.ReadFile(path.Join("assets", path.Base(name)))
	return content
}

// serveEmbed answers with the script that a loader page includes from another origin.
func (f *Front) serveEmbed(w http.ResponseWriter, r *http.Request) {
	names, err := json.Marshal(f.options.LinkParams())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	send(w, r, "embed.js", bytes.Replace(asset("embed.js"), []byte(namesInScript), names, 1))
}

// serveFrame answers with the page inside the frame.
func (f *Front) serveFrame(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", frameCSP(f.options.FrameAncestors()))
	w.Header().Set("Permissions-Policy", cameraOnly)
	w.Header().Set("Referrer-Policy", "no-referrer")
	send(w, r, "collect.html", asset("collect.html"))
}

// serveAsset answers with a script or stylesheet of the pages.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content := asset(name)
	if ext := path.Ext(name); content == nil || ext != ".js" && ext != ".css" {
		http.NotFound(w, r)
		return
	}
	send(w, r, name, content)
}

// send answers with a file that browsers may keep but ask about each time.
func send(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	sum := sha256.Sum256(content)
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", contentType(path.Ext(name)))
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// contentType is that of a file. Not every machine knows that of fonts.
func contentType(ext string) string {
	if ext == ".woff2" {
		return "font/woff2"
	}
	return mime.TypeByExtension(ext)
}
