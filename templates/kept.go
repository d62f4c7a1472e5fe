package templates

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"

	"portal/internal/i18n"
)

// Parts keeps what is rendered once for each look and language, because it is the same for everybody on every page. The zero
// value is ready; a Site without one renders everything anew.
type Parts struct{ rendered sync.Map } // []byte by partKey

// partKey is what a part depends on.
type partKey struct{ name, brand, lang string }

// kept renders a part of a page, or repeats what was rendered of it before. The name says which part it is and whatever else
// it depends on beside brand and language: nothing of a person and nothing of a request, since it would be shown to others.
func kept(name string, part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		s := site(ctx)
		if s.Parts == nil {
			return part.Render(ctx, w)
		}
		key := partKey{name, s.Brand.Part, i18n.From(ctx).Lang()}
		known, ok := s.Parts.rendered.Load(key)
		if !ok {
			var b bytes.Buffer
			if err := part.Render(ctx, &b); err != nil {
				return err
			}
			known, _ = s.Parts.rendered.LoadOrStore(key, b.Bytes())
		}
		_, err := w.Write(known.([]byte))
		return err
	})
}

// footerName is what the footer is kept as.
func footerName(c chrome) string {
	if c.Form {
		return "footer beside a form"
	}
	return "footer"
}

// causesName is what the causes are kept as why a form has not appeared.
func causesName(h embedHelp) string {
	if h.Link {
		return "causes of an e-mailed link"
	}
	return "causes " + h.ID
}
