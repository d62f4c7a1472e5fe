package main

import (
	"net/http/httptest"
	"path/filepath"
	"testing"

	"portal/internal/browsertest"
)

// world is the gallery of the demo's portal.toml, as a browser finds it.
type world struct{ origin string }

func newWorld(t *testing.T) *world {
	t.Helper()
	s, err := newServer(func(name string) string {
		return map[string]string{"PORTAL_CONFIG": filepath.Join("..", "..", "portal.toml")}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.handler())
	t.Cleanup(server.Close)
	return &world{server.URL}
}

// at is the address of a page.
func (w *world) at(name string, c choice) string { return w.origin + "/page" + c.query("name", name) }

func auditor(t *testing.T) *browsertest.Auditor {
	t.Helper()
	a, err := browsertest.NewAuditor(filepath.Join("..", "..", "tools", "npm", "node_modules", "axe-core"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}
