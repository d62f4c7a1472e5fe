package templates

import (
	"context"
	"net/url"
	"strings"

	"portal/internal/i18n"
)

// fullTitle is what the browser's tab and a screen reader's first words say.
func fullTitle(ctx context.Context, c chrome) string {
	key := "layout.title"
	if c.Invalid {
		key = "layout.title_error"
	}
	return i18n.T(ctx, key, "title", c.Title, "company", company(ctx))
}

// around is a message in two parts: before and after the placeholder of that name.
func around(ctx context.Context, key, name string) (before, after string) {
	before, after, _ = strings.Cut(i18n.T(ctx, key, "company", company(ctx)), "{"+name+"}")
	return before, after
}

// describedBy lists the ids of the texts that belong to a field.
func describedBy(f field) string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// telephone is the address that dials a number.
func telephone(number string) string {
	return "tel:" + strings.Map(func(r rune) rune {
		if r == '+' || ('0' <= r && r <= '9') {
			return r
		}
		return -1
	}, strings.ReplaceAll(number, "(0)", ""))
}

// query makes a value fit for a query string.
func query(value string) string {
	return url.QueryEscape(value)
}

// stateKeys are the messages for the statuses that a registration can have.
var stateKeys = map[string]string{
	"starting":        "state.starting",
	"unclear":         "state.unclear",
	"open":            "state.open",
	"checking":        "state.checking",
	"rejected":        "state.rejected",
	"completed":       "state.completed",
	"expired":         "state.expired",
	"superseded":      "state.superseded",
	"closed":          "state.closed",
	"needs_attention": "state.needs_attention",
}

func stateKey(status string) string {
	return stateKeys[status]
}
