package passfort

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"portal/internal/onboarding"
)

var (
	errNone       = errors.New("no profile has the reference")
	errIncomplete = errors.New("the look-up was not complete")
)

// FindProfile looks for the profile with exactly the stub's customer reference, created since then. NotFound means
// that the look-up was complete; what could not be looked at makes it Busy. Profiles that taken returns are not looked at:
// in busy times nearly all are our own, of others.
func (c *Client) FindProfile(ctx context.Context, p onboarding.StubProfile, since time.Time, taken onboarding.Taken) (onboarding.ProfileID, error) {
	ctx, cancel := context.WithTimeout(ctx, lookUpWithin)
	defer cancel()
	l := &lookUp{client: c, stub: p, earliest: since.Add(-clockSkew), taken: taken, seen: map[string]bool{}}
	id, err := l.search(ctx)
	if err == nil && id == "" {
		id, err = l.walk(ctx)
	}
	switch kind := onboarding.KindOf(err); {
	case err == nil && id == "":
		return "", listProfiles.failed(onboarding.NotFound, errNone)
	case kind == onboarding.NotFound: // an address that should be there is not
		return "", &onboarding.Error{Kind: onboarding.Busy, Err: fmt.Errorf("%w: %w", errIncomplete, err)}
	default:
		return id, err
	}
}

// lookUp is one search for a profile.
type lookUp struct {
	client   *Client
	stub     onboarding.StubProfile
	earliest time.Time
	taken    onboarding.Taken
	seen     map[string]bool // candidates met
	looked   int             // at so many of them
}

// search tries the short way: PassFort's own search, which may or may not know customer references.
func (l *lookUp) search(ctx context.Context) (onboarding.ProfileID, error) {
	found, err := l.client.listProfiles(ctx, l.stub.CustomerRef, 0)
	if err != nil {
		return "", err
	}
	return l.among(ctx, found)
}

// walk goes through all profiles until the list ends, or is visibly newest first and has come to those from before
// the look-up's time.
func (l *lookUp) walk(ctx context.Context) (onboarding.ProfileID, error) {
	offset := 0
	for range maxPages {
		found, err := l.client.listProfiles(ctx, "", offset)
		if err != nil {
			return "", err
		}
		if id, err := l.among(ctx, found); err != nil || id != "" {
			return id, err
		}
		if len(found) == 0 || found.newestFirst() && found.endsBefore(l.earliest) {
			return "", nil
		}
		offset += len(found)
	}
	return "", listProfiles.failed(onboarding.Busy, fmt.Errorf("%w: more than %d pages", onboarding.ErrIncomplete, maxPages))
}

// among returns the one of the listed profiles that has the reference, or "".
func (l *lookUp) among(ctx context.Context, found page) (onboarding.ProfileID, error) {
	candidates, err := l.candidates(ctx, found)
	if err != nil {
		return "", err
	}
	for _, id := range candidates {
		if l.looked++; l.looked > maxCandidates {
			return "", listProfiles.failed(onboarding.Busy, fmt.Errorf("%w: more than %d candidates", onboarding.ErrIncomplete, maxCandidates))
		}
		ref, err := l.client.CustomerRef(ctx, id)
		if err != nil {
			return "", err
		}
		if ref == l.stub.CustomerRef {
			return id, nil
		}
	}
	return "", nil
}

// candidates are the listed profiles that were not met before, can be the one, and are not known to be others'.
func (l *lookUp) candidates(ctx context.Context, found page) ([]onboarding.ProfileID, error) {
	var ids []onboarding.ProfileID
	for _, e := range found {
		if !l.seen[e.ID] && e.mayBe(l.stub.Role, l.earliest) {
			l.seen[e.ID] = true
			ids = append(ids, onboarding.ProfileID(e.ID))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	taken, err := l.taken(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("which candidates are others': %w", err)
	}
	return slices.DeleteFunc(ids, func(id onboarding.ProfileID) bool { return slices.Contains(taken, id) }), nil
}

// listProfiles reads a page of the list: of the profiles that match q, or of all where q is empty.
func (c *Client) listProfiles(ctx context.Context, q string, offset int) (page, error) {
	k := call{
		endpoint: listProfiles,
		query:    url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(offset)}},
	}
	if q != "" {
		k.query.Set("q", q)
	}
	var found page
	err := c.do(ctx, k, func(answer reply) (err error) {
		found, err = decodePage(answer.body)
		return err
	})
	return found, err
}

// page is a part of the list of profiles.
type page []entry

// entry is a profile as the list shows it: with minimal information, and nobody says how minimal.
type entry struct {
	ID           string          `json:"id"`
	Role         onboarding.Role `json:"role"`
	CreationDate string          `json:"creation_date"`
}

// created is the time of creation; ok is false where it is not known.
func (e entry) created() (at time.Time, ok bool) {
	at, err := time.ParseInLocation(timeLayout, e.CreationDate, time.UTC)
	return at, err == nil
}

// mayBe says whether the entry can be a profile of that role created at that time or later. What the entry does not
// tell rules nothing out.
func (e entry) mayBe(role onboarding.Role, earliest time.Time) bool {
	if e.Role != "" && e.Role != role {
		return false
	}
	at, ok := e.created()
	return !ok || !at.Before(earliest)
}

// newestFirst says whether the page shows that the list is sorted so: every date known, none after the one before it,
// and not all the same.
func (p page) newestFirst() bool {
	known := !slices.ContainsFunc(p, func(e entry) bool { _, ok := e.created(); return !ok })
	falling := slices.IsSortedFunc(p, func(a, b entry) int {
		first, _ := a.created()
		second, _ := b.created()
		return second.Compare(first)
	})
	return known && falling && len(p) > 1 && p[0].CreationDate != p[len(p)-1].CreationDate
}

// endsBefore says whether the page's last profile was created before then.
func (p page) endsBefore(then time.Time) bool {
	at, ok := p[len(p)-1].created()
	return ok && at.Before(then)
}

// decodePage reads a page. An entry without a usable id could be the one that is looked for, so there must be none.
func decodePage(body []byte) (page, error) {
	var list struct {
		Results *page `json:"results"`
	}
	if json.Unmarshal(body, &list) != nil || list.Results == nil {
		return nil, errNoJSON
	}
	if slices.ContainsFunc(*list.Results, func(e entry) bool { return !profileID.MatchString(e.ID) }) {
		return nil, errNoID
	}
	return *list.Results, nil
}
