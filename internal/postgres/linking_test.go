package postgres_test

import (
	"fmt"
	"sync"
	"testing"

	"portal/internal/identity"
	"portal/internal/postgres"
)

// staff and customers are what two identity providers say of a person with a verified address.
func staff(linked bool) identity.Person {
	return identity.Person{Issuer: "https://staff.example.com", Subject: "1", Email: "ada@example.com", Name: "Ada", Linked: linked}
}

func customers(linked bool) identity.Person {
	return identity.Person{Issuer: "https://customers.example.com", Subject: "1", Email: "ada@example.com", Linked: linked}
}

// byCode is who has proved the address by a code.
func byCode() identity.Person {
	return identity.Person{Issuer: identity.EmailIssuer, Subject: "ada@example.com", Email: "ada@example.com"}
}

// applicants is how many different ones the people are, who sign in one after the other.
func applicants(t *testing.T, s *postgres.Store, people []identity.Person) int {
	t.Helper()
	different := map[identity.ApplicantID]bool{}
	for _, p := range people {
		different[open(t, s, p, opening()).Applicant] = true
	}
	return len(different)
}

// In whichever order somebody comes by the ways in that are linked, they are one applicant, and stay it.
func TestAVerifiedAddressMakesOneApplicantInEveryOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		people []identity.Person
		want   int
	}{
		"code, provider":                  {[]identity.Person{byCode(), staff(true)}, 1},
		"provider, code":                  {[]identity.Person{staff(true), byCode()}, 1},
		"code, both providers":            {[]identity.Person{byCode(), staff(true), customers(true)}, 1},
		"a provider, code, the other":     {[]identity.Person{staff(true), byCode(), customers(true)}, 1},
		"both providers, code":            {[]identity.Person{customers(true), staff(true), byCode()}, 1},
		"not linked: code, provider":      {[]identity.Person{byCode(), staff(false)}, 2},
		"not linked: provider, code":      {[]identity.Person{staff(false), byCode()}, 2},
		"not linked: all":                 {[]identity.Person{staff(false), byCode(), customers(false)}, 3},
		"one is linked, the other is not": {[]identity.Person{byCode(), staff(true), customers(false)}, 2},
		"linked since":                    {[]identity.Person{staff(false), staff(true), byCode()}, 1},
		"linked since, with the code":     {[]identity.Person{staff(false), byCode(), staff(true)}, 2},
	} {
		s, pool := newStore(t)
		if got := applicants(t, s, append(c.people, c.people...)); got != c.want {
			t.Errorf("%s: %d applicants, want %d", name, got, c.want)
		}
		if n := count(t, pool, "applicants"); n != c.want {
			t.Errorf("%s: %d applicants are stored, want %d", name, n, c.want)
		}
	}
}

func TestLinkingAtOnceMakesOneApplicant(t *testing.T) {
	t.Parallel()
	for round := range 5 {
		s, pool := newStore(t)
		people := []identity.Person{staff(true), customers(true), byCode()}
		var mu sync.Mutex
		different := map[identity.ApplicantID]bool{}
		ok := atOnce(21, func(i int) error {
			o := opening()
			if err := s.OpenSession(t.Context(), people[i%len(people)], o, now); err != nil {
				t.Error(err)
				return err
			}
			who := visit(t, s, o.Session)
			mu.Lock()
			defer mu.Unlock()
			different[who.Applicant] = true
			return nil
		})
		if ok != 21 || len(different) != 1 || count(t, pool, "applicants") != 1 || count(t, pool, "identities") != 3 {
			t.Errorf("round %d: %d sessions of %d applicants, %d stored", round, ok, len(different), count(t, pool, "applicants"))
		}
	}
}

func TestWithoutLinkingTwoAtOnceStayTwo(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	people := []identity.Person{staff(false), byCode()}
	ok := atOnce(20, func(i int) error { return s.OpenSession(t.Context(), people[i%2], opening(), now) })
	if n := count(t, pool, "applicants"); ok != 20 || n != 2 {
		t.Errorf("%d sessions of %d applicants", ok, n)
	}
}

// Whoever has got hold of an address later must not come by what its former holder began.
func TestAnIdentityIsNeverMovedToAnotherApplicant(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	ada := open(t, s, staff(true), opening()).Applicant
	grace := open(t, s, identity.Person{Issuer: identity.EmailIssuer, Subject: "grace@example.com", Email: "grace@example.com"}, opening()).Applicant
	renamed := staff(true)
	renamed.Email = "grace@example.com" // whose address is another applicant's
	if got := open(t, s, renamed, opening()).Applicant; got != ada {
		t.Error("the provider's identity moved")
	}
	for email, want := range map[identity.Email]identity.ApplicantID{"grace@example.com": grace, "ada@example.com": ada} {
		p := identity.Person{Issuer: identity.EmailIssuer, Subject: identity.Subject(email.Reveal()), Email: email}
		if got := open(t, s, p, opening()).Applicant; got != want {
			t.Errorf("the address %s moved", email.Reveal())
		}
	}
}

func TestWhatIsSaidOfAPersonIsAsOfTheLastTime(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	session := opening()
	open(t, s, staff(false), session)
	married := staff(false)
	married.Name, married.Email = "Ada King", "king@example.com"
	open(t, s, married, opening())
	if who := visit(t, s, session.Session); who.Name != married.Name || who.Email != married.Email {
		t.Errorf("%s <%s>", who.Name.Reveal(), who.Email.Reveal())
	}
}

func TestAnAddressHasOneApplicant(t *testing.T) {
	t.Parallel()
	s, pool := newStore(t)
	atOnce(10, func(int) error {
		signIn(t, s, "a@example.com")
		return nil
	})
	if n := count(t, pool, "applicants"); n != 1 {
		t.Errorf("%d applicants, want one", n)
	}
	for i := range 3 {
		signIn(t, s, identity.Email(fmt.Sprintf("%d@example.com", i)))
	}
	if n := count(t, pool, "applicants"); n != 4 {
		t.Errorf("%d applicants, want four", n)
	}
}
