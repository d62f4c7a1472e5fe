package passfort

import (
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
)

//go:embed front/embed.js front/collect.html front/*.css front/*.js
var front embed.FS

// frameCSP lets the frame use its own files and be framed by any page, as the provider's is.
const frameCSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors *"

// serveEmbed answers with the script that a loader page includes from another origin.
func serveEmbed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	serveFile(w, r, "embed.js")
}

// serveFrame answers with the page inside the frame.
func serveFrame(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", frameCSP)
	w.Header().Set("Referrer-Policy", "no-referrer")
	serveFile(w, r, "collect.html")
}

// serveFrameFile answers with a script or stylesheet of the frame.
func serveFrameFile(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	if ext := path.Ext(file); ext != ".js" && ext != ".css" {
		http.NotFound(w, r)
		return
	}
	serveFile(w, r, file)
}

func serveFile(w http.ResponseWriter, r *http.Request, name string) {
	content, err := fs.ReadFile(front, path.Join("front", path.Base(name)))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(content)
}
