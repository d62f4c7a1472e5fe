package archtest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"portal/internal/config"
)

const (
	manifests  = "deploy/kubernetes/"
	deployment = manifests + "deployment.yaml"
	migration  = manifests + "migrate/job.yaml"
)

// manifest is what the tests read of an object of Kubernetes. That Kubernetes understands all of it is tested in
// tools/manifests.
type manifest struct {
	Kind string
	Spec struct {
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     pod
		}
		Selector    selector
		PodSelector selector `yaml:"podSelector"`
		Metrics     []struct {
			Pods struct{ Metric struct{ Name string } }
		}
	}
}

type selector struct {
	MatchLabels map[string]string `yaml:"matchLabels"`
}

type pod struct {
	Grace    int `yaml:"terminationGracePeriodSeconds"`
	Token    any `yaml:"automountServiceAccountToken"`
	Security struct {
		NonRoot bool                  `yaml:"runAsNonRoot"`
		User    int                   `yaml:"runAsUser"`
		Seccomp struct{ Type string } `yaml:"seccompProfile"`
	} `yaml:"securityContext"`
	Containers []container
}

type container struct {
	Env      []struct{ Name, Value string }
	Security struct {
		Escalation   any  `yaml:"allowPrivilegeEscalation"`
		ReadOnly     bool `yaml:"readOnlyRootFilesystem"`
		Capabilities struct{ Drop []string }
	} `yaml:"securityContext"`
	StartupProbe   probe `yaml:"startupProbe"`
	LivenessProbe  probe `yaml:"livenessProbe"`
	ReadinessProbe probe `yaml:"readinessProbe"`
}

type probe struct {
	HTTP struct{ Path, Port string } `yaml:"httpGet"`
}

func TestKubernetesSettingsSatisfyThePortal(t *testing.T) {
	t.Parallel()
	environment := map[string]string{}
	for line := range strings.Lines(string(text(t, manifests+"portal.env"))) {
		if name, value, set := strings.Cut(strings.TrimSpace(line), "="); set && !strings.HasPrefix(line, "#") {
			environment[name] = value
		}
	}
	for _, set := range containerOf(t, deployment).Env {
		environment[set.Name] = set.Value
	}
	secrets := t.TempDir()
	for name, secret := range map[string]string{
		"database_url": "postgres://portal:x@postgres.internal/portal", "smtp_url": "smtp://portal:x@mail.internal:587", "seal_keyset": "{}",
		"cookie_keys":      base64.RawURLEncoding.EncodeToString(make([]byte, config.CookieKeySize)),
		"passfort_api_key": "a-key-of-your-account", "passfort_webhook_secret": "a-secret-of-your-account",
	} {
		write(t, filepath.Join(secrets, name), secret)
	}
	for name := range environment {
		if !slices.Contains(config.Names(), name) {
			t.Errorf("%s sets %s, which the portal does not read", deployment, name)
		}
	}
	inPod := strings.NewReplacer("/secrets/", secrets+"/", "/etc/portal/", filepath.Join(root, manifests)+"/")
	if _, err := config.Load(func(name string) string { return inPod.Replace(environment[name]) }); err != nil {
		t.Errorf("the portal refuses the settings of %s:\n%v", manifests, err)
	}
}

// Kubelets ask the private listener, and leave the portal the time to stop.
func TestKubernetesAsksThePortalHowItIsAndLetsItFinish(t *testing.T) {
	t.Parallel()
	spec, c := podOf(t, deployment), containerOf(t, deployment)
	for want, asked := range map[string][]probe{"/healthz": {c.StartupProbe, c.LivenessProbe}, "/readyz": {c.ReadinessProbe}} {
		for _, p := range asked {
			if p.HTTP.Path != want || p.HTTP.Port != "private" {
				t.Errorf("a probe asks %s at %s, want %s at the private port", p.HTTP.Path, p.HTTP.Port, want)
			}
		}
	}
	delay, err := time.ParseDuration(config.Defaults()["PORTAL_STOP_DELAY"])
	if err != nil {
		t.Fatal(err)
	}
	if grace := time.Duration(spec.Grace) * time.Second; grace <= delay+5*time.Second {
		t.Errorf("the portal is killed after %s", grace)
	}
}

func TestKubernetesRunsThePortalWithoutRights(t *testing.T) {
	t.Parallel()
	for _, file := range []string{deployment, migration} {
		p, c := podOf(t, file), containerOf(t, file)
		if p.Token != false || !p.Security.NonRoot || p.Security.User == 0 || p.Security.Seccomp.Type != "RuntimeDefault" {
			t.Errorf("%s: its pods have rights: %+v", file, p.Security)
		}
		if c.Security.Escalation != false || !c.Security.ReadOnly || !slices.Equal(c.Security.Capabilities.Drop, []string{"ALL"}) {
			t.Errorf("%s: its container has rights: %+v", file, c.Security)
		}
	}
}

// Whatever is about the portal's pods finds them.
func TestKubernetesMeansTheSamePods(t *testing.T) {
	t.Parallel()
	labels := object(t, deployment, "Deployment").Spec.Template.Metadata.Labels
	for _, selector := range []map[string]string{
		object(t, deployment, "Deployment").Spec.Selector.MatchLabels,
		object(t, manifests+"budget.yaml", "PodDisruptionBudget").Spec.Selector.MatchLabels,
		object(t, manifests+"network.yaml", "NetworkPolicy").Spec.PodSelector.MatchLabels,
	} {
		if len(selector) == 0 {
			t.Error("all pods are meant")
		}
		for name, value := range selector {
			if labels[name] != value {
				t.Errorf("pods with %s=%s are meant, the portal's have %q", name, value, labels[name])
			}
		}
	}
}

// The autoscaler asks for the metric that the adapter makes of the portal's.
func TestKubernetesScalesByAMetricThatThereIs(t *testing.T) {
	t.Parallel()
	asked := object(t, manifests+"autoscaler.yaml", "HorizontalPodAutoscaler").Spec.Metrics[0].Pods.Metric.Name
	if rule := find(t, manifests+"adapter.yaml", `as: (\w+)`); asked != rule {
		t.Errorf("the autoscaler asks for %s, the adapter makes %s", asked, rule)
	}
	series := find(t, manifests+"adapter.yaml", `seriesQuery: '(\w+)`)
	if !bytes.Contains(text(t, "deploy/prometheus/alerts.yml"), []byte(series)) { // whose metrics are tested to exist
		t.Errorf("the adapter reads %s, which the alerts do not know", series)
	}
}

func podOf(t *testing.T, file string) pod {
	t.Helper()
	kind := "Deployment"
	if file == migration {
		kind = "Job"
	}
	return object(t, file, kind).Spec.Template.Spec
}

func containerOf(t *testing.T, file string) container {
	t.Helper()
	containers := podOf(t, file).Containers
	if len(containers) != 1 {
		t.Fatalf("%s has %d containers", file, len(containers))
	}
	return containers[0]
}

// object returns the first object of a kind in a file.
func object(t *testing.T, file, kind string) manifest {
	t.Helper()
	f, err := os.Open(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for dec := yaml.NewDecoder(f); ; {
		var m manifest
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			t.Fatalf("%s has no %s", file, kind)
		} else if err != nil {
			t.Fatal(err)
		}
		if m.Kind == kind {
			return m
		}
	}
}
