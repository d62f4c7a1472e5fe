package main

import (
	"strings"
	"testing"

	"portal/internal/inbox"
	"portal/internal/localpg"
	"portal/internal/passfort"
	"portal/internal/postgres"
	"portal/internal/seal"
)

func TestWebhooksAreListedAndReplayed(t *testing.T) {
	t.Parallel()
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	environ := map[string]string{"PORTAL_DATABASE_URL": localpg.NewURL(t)}
	receiveTwo(t, environ["PORTAL_DATABASE_URL"], keyset)
	code, out, stderr := command(t, environ, "webhooks", "list")
	if code != exitOK || !strings.Contains(out, "A_CHANGED") || !strings.Contains(out, "the delivery is not JSON") || strings.Contains(out, "personal") {
		t.Errorf("list: exit %d, %q, %q", code, out, stderr)
	}
	if _, out, _ := command(t, environ, "webhooks", "list", "--status", "pending"); strings.Count(out, "\n") != 2 {
		t.Errorf("those that are pending:\n%s", out)
	}
	if _, out, _ := command(t, environ, "webhooks", "list", "--limit", "1"); strings.Count(out, "\n") != 2 || strings.Contains(out, "A_CHANGED") {
		t.Errorf("the newest:\n%s", out)
	}
	for _, setting := range []string{"PORTAL_SEAL_KEYSET", "PASSFORT_WEBHOOK_SECRET"} {
		if code, _, stderr := command(t, environ, "webhooks", "replay", "--quarantined"); code != exitFailure || !strings.Contains(stderr, setting) {
			t.Errorf("without %s: exit %d, %q", setting, code, stderr)
		}
		environ[setting] = map[string]string{"PORTAL_SEAL_KEYSET": keyset, "PASSFORT_WEBHOOK_SECRET": "the-webhook-secret"}[setting]
	}
	code, out, stderr = command(t, environ, "webhooks", "replay", "--quarantined")
	if code != exitOK || !strings.Contains(out, "still unreadable: 1") {
		t.Errorf("replay: exit %d, %q, %q", code, out, stderr)
	}
	if code, _, stderr := command(t, environ, "webhooks", "replay", "99"); code != exitFailure || !strings.Contains(stderr, "none of these") {
		t.Errorf("replay of nothing: exit %d, %q", code, stderr)
	}
}

// receiveTwo stores a message and one that nobody can read.
func receiveTwo(t *testing.T, url, keyset string) {
	t.Helper()
	d := passfort.NewDecoder([]string{"the-webhook-secret"})
	var messages []inbox.Message
	for _, body := range []string{`{"id":"1","event":"a_changed","data":{"profile_id":"p","name":"personal"}}`, "personal"} {
		decoded, err := d.Decode(inbox.Proof{Authorization: "Bearer the-webhook-secret"}, []byte(body), false)
		if err != nil {
			t.Fatal(err)
		}
		decoded[0].Provider = "passfort"
		messages = append(messages, decoded...)
	}
	store(t, url, keyset, messages...)
}

// store keeps messages as a running portal would.
func store(t *testing.T, url, keyset string, messages ...inbox.Message) {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	keys, err := seal.Parse(keyset)
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.NewWebhooks(pool, keys).Put(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
}

func TestWrongUseOfWebhooksIsToldFromFailure(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"--status":            {"list", "--status", "lost"},
		"--limit":             {"list", "--limit", "0"},
		"which webhooks":      {"replay"},
		"is no number":        {"replay", "one"},
		"--since":             {"replay", "--since", "yesterday"},
		"webhooks --help":     {},
		"unknown command":     {"list", "1"},
		"unknown flag: --all": {"replay", "--all"},
	} {
		if code, _, stderr := command(t, nil, append([]string{"webhooks"}, args...)...); code != exitWrongUse || !strings.Contains(stderr, want) {
			t.Errorf("portal webhooks %v: exit %d, %q; want a word of %q", args, code, stderr, want)
		}
	}
}

func TestQuarantinedWebhooksAreDecodedByTheirProvidersSecret(t *testing.T) {
	t.Parallel()
	keyset, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	environ := map[string]string{
		"PORTAL_DATABASE_URL": localpg.NewURL(t), "PORTAL_SEAL_KEYSET": keyset, "PASSFORT_WEBHOOK_SECRET": "the-webhook-secret",
	}
	url := environ["PORTAL_DATABASE_URL"]
	store(t, url, keyset, inbox.Message{Provider: "sumsub", ID: "unreadable-1", Trouble: "a riddle", Body: `{"type":"applicantReviewed","applicantId":"a"}`})
	receiveTwo(t, url, keyset)
	code, out, stderr := command(t, environ, "webhooks", "replay", "--quarantined")
	if code != exitFailure || !strings.Contains(stderr, "sumsub") || !strings.Contains(stderr, "SUMSUB_WEBHOOK_SECRET") || !strings.Contains(out, "still unreadable: 2") {
		t.Errorf("without Sumsub's secret: exit %d, %q, %q", code, out, stderr)
	}
	environ["SUMSUB_WEBHOOK_SECRET"] = "the-secret-of-digests"
	code, out, stderr = command(t, environ, "webhooks", "replay", "--quarantined")
	if code != exitOK || !strings.Contains(out, "to be handed on: 1") || !strings.Contains(out, "still unreadable: 1") {
		t.Errorf("with it: exit %d, %q, %q", code, out, stderr)
	}
	if _, out, _ := command(t, environ, "webhooks", "list", "--status", "pending"); !strings.Contains(out, "APPLICANTREVIEWED") || !strings.Contains(out, "sumsub") {
		t.Errorf("what is pending:\n%s", out)
	}
}
