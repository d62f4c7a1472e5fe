package postgres_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/identity"
	"portal/internal/localpg"
	"portal/internal/onboarding"
	"portal/internal/postgres"
	"portal/internal/seal"
)

// rotation is a keyset before it is rotated, and afterwards.
type rotation struct{ before, after *seal.Keyset }

func rotate(t *testing.T) rotation {
	t.Helper()
	json, err := seal.NewKeyset()
	if err != nil {
		t.Fatal(err)
	}
	r := rotation{before: keysOf(t, json)}
	for _, step := range []func(string) (string, error){seal.Extend, seal.Promote} {
		if json, err = step(json); err != nil {
			t.Fatal(err)
		}
	}
	r.after = keysOf(t, json)
	return r
}

func keysOf(t *testing.T, json string) *seal.Keyset {
	t.Helper()
	keys, err := seal.Parse(json)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// fillSealed has the store seal something in each of its columns. Every way to do so is the store's own.
func fillSealed(t *testing.T, pool *pgxpool.Pool, keys *seal.Keyset) onboarding.Registration {
	t.Helper()
	s := postgres.New(pool, keys, postgres.NoJobs)
	beginKnown(t, s)
	r := company(t, s)
	enter(t, s, r, onboarding.NewAssociate{Details: director("Lovelace")})
	if err := s.Learn(t.Context(), r.ID, trust("Learned")); err != nil {
		t.Fatal(err)
	}
	examined(t, s, "ada")
	put(t, postgres.NewWebhooks(pool, keys), about("p1", "p2")...)
	putLink(t, s)
	o := opening()
	o.Provider = identity.ProviderSession{Name: "staff", ID: "sid", IDToken: "the id token"}
	open(t, s, identity.Person{Issuer: "https://id.example.com", Subject: "1"}, o)
	return r
}

// sealedTexts are all columns that hold what is sealed.
var sealedTexts = []string{
	"customer_requests.sealed_key", "registration_facts.sealed", "structures.sealed_own", "associates.sealed", "verifications.sealed",
	"webhooks.sealed_body", "links.sealed_facts", "sessions.sealed_id_token",
}

func TestWhatAFormerKeySealedIsSealedAnew(t *testing.T) {
	t.Parallel()
	pool, keys := localpg.New(t), rotate(t)
	r := fillSealed(t, pool, keys.before)
	s := postgres.New(pool, keys.after, postgres.NoJobs)
	before, err := s.Seals(t.Context())
	if err != nil || len(before) != 1 || before[keys.before.Primary()] < len(sealedTexts) {
		t.Fatalf("sealed by %v, %v", before, err)
	}
	anew, lost, err := s.Reseal(t.Context())
	if err != nil || lost != 0 || anew != before[keys.before.Primary()] {
		t.Fatalf("%d sealed anew, %d lost, %v; want %v", anew, lost, err, before)
	}
	after, err := s.Seals(t.Context())
	if err != nil || len(after) != 1 || after[keys.after.Primary()] != anew {
		t.Errorf("sealed by %v, %v", after, err)
	}
	if got, err := s.Registration(t.Context(), r.ID); err != nil || got.Request == nil || got.Request.Key != "the key of the request" {
		t.Errorf("the key of the request does not open any more: %v", err)
	}
	if anew, lost, err := s.Reseal(t.Context()); anew != 0 || lost != 0 || err != nil {
		t.Errorf("again: %d, %d, %v", anew, lost, err)
	}
}

// What is sealed and not gone through would be lost with its key.
func TestEverySealedColumnIsGoneThrough(t *testing.T) {
	t.Parallel()
	pool, keys := localpg.New(t), rotate(t)
	rows, err := pool.Query(t.Context(), `
		select table_name || '.' || column_name from information_schema.columns
		where table_schema = 'public' and column_name like 'sealed%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for n := 0; rows.Next(); n++ {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(sealedTexts, " ")+" ", name+" ") {
			t.Errorf("%s is not filled by the test above", name)
		}
	}
	fillSealed(t, pool, keys.before)
	if _, _, err := postgres.New(pool, keys.after, postgres.NoJobs).Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range sealedTexts {
		table, column, _ := strings.Cut(name, ".")
		var sealed [][]byte
		if err := pool.QueryRow(t.Context(), "select array_agg("+column+") filter (where length("+column+") > 0) from "+table).Scan(&sealed); err != nil {
			t.Fatal(err)
		}
		if len(sealed) == 0 {
			t.Errorf("%s holds nothing", name)
		}
		for _, one := range sealed {
			if id, ok := seal.KeyOf(one); !ok || id != keys.after.Primary() {
				t.Errorf("%s is sealed by %d", name, id)
			}
		}
	}
}

func TestWhatNoKeyOpensStaysAndIsCounted(t *testing.T) {
	t.Parallel()
	pool := localpg.New(t)
	fillSealed(t, pool, newKeys(t))
	other := postgres.New(pool, newKeys(t), postgres.NoJobs)
	before, err := other.Seals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	anew, lost, err := other.Reseal(t.Context())
	if anew != 0 || lost < len(sealedTexts) || err != nil {
		t.Errorf("%d sealed anew, %d lost, %v", anew, lost, err)
	}
	if after, err := other.Seals(t.Context()); err != nil || len(after) != 1 || len(before) != 1 {
		t.Errorf("sealed by %v before and by %v after, %v", before, after, err)
	}
}

// More than one statement reads, and more than one transaction writes, while somebody changes the same rows.
func TestResealingLosesNothingThatIsChangedMeanwhile(t *testing.T) {
	t.Parallel()
	pool, keys := localpg.New(t), rotate(t)
	old, s := postgres.New(pool, keys.before, postgres.NoJobs), postgres.New(pool, keys.after, postgres.NoJobs)
	r := company(t, old)
	enter(t, old, r, onboarding.NewAssociate{Details: trust("First")})
	put(t, postgres.NewWebhooks(pool, keys.before), about(slices.Repeat([]string{"p"}, 250)...)...)
	ctx, end := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	writers.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			if err := s.Learn(context.WithoutCancel(ctx), r.ID, trust("name "+time.Duration(n).String())); err != nil {
				t.Error(err)
			}
		}
	})
	anew, lost, err := s.Reseal(t.Context())
	end()
	writers.Wait()
	if err != nil || lost != 0 || anew < 250 {
		t.Errorf("%d sealed anew, %d lost, %v", anew, lost, err)
	}
	by, err := s.Seals(t.Context())
	if err != nil || len(by) != 1 || by[keys.after.Primary()] == 0 {
		t.Errorf("sealed by %v, %v", by, err)
	}
}
