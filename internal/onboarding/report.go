package onboarding

import (
	"context"
	"sync"
	"time"
)

// Reported is a registration with what the provider says of its profile.
type Reported struct {
	Registration Registration
	View         *ProfileView // nil where there is no profile yet, or it could not be read
	Err          error        // why it could not be read, with a kind for callers and a text for operators
}

// Sought says which of somebody's registrations are meant: those of a flow and of a case, or of any where it is nil.
type Sought struct {
	Flow *string
	Case *string
}

const (
	reportWithin = 5 * time.Second // for all registrations together
	reportAtOnce = 4               // reads under way
)

// Report reads the profiles of registrations, in their order. One that cannot be read in time does not keep the others
// back. What a provider that checks documents has found is known without a read.
func Report(ctx context.Context, profiles ProfileReader, registrations []Registration) []Reported {
	ctx, cancel := context.WithTimeout(ctx, reportWithin)
	defer cancel()
	reported := make([]Reported, len(registrations))
	places := make(chan struct{}, reportAtOnce)
	var reads sync.WaitGroup
	for i, r := range registrations {
		reported[i].Registration = r
		if r.Profile == "" || r.Provider == Sumsub {
			continue
		}
		places <- struct{}{}
		reads.Go(func() {
			defer func() { <-places }()
			reported[i].View, reported[i].Err = readView(ctx, profiles, r.Profile)
		})
	}
	reads.Wait()
	return reported
}

// readView reads a profile as long as there is time.
func readView(ctx context.Context, profiles ProfileReader, id ProfileID) (*ProfileView, error) {
	if err := ctx.Err(); err != nil {
		return nil, &Error{Kind: Busy, Key: "error.unavailable", Err: err}
	}
	view, err := profiles.ReadProfile(ctx, id)
	if err != nil {
		return nil, err
	}
	return &view, nil
}
