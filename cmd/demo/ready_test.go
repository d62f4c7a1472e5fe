package main

import (
	"path/filepath"
	"testing"
	"time"

	"portal/internal/localpg"
)

// BenchmarkPortalReady measures how long the portal takes from its start until it says that it is ready.
func BenchmarkPortalReady(b *testing.B) {
	dir := b.TempDir()
	if out, code := portalRun(b, nil, "keys", "new", "--dir", dir); code != 0 {
		b.Fatal(out)
	}
	w := &world{env: settings{
		"PORTAL_CONFIG":           filepath.Join("..", "..", "portal.toml"),
		"PORTAL_DATABASE_URL":     localpg.NewURL(b),
		"PORTAL_COOKIE_KEYS_FILE": filepath.Join(dir, "cookie_keys"),
		"PORTAL_SEAL_KEYSET_FILE": filepath.Join(dir, "seal_keyset"),
	}}
	var took time.Duration
	for b.Loop() {
		began := time.Now()
		p := w.startPortal(b, nil)
		took += time.Since(began)
		p.stop(b)
	}
	b.ReportMetric(float64(took.Microseconds())/1000/float64(b.N), "ms/ready")
	b.ReportMetric(0, "ns/op")
}
