// Package manifests tests that Kubernetes and Docker Compose understand the files of deploy and docker-compose.yml, with their own
// code: every field is one that they know, and of the type that they want. What the files say is tested in internal/archtest.
//
// It is a module of its own, so that nothing else is built with what it takes.
package manifests

import (
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

const root = "../.."

// kinds are the objects that there may be, by version and kind.
var kinds = map[string]func() any{
	"v1 ConfigMap":                           func() any { return new(corev1.ConfigMap) },
	"v1 Namespace":                           func() any { return new(corev1.Namespace) },
	"v1 Service":                             func() any { return new(corev1.Service) },
	"v1 ServiceAccount":                      func() any { return new(corev1.ServiceAccount) },
	"apps/v1 Deployment":                     func() any { return new(appsv1.Deployment) },
	"autoscaling/v2 HorizontalPodAutoscaler": func() any { return new(autoscalingv2.HorizontalPodAutoscaler) },
	"batch/v1 Job":                           func() any { return new(batchv1.Job) },
	"networking.k8s.io/v1 Ingress":           func() any { return new(networkingv1.Ingress) },
	"networking.k8s.io/v1 NetworkPolicy":     func() any { return new(networkingv1.NetworkPolicy) },
	"policy/v1 PodDisruptionBudget":          func() any { return new(policyv1.PodDisruptionBudget) },
}

func TestKubernetesUnderstandsTheManifests(t *testing.T) {
	t.Parallel()
	for folder, want := range map[string]int{"deploy/kubernetes": 10, "deploy/kubernetes/migrate": 2} {
		objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), root+"/"+folder)
		if err != nil {
			t.Fatal(err)
		}
		if got := objects.Size(); got != want {
			t.Errorf("%s has %d objects, want %d", folder, got, want)
		}
		for _, object := range objects.Resources() {
			understood(t, object)
		}
	}
}

func understood(t *testing.T, object *resource.Resource) {
	t.Helper()
	text, err := object.AsYAML()
	if err != nil {
		t.Fatal(err)
	}
	kind := object.GetApiVersion() + " " + object.GetKind()
	empty, known := kinds[kind]
	if !known {
		t.Fatalf("there is a %s, whose type is not known here", kind)
	}
	if err := yaml.UnmarshalStrict(text, empty()); err != nil {
		t.Errorf("%s %s: %v", kind, object.GetName(), err)
	}
}

func TestComposeUnderstandsItsFile(t *testing.T) {
	t.Parallel()
	options, err := cli.NewProjectOptions([]string{root + "/docker-compose.yml"}, cli.WithName("portal"))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range []string{"proxy", "portal-1", "portal-2", "sandbox", "postgres", "migrate", "keys", "certificate"} {
		if _, err := project.GetService(service); err != nil {
			t.Error(err)
		}
	}
}
