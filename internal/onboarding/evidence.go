package onboarding

import (
	"fmt"
	"time"
)

// Sighting is what a read of the provider shows of a profile's most recent customer request.
type Sighting struct {
	ID        RequestID
	Key       RequestKey // empty where the provider does not repeat it
	Completed bool       // the provider's word for over: finished or expired alike
}

// Word is what a webhook says has become of a customer request.
type Word struct {
	Request RequestID
	Outcome Status // Completed or Expired; empty where it says neither
	Source  string // which webhook, for the trail
}

// Evidence is everything known at a moment of how a registration's customer request stands.
type Evidence struct {
	Seen Sighting
	Word Word // the zero value where no webhook is the reason for looking
	// BackFromForm says that the applicant has just arrived from the provider's form, which sends them on only when
	// they have finished.
	BackFromForm bool
}

// Times of looking at requests that nobody speaks of.
const (
	wordWithin = 10 * time.Minute // how long a webhook may take to say how a request ended
	firstRead  = time.Hour        // an open request is read again after this, and later ever less often
	rarestRead = 24 * time.Hour
	failedRead = 10 * time.Minute // after a read that failed
)

// judged is the registration in the light of evidence, strongest first: a webhook's word for this very request, if the
// provider does not contradict it; then what the provider shows. It never goes backwards: completed is the end, and
// what is over stays over.
func (r Registration) judged(e Evidence, now time.Time) Registration {
	if r.Request == nil || r.Status == Completed || !r.hasForm() {
		return r
	}
	ours := e.Seen.ID == r.Request.ID
	if e.Word.Outcome != "" && e.Word.Request == r.Request.ID && (!ours || e.Seen.Completed) {
		return r.told(e.Word, ours)
	}
	switch {
	case r.Status != Open:
		return r
	case !ours:
		return r.over(Superseded, fmt.Sprintf("read of the provider: the newest request is %s", e.Seen.ID))
	case !e.Seen.Completed:
		return r.seen(now)
	case r.StaleAt(now):
		return r.over(Expired, "read of the provider: over, past its validity")
	case e.BackFromForm:
		return r.over(Completed, "read of the provider: over; the applicant came back from the form")
	case r.OverSince.IsZero():
		r.OverSince, r.ReadAt = now, now.Add(wordWithin)
		return r.noted("over, waiting for a word of how", "read of the provider: over")
	case now.Sub(r.OverSince) >= wordWithin:
		return r.over(Closed, "read of the provider: over; nobody said how in time")
	}
	return r
}

// inTheLightOf is the registration after words, oldest first, and what else a read of the provider shows.
func (r Registration) inTheLightOf(s Sighting, words []Word, back bool, now time.Time) Registration {
	for _, w := range words {
		r = r.judged(Evidence{Seen: s, Word: w}, now)
	}
	return r.judged(Evidence{Seen: s, BackFromForm: back}, now)
}

// hasForm says whether the registration has come as far as a form.
func (r Registration) hasForm() bool {
	switch r.Status {
	case Open, Expired, Superseded, Closed, Completed:
		return true
	}
	return false
}

// told is the registration after a webhook's word for its request. An expired request that the provider has replaced
// cannot be followed by one of ours.
func (r Registration) told(w Word, newest bool) Registration {
	evidence := "webhook " + w.Source + ": " + string(w.Outcome)
	switch {
	case w.Outcome == Completed:
		return r.over(Completed, evidence)
	case r.Status == Expired || r.Status == Superseded:
		return r
	case !newest:
		return r.over(Superseded, evidence+"; the provider shows a newer request")
	default:
		return r.over(Expired, evidence)
	}
}

// over is the registration whose form has come to its end.
func (r Registration) over(as Status, evidence string) Registration {
	from := r.Status
	r.Status, r.OverSince, r.ReadAt = as, time.Time{}, time.Time{}
	return r.moved(from, "form over", evidence)
}

// seen is the open registration that is still open, to be read again: the older, the less often, and at its end.
func (r Registration) seen(now time.Time) Registration {
	age := now.Sub(r.Request.CreatedAt)
	r.ReadAt = now.Add(min(max(age/4, firstRead), rarestRead))
	if end := r.Request.CreatedAt.Add(RequestValidity); now.Before(end) && r.ReadAt.After(end) {
		r.ReadAt = end
	}
	return r
}
