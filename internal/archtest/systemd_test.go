package archtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/config"
)

const unit = "deploy/systemd/portal.service"

func TestTheServiceSetsWhatThePortalReads(t *testing.T) {
	t.Parallel()
	service := string(text(t, unit))
	for _, set := range regexp.MustCompile(`\b([A-Z]+_[A-Z_]+)=`).FindAllStringSubmatch(service, -1) {
		if !slices.Contains(config.Names(), set[1]) {
			t.Errorf("%s sets %s, which the portal does not read", unit, set[1])
		}
	}
	for _, used := range regexp.MustCompile(`_FILE=%d/(\w+)`).FindAllStringSubmatch(service, -1) {
		if !strings.Contains(service, "\nLoadCredential="+used[1]+":") {
			t.Errorf("%s reads the secret %s, which nobody hands on", unit, used[1])
		}
	}
}

func TestTheServiceLeavesThePortalTheTimeToStop(t *testing.T) {
	t.Parallel()
	wait, err := time.ParseDuration(find(t, unit, `(?m)^TimeoutStopSec=(\S+)$`))
	if err != nil {
		t.Fatal(err)
	}
	delay, err := time.ParseDuration(config.Defaults()["PORTAL_STOP_DELAY"])
	if err != nil {
		t.Fatal(err)
	}
	if needs := delay + 5*time.Second; wait <= needs {
		t.Errorf("systemd kills the portal after %s, which may take %s", wait, needs)
	}
}

// systemd itself says whether it understands the unit, and how much a service may do that was taken over.
func TestTheServiceIsLockedUp(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd on this machine")
	}
	copied := filepath.Join(t.TempDir(), "portal.service")
	installed := strings.ReplaceAll(string(text(t, unit)), "/usr/local/bin/portal", "/bin/true") // which every machine has
	if err := os.WriteFile(copied, []byte(installed), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(analyze, "verify", copied).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	// In tenths of its points, of which ten are a service that may do all.
	if out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=15", copied).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	}
}
