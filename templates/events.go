package templates

import (
	"context"
	"strings"

	"github.com/a-h/templ"
)

// events says where the page of a status is told of changes, beside where it asks for them. Where pages only ask it says nothing.
func events(ctx context.Context, statusURL string) templ.Attributes {
	if !site(ctx).Live {
		return nil
	}
	path, query, _ := strings.Cut(statusURL, "?")
	return templ.Attributes{"data-events-url": strings.TrimSuffix(path, "/status") + "/events?" + query}
}
