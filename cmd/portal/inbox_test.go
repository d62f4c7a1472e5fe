package main

import (
	"log/slog"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/config"
)

func TestWebhooksAreExpectedOfThoseWhoseSecretIsKnown(t *testing.T) {
	t.Parallel()
	const passFort, sumsub = "PASSFORT_WEBHOOK_SECRET", "SUMSUB_WEBHOOK_SECRET"
	sources := []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}
	for name, c := range map[string]struct {
		environment config.Environment
		want        map[string][]netip.Prefix // nil where there is no door
		missed      []string
	}{
		"nobody's": {config.Environment{WebhookSources: sources}, nil, []string{passFort, sumsub}},
		"one's":    {config.Environment{WebhookSources: sources, SumsubWebhookSecret: "s"}, map[string][]netip.Prefix{"sumsub": nil}, []string{passFort}},
		"both": {
			config.Environment{WebhookSources: sources, SumsubWebhookSecret: "s", WebhookSecret: "p"},
			map[string][]netip.Prefix{"passfort": sources, "sumsub": nil},
			nil,
		},
	} {
		var out strings.Builder
		log := slog.New(slog.NewTextHandler(&out, nil))
		flows := config.File{Flows: []config.Flow{{Provider: "passfort"}, {Provider: "sumsub"}}}
		door := newWebhooksDoor(t.Context(), config.Config{Environment: c.environment, File: flows}, webhookArchive(c.environment, nil, nil, log), log)
		var got map[string][]netip.Prefix
		if door != nil {
			got = door.Senders
		}
		if diff := cmp.Diff(c.want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
			t.Errorf("%s: whose webhooks are expected, and where from (-want +got):\n%s", name, diff)
		}
		if n := strings.Count(out.String(), "webhooks are off"); n != len(c.missed) {
			t.Errorf("%s: %d providers are said to be without:\n%s", name, n, out.String())
		}
		for _, setting := range c.missed {
			if !strings.Contains(out.String(), setting) {
				t.Errorf("%s: the log does not say that %s is missing:\n%s", name, setting, out.String())
			}
		}
	}
}

// What is about nothing that a registration has is nobody's business.
func TestWebhooksAboutNoProfileAreNotHandedOn(t *testing.T) {
	t.Parallel()
	i := newInbox(config.Config{}, materials{}, nil, nil, nil, slog.New(slog.DiscardHandler))
	for _, provider := range []string{"passfort", "sumsub"} {
		if err := i.Hand(t.Context(), provider, "", nil); err != nil {
			t.Errorf("%s: %v", provider, err)
		}
	}
}
