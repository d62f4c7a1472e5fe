package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Allowance is a limit that holds across replicas: Burst at once, and one more whenever Every has passed.
type Allowance struct {
	Name  string // of what is limited
	Key   string // for whom; never personal data
	Burst int
	Every time.Duration
}

// TooOften means that an allowance is used up. It says when there is something left again.
type TooOften struct {
	Limit string // the name of the allowance that takes longest
	Wait  time.Duration
}

// Error says which and for how long.
func (e *TooOften) Error() string { return fmt.Sprintf("too often (%s); again in %s", e.Limit, e.Wait) }

// Allowances keeps what may still be done.
type Allowances interface {
	// Spend takes from all the allowances, or from none and says *TooOften where one is used up.
	Spend(ctx context.Context, a []Allowance, now time.Time) error
	// GiveBack undoes the taking from allowances.
	GiveBack(ctx context.Context, a []Allowance) error
}

// From is where somebody comes from, as far as limits care.
type From struct {
	Network string
	Known   Token // what the browser got when it signed in before; may be empty, or for another address
}

// The limits on codes and tries. The owner of an address must get in while others guess, and soon after they stop:
//   - A browser that has signed in with the address before has allowances of its own, which nobody else can use up.
//   - What is asked for and tried from one network is counted apart from others.
//   - The first try of every code is free, so that guesses cannot keep out whoever has a code.
//
// What counts for an address whoever asks keeps a mailbox from being flooded from many networks, and the chance of
// guessing small: with all of it used up on a day and refilled meanwhile there are 240 codes with a free try each and 120
// more tries, at two codes that are good at a time, which is less than one chance in a thousand.
const (
	codesAtOnce     = 10 // to one address, asked for from one network
	codesEvery      = 15 * time.Second
	codesMost       = 30 // the same, when that has gone on for long
	codesMostEvery  = 15 * time.Minute
	addressAtOnce   = 60 // codes to one address, wherever they are asked for
	addressEvery    = 8 * time.Minute
	triesAtOnce     = 20 // for one address, from one network, whichever codes they are for
	triesEvery      = 15 * time.Second
	triesMost       = 40 // the same, when that has gone on for long
	triesMostEvery  = 15 * time.Minute
	anywhereAtOnce  = 60 // tries for one address, wherever they come from
	anywhereEvery   = 24 * time.Minute
	keyAttempts     = 30 // wrong API keys from one network at once
	keyAttemptEvery = 2 * time.Second
	callsAtOnce     = 200 // of the API, with one key
	callsEvery      = 20 * time.Millisecond
	beginsAtOnce    = 200 // sign-ins at identity providers, from one network
	beginsEvery     = 2 * time.Second
	day             = 24 * time.Hour
)

// CodesOfAll is the name of the allowance that all codes take from. When it is used up nobody unknown can sign in by a
// code, which operators must hear of.
const CodesOfAll = "code.all"

// Budget bounds what is sent altogether.
type Budget struct {
	PerNetwork int // codes asked for from one network, an hour
	PerDay     int // codes sent to everybody in browsers that are not known, and as many again in those that are
}

// codes are the allowances that a code takes from: those of the address, and those of everybody.
func (b Budget) codes(to Email, from From, now time.Time) (address, everybody []Allowance) {
	if device, ok := to.knows(from.Known, now); ok {
		return []Allowance{
			{"code.known", to.limited(device), codesAtOnce, codesEvery},
			{"code.known.most", to.limited(device), codesMost, codesMostEvery},
		}, b.everybody("code.known.network", "code.known.all", from.Network)
	}
	return []Allowance{
		{"code", to.limited(from.Network), codesAtOnce, codesEvery},
		{"code.most", to.limited(from.Network), codesMost, codesMostEvery},
		{"code.address", to.limited(""), addressAtOnce, addressEvery},
	}, b.everybody("code.network", CodesOfAll, from.Network)
}

// everybody are the allowances under these names that the codes to all addresses take from. Browsers that are known have
// some of their own, as large, so that strangers cannot use them up.
func (b Budget) everybody(ofNetworks, ofAll, network string) []Allowance {
	return []Allowance{
		{ofNetworks, ofNetwork(network), b.PerNetwork, time.Hour / time.Duration(b.PerNetwork)},
		{ofAll, "", b.PerDay, day / time.Duration(b.PerDay)},
	}
}

// Tries are the allowances that an attempt to enter a code takes from, after so many tries of that code.
func Tries(of Email, from From, before int, now time.Time) []Allowance {
	if before == 0 {
		return nil
	}
	if device, ok := of.knows(from.Known, now); ok {
		return []Allowance{
			{"try.known", of.limited(device), triesAtOnce, triesEvery},
			{"try.known.most", of.limited(device), triesMost, triesMostEvery},
		}
	}
	return []Allowance{
		{"try", of.limited(from.Network), triesAtOnce, triesEvery},
		{"try.most", of.limited(from.Network), triesMost, triesMostEvery},
		{"try.address", of.limited(""), anywhereAtOnce, anywhereEvery},
	}
}

// begins are the allowances that a sign-in at an identity provider takes from.
func begins(network string) []Allowance {
	return []Allowance{{"provider", ofNetwork(network), beginsAtOnce, beginsEvery}}
}

// limited is the mailbox, and who asks for it, as a key of limits: without the personal data, and the same for all the
// spellings with a tag that many providers put into one mailbox.
func (e Email) limited(by string) string {
	local, domain, _ := strings.Cut(e.Reveal(), "@")
	mailbox, _, _ := strings.Cut(local, "+")
	return hashed(mailbox + "@" + domain + "|" + by)
}

func ofNetwork(network string) string { return hashed("|" + network) }

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
