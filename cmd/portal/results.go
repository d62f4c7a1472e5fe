package main

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres"
)

// resultMails sends the e-mails that tell applicants what their provider has decided.
type resultMails struct {
	store  *postgres.Store
	herald *identity.Herald
	log    *slog.Logger
}

func newResultMails(store *postgres.Store, mailer identity.ResultMailer, log *slog.Logger) *resultMails {
	return &resultMails{store: store, herald: &identity.Herald{Results: store, Mailer: mailer, Now: time.Now}, log: log}
}

// send tells an applicant what was decided, if that still holds: what was decided meanwhile is told by an e-mail of its own.
func (m *resultMails) send(ctx context.Context, id onboarding.RegistrationID, version int64, kind onboarding.Mail) error {
	r, err := m.store.Registration(ctx, id)
	if err != nil {
		return fmt.Errorf("reading registration %s: %w", id, err)
	}
	if r.Verification == nil || r.Verification.Decided != kind {
		return nil
	}
	to, err := m.store.ResultAddress(ctx, r.Applicant)
	if err != nil {
		return err
	}
	if to == "" {
		m.log.WarnContext(ctx, "no address to tell an applicant of a decision", slog.String("registration_id", id.String()))
		return nil
	}
	return m.herald.Tell(ctx, identity.Result{
		ID: resultID(id, version), To: to, Kind: string(kind), Locale: r.Verification.Language, Flow: r.Flow,
	})
}

// resultID names the e-mail about one change of a registration, in letters that mail servers leave alone.
func resultID(id onboarding.RegistrationID, version int64) identity.MailID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", id, version))
	return identity.MailID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:20])))
}
