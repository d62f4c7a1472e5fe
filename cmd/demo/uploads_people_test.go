package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/seal"
	"portal/internal/sumsub"
)

// registrar makes applicants of whom documents are wanted, with the portal's own engine.
type registrar struct {
	store  *postgres.Store
	engine *onboarding.Engine
}

func newRegistrar(t *testing.T, pool *pgxpool.Pool, env settings) *registrar {
	t.Helper()
	text, err := os.ReadFile(env["PORTAL_SEAL_KEYSET_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	api, err := url.Parse(env["SUMSUB_API_URL"])
	if err != nil {
		t.Fatal(err)
	}
	store := postgres.New(pool, keys, postgres.NoJobs)
	return &registrar{store: store, engine: &onboarding.Engine{
		Flows: map[string]onboarding.Flow{"documents": {
			Name: "documents", Provider: onboarding.Sumsub, Role: onboarding.IndividualCustomer, Level: "id-and-selfie", Mode: onboarding.ModeAPI,
			ResultMails: onboarding.MailChanges,
		}},
		Registrations: store, Profiles: store,
		Verifier: sumsub.New(sumsub.Options{
			BaseURL: api, AppToken: sumsub.Secret(env["SUMSUB_APP_TOKEN"]), SecretKey: sumsub.Secret(env["SUMSUB_SECRET_KEY"]), Now: time.Now,
		}),
		CheckSettle: time.Second, Now: time.Now, Jitter: mathrand.Float64, Log: slog.New(slog.DiscardHandler),
		NewID: func() onboarding.RegistrationID { return onboarding.RegistrationID(uuid.Must(uuid.NewV7())) },
	}}
}

// register signs a new applicant in and begins a registration up to where documents are asked for.
func (r *registrar) register(ctx context.Context, session identity.Token) (id string, err error) {
	who := identity.Person{Issuer: identity.LinkIssuer, Subject: identity.Subject(rand.Text())}
	if err := r.store.OpenSession(ctx, who, identity.Opening{Session: session}, time.Now()); err != nil {
		return "", err
	}
	visitor, _, err := r.store.Visit(ctx, session, identity.Limits{Idle: time.Hour, Absolute: time.Hour}, time.Now())
	if err != nil {
		return "", err
	}
	begun, err := r.engine.Start(ctx, onboarding.ApplicantID(visitor.Applicant), "documents", "", onboarding.Facts{})
	if err != nil {
		return "", err
	}
	if err := r.engine.Advance(ctx, begun.ID); err != nil {
		return "", err
	}
	reg, err := r.store.Registration(ctx, begun.ID)
	if err == nil && reg.Status != onboarding.Open {
		err = fmt.Errorf("the registration is %s: %s", reg.Status, reg.Cause)
	}
	return begun.ID.String(), err
}
