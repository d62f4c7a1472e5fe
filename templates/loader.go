package templates

import (
	"context"
	"encoding/json"
	"io"

	"github.com/a-h/templ"

	"portal/internal/i18n"
)

// CustomerRequest is the pair that opens a form at the provider. It is secret: it appears on the page once and nowhere else.
type CustomerRequest struct {
	RequestID string `json:"request_id"`
	APIKey    string `json:"apikey"`
}

// LoaderView is the page that embeds the provider's form.
type LoaderView struct {
	// Static is the page for the link in a request e-mail: the provider's script reads the pair from the address. Such a page holds nothing
	// personal and is the same for everybody; of the other fields only EmbedURL counts.
	Static   bool
	EmbedURL string // address of embed.js
	Request  CustomerRequest
	// StatusURL and Status let the page notice that the registration has moved on, and keep the session alive.
	StatusURL string
	Status    string
	Title     string // of the flow
	Flow      string // its name; not shown
	Account   Account
	Reference string // for support
	Behind    Behind
}

func loaderTitle(ctx context.Context, v LoaderView) string {
	if v.Static {
		return i18n.T(ctx, "form.title")
	}
	return v.Title
}

// loaderKind is what the page is called in reports.
func loaderKind(v LoaderView) string {
	if v.Static {
		return "link"
	}
	return "form"
}

func loaderHelp(ctx context.Context, v LoaderView) embedHelp {
	h := embedHelp{
		ID: "form-help", Title: i18n.T(ctx, "form.help_title"), Kept: i18n.T(ctx, "form.help_kept"), Else: i18n.T(ctx, "form.help"), Link: v.Static,
	}
	if !v.Static {
		h.Reference = v.Reference
	}
	return h
}

func loaderChrome(ctx context.Context, v LoaderView) chrome {
	c := chrome{Title: loaderTitle(ctx, v), Form: true, Based: true}
	if !v.Static {
		c.Account, c.Watch = v.Account, v.StatusURL != ""
	}
	return c
}

// customerRequest is the pair as JSON for loader.js. Go's encoder writes <, > and & as escapes, so that no value can end the element.
func customerRequest(r CustomerRequest) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		pair, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, `<script type="application/json" id="customer-request">`+string(pair)+`</script>`)
		return err
	})
}
