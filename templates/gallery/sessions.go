package gallery

import (
	"context"

	"github.com/a-h/templ"

	"portal/internal/i18n"
	"portal/templates"
)

// session is that of somebody who types, with an hour to go.
var session = templates.TypedSession{Seconds: 3600, Warning: 300}

// sessionPages are about being signed in, and about its end.
func sessionPages() []Page {
	return []Page{
		page("session about to end", templates.SessionEnd(templates.SessionEndView{Minutes: 5, To: "/onboarding?flow=a+company", Account: known})),
		page("session ends for good", templates.SessionEnd(templates.SessionEndView{Minutes: 1, Final: true, To: start, Account: known})),
		page("session over", templates.SessionOver()),
		worded("sessions", func(ctx context.Context) templ.Component {
			return templates.Sessions(templates.SessionsView{Account: known, Sessions: devices(ctx)})
		}),
		worded("sessions, one ended", func(ctx context.Context) templ.Component {
			return templates.Sessions(templates.SessionsView{Account: known, Sessions: devices(ctx)[:1], Notice: "sessions.ended_one"})
		}),
	}
}

// devices are where somebody is signed in.
func devices(ctx context.Context) []templates.SessionRow {
	return []templates.SessionRow{
		{
			ID: "1", Device: device, Way: i18n.T(ctx, "sessions.by_code"), Here: true,
			Since: templates.Moment{Text: i18n.T(ctx, "ago.hours", "count", 2), Machine: "2026-01-02T03:04:05Z"},
			Seen:  templates.Moment{Text: i18n.T(ctx, "ago.now"), Machine: "2026-01-02T05:04:05Z"},
		},
		{
			ID: "2", Device: "Safari · iPhone", Way: i18n.T(ctx, "sessions.by_provider", "provider", provider),
			Since: templates.Moment{Text: i18n.T(ctx, "ago.days", "count", 1), Machine: "2026-01-01T03:04:05Z"},
			Seen:  templates.Moment{Text: i18n.T(ctx, "ago.minutes", "count", 11), Machine: "2026-01-02T04:53:05Z"},
		},
	}
}
