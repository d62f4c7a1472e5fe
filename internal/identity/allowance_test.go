package identity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"portal/internal/identity"
)

const ofAda = identity.Email("ada@example.com")

// then is when these tests are.
var then = newDesk().now

// most is how much an allowance grants within a time, when all of it was there at the beginning.
func most(a identity.Allowance, within time.Duration) int { return a.Burst + int(within/a.Every) }

func names(list []identity.Allowance) map[string]identity.Allowance {
	byName := map[string]identity.Allowance{}
	for _, a := range list {
		byName[a.Name] = a
	}
	return byName
}

// codes are the allowances that a code for the address takes from.
func (d *desk) codesOf(t *testing.T, typed string, from identity.From) map[string]identity.Allowance {
	t.Helper()
	asking := ada
	asking.Typed, asking.From = typed, from
	if _, err := d.Desk.SendCode(t.Context(), asking); err != nil {
		t.Fatal(err)
	}
	return names(d.limits[len(d.limits)-1])
}

func tries(from identity.From) map[string]identity.Allowance {
	return names(identity.Tries(ofAda, from, 1, then))
}

func TestGuessingACodeIsHopeless(t *testing.T) {
	t.Parallel()
	stranger := identity.From{Network: network}
	codes := most(newDesk().codesOf(t, ofAda.Reveal(), stranger)["code.address"], 24*time.Hour) // each with a free try
	all := codes + most(tries(stranger)["try.address"], 24*time.Hour)
	if chance := float64(all) * 2 / 1e6; chance > 1.0/1000 { // two codes are good at a time
		t.Errorf("%d tries in a day are a chance of 1 in %.0f", all, 1/chance)
	}
}

// What is left after a minute of guessing from the owner's own network must let the owner in within seconds.
func TestALongDaysLimitsOutlastAMinuteOfGuessing(t *testing.T) {
	t.Parallel()
	stranger := identity.From{Network: network}
	codes, limits := newDesk().codesOf(t, ofAda.Reveal(), stranger), tries(stranger)
	for quick, slow := range map[*identity.Allowance][]identity.Allowance{
		new(codes["code"]): {codes["code.most"], codes["code.address"]}, new(limits["try"]): {limits["try.most"], limits["try.address"]},
	} {
		taken := most(*quick, time.Minute)
		for _, a := range slow {
			if a.Burst-taken < identity.CodeTries {
				t.Errorf("%s leaves %d after a minute that took %d", a.Name, a.Burst-taken, taken)
			}
		}
		if quick.Every > 20*time.Second {
			t.Errorf("the owner waits %s for %s", quick.Every, quick.Name)
		}
	}
}

func TestFirstTryOfACodeIsFree(t *testing.T) {
	t.Parallel()
	if a := identity.Tries(ofAda, identity.From{Network: network}, 0, then); len(a) > 0 {
		t.Errorf("it takes from %v", a)
	}
}

// Each limit is taken from by those whom it is for, and by nobody else.
func TestLimitsAreForWhomTheySay(t *testing.T) {
	t.Parallel()
	d := newDesk()
	known := ofAda.KnownTo("", then)
	of := func(typed string, from identity.From) map[string]identity.Allowance {
		email, _ := identity.ParseEmail(typed)
		both := d.codesOf(t, typed, from)
		for name, a := range names(identity.Tries(email, from, 1, then)) {
			both[name] = a
		}
		return both
	}
	stranger := identity.From{Network: network}
	own := of(ofAda.Reveal(), stranger)
	for name, c := range map[string]struct {
		with   map[string]identity.Allowance
		shared string
	}{
		"another browser":       {of(" ADA@example.com", stranger), "code code.address code.all code.most code.network try try.address try.most"},
		"a tag in the address":  {of("ada+shop@example.com", stranger), "code code.address code.all code.most code.network try try.address try.most"},
		"another network":       {of("ada@example.com", identity.From{Network: "198.51.100.0/24"}), "code.address code.all try.address"},
		"another address":       {of("eve@example.com", stranger), "code.all code.network"},
		"a known browser":       {of("ada@example.com", identity.From{Network: network, Known: known}), ""},
		"known by another":      {of("eve@example.com", identity.From{Network: network, Known: known}), "code.all code.network"},
		"a made-up known":       {of("ada@example.com", identity.From{Network: network, Known: "x.y"}), "code code.address code.all code.most code.network try try.address try.most"},
		"a known without a key": {of("ada@example.com", identity.From{Network: network, Known: "."}), "code code.address code.all code.most code.network try try.address try.most"},
	} {
		var shared []string
		for limit, a := range own {
			if c.with[limit] == a {
				shared = append(shared, limit)
			}
		}
		if slices.Sort(shared); strings.Join(shared, " ") != c.shared {
			t.Errorf("%s shares %v, want %s", name, shared, c.shared)
		}
	}
	one, other := of(ofAda.Reveal(), identity.From{Known: known}), of(ofAda.Reveal(), identity.From{Known: ofAda.KnownTo("", then)})
	if one["code.known"] == other["code.known"] || one["try.known"] == other["try.known"] {
		t.Error("two browsers that are known share a limit")
	}
}

// Who signs in again and again, or keeps a copy for long, earns no further limits by it.
func TestBrowserIsKnownOnceAndNotForEver(t *testing.T) {
	t.Parallel()
	known := ofAda.KnownTo("", then)
	if again := ofAda.KnownTo(known, then.Add(identity.KnownFor-time.Second)); again != known {
		t.Error("a browser that is known became another")
	}
	for name, other := range map[string]identity.Token{
		"after its time":      ofAda.KnownTo(known, then.Add(identity.KnownFor)),
		"for another address": identity.Email("eve@example.com").KnownTo(known, then),
		"with another time":   ofAda.KnownTo(identity.Token(strings.Replace(known.Reveal(), ".1", ".2", 1)), then),
	} {
		if other == known {
			t.Errorf("%s it is still known", name)
		}
	}
}

func TestLimitsNameNobody(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.ask(t)
	from := identity.From{Network: network, Known: ofAda.KnownTo("", then)}
	out := fmt.Sprintf("%#v", slices.Concat(d.limits[0], identity.Tries(ofAda, identity.From{Network: network}, 1, then), identity.Tries(ofAda, from, 1, then)))
	for _, personal := range []string{"ada", "example.com", "192.0.2"} {
		if strings.Contains(out, personal) || strings.Contains(from.Known.Reveal(), personal) {
			t.Errorf("%q is in %s", personal, out)
		}
	}
}
