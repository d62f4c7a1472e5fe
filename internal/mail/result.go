package mail

import (
	"context"
	"net/url"

	"portal/internal/i18n"
	"portal/internal/identity"
	"portal/templates/email"
)

// SendResult implements [identity.ResultMailer].
func (s *Sender) SendResult(ctx context.Context, r identity.Result) error {
	page := i18n.With(ctx, s.languages.Negotiate(r.Locale))
	view := email.ResultView{Brand: s.brandOf(r.Flow), Kind: r.Kind, URL: s.page + "?flow=" + url.QueryEscape(r.Flow)}
	m, err := s.message(page, r.To, r.ID, email.ResultSubject(page, view), email.ResultText(page, view), email.Result(view))
	if err != nil {
		return err
	}
	if err := s.server.deliver(ctx, m, r.ID); err != nil {
		return judge(err, r.To, r.ID)
	}
	return nil
}
