package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"portal/internal/identity"
	"portal/internal/mail"
	"portal/internal/postgres"
	"portal/internal/telemetry"
)

func newEmail(getenv func(string) string) *cobra.Command {
	return group("email", "Make request e-mails, and see what became of the portal's own",
		"The database of log and bounce is that of PORTAL_DATABASE_URL. Addresses are shown in full to those who may read it.",
		newEmailBuild(getenv), newEmailCheck(), newEmailLog(getenv), newEmailBounce(getenv))
}

// newPost joins what looking after the portal's e-mails takes.
func newPost(store *postgres.Store, observe func(outcome string), log *slog.Logger) *identity.Post {
	return &identity.Post{Deliveries: store, Parse: mail.ParseBounce, Observe: observe, Log: log, Now: time.Now}
}

// mailers send all e-mails of the portal.
type mailers interface {
	identity.Mailer
	identity.ResultMailer
}

// watchedMailer counts e-mails by what came of them, and logs refusals: the applicant is told that the address takes no
// mail, and the page logs only what an operator must mend.
type watchedMailer struct {
	mailers
	observe func(outcome string)
	log     *slog.Logger
}

// SendCode implements [identity.Mailer].
func (m watchedMailer) SendCode(ctx context.Context, c identity.CodeMail) error {
	return m.watched(ctx, c.ID, m.mailers.SendCode(ctx, c))
}

// SendResult implements [identity.ResultMailer].
func (m watchedMailer) SendResult(ctx context.Context, r identity.Result) error {
	return m.watched(ctx, r.ID, m.mailers.SendResult(ctx, r))
}

// watched is the error of sending an e-mail, once it is counted.
func (m watchedMailer) watched(ctx context.Context, id identity.MailID, err error) error {
	why, ok := errors.AsType[*identity.MailError](err)
	switch {
	case err == nil:
		m.observe(identity.MailAccepted)
	case !ok:
		m.observe(identity.MailUnreachable)
	default:
		m.observe(why.Status())
		if why.Refused {
			m.log.WarnContext(ctx, "e-mail refused", slog.String("mail_id", string(id)), slog.String("reply", why.Reply))
		}
	}
	return err
}

func newEmailBounce(getenv func(string) string) *cobra.Command {
	return &cobra.Command{
		Use: "bounce", Short: "Take an e-mail in that came back, from standard input", Args: cobra.NoArgs,
		Long: "Reads a message as the mail server has it. Where it says that an e-mail of the portal could not be delivered\n" +
			"(a delivery status notification, RFC 3464), `portal email log` shows it from then on. Any other message changes\n" +
			"nothing and is no failure, so that a mail server does not try it again.",
		RunE: working(func(cmd *cobra.Command) error {
			return withStore(cmd.Context(), getenv, nil, func(store *postgres.Store) error {
				log := telemetry.Logger(cmd.ErrOrStderr(), slog.LevelWarn)
				return takeBounce(cmd, newPost(store, func(string) {}, log)) // metrics are of processes that go on
			})
		}),
	}
}

func takeBounce(cmd *cobra.Command, p *identity.Post) error {
	marked, err := p.Receive(cmd.Context(), cmd.InOrStdin())
	says := fmt.Sprintf("e-mails marked as bounced: %d", marked)
	if errors.Is(err, identity.ErrNotABounce) {
		says, err = "nothing changed: "+identity.ErrNotABounce.Error(), nil
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), says)
	return err
}
