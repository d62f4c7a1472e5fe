package onboarding

import (
	"reflect"
	"time"
)

// Times of reading a provider that checks documents, which tells of every change by itself: reading is for what it fails to
// tell. Nobody is read again because of a decision: there may be a million of those.
const (
	secondRead   = time.Minute    // after the first
	checkingRead = time.Hour      // while a check is under way
	askingRead   = 24 * time.Hour // while documents are asked for
	seldomRead   = 30 * 24 * time.Hour
)

// verified is the registration in the light of what was just read. While the check is still to be asked for, what was read
// says nothing about it until it has begun.
func (r Registration) verified(v Verification, told ResultMails, now time.Time) Registration {
	from := r.Status
	v = v.after(r.Verification)
	to, evidence := v.standing()
	if r.Ask == AskCheck && !v.begunSince(r.Verification) {
		r.Verification = &v
		return r
	}
	known := r.Verification != nil && from == to && r.Ask == "" && v.sameWords(*r.Verification)
	if decided := v.decision(); decided != "" && !known {
		r.Mail, v.Decided = mailOf(v.Decided, decided, told), decided
	}
	r = r.fresh(time.Time{})
	r.Status, r.Verification, r.ReadAt = to, &v, readAt(to, r.CreatedAt, now)
	if to == NeedsAttention {
		r.Cause = evidence
	}
	if known {
		return r
	}
	return r.moved(from, "verification read", "read of the provider: "+evidence)
}

// readAt is when to read again what nobody has spoken of: the older, the less often.
func readAt(s Status, begun, now time.Time) time.Time {
	switch s {
	case Checking:
		return now.Add(checkingRead)
	case Open:
		return now.Add(min(max(now.Sub(begun)/4, askingRead), seldomRead))
	}
	return time.Time{}
}

// begunSince says whether the check has begun since the verification was as before, whatever has become of it by now. Where
// nobody knows any more how it was, it must show.
func (v Verification) begunSince(before *Verification) bool {
	if before == nil {
		return v.Gone || v.Status != ReviewInit && !v.retrying()
	}
	return v.Gone != before.Gone || v.Status != before.Status || v.Attempt != before.Attempt || v.Review.Answer != before.Review.Answer ||
		v.Review.RejectType != before.Review.RejectType
}

// sameFor is how long a read that shows nothing new is as good as the one before it.
const sameFor = time.Minute

// asBefore says whether what was just read shows nothing that is not stored, so that storing it can wait.
func (r Registration) asBefore(before Registration) bool {
	if before.Verification == nil || len(r.Trail.Add) > 0 || r.Mail != "" || r.Verification.ReadAt.Sub(before.Verification.ReadAt) >= sameFor {
		return false
	}
	then := *before.Verification
	then.ReadAt = r.Verification.ReadAt
	return reflect.DeepEqual(*r.Verification, then)
}

// sameWords says whether the trail would say the same of both.
func (v Verification) sameWords(before Verification) bool {
	_, now := v.standing()
	_, then := before.standing()
	return now == then && v.Attempt == before.Attempt
}

// decision is what the provider has decided, or nothing while it has not.
func (v Verification) decision() Mail {
	switch to, _ := v.standing(); {
	case to == Completed:
		return MailApproved
	case to == Rejected:
		return MailRejected
	case v.Status == ReviewCompleted && !v.Gone && v.retrying():
		return MailRetry
	}
	return ""
}

// mailOf is the e-mail about a decision after another, which is empty before the first. Whoever has to do something is told
// of it, too.
func mailOf(before, now Mail, told ResultMails) Mail {
	if told == MailAlways || told == MailChanges && (now == MailRetry || before != "" && now != before) {
		return now
	}
	return ""
}

// checkWanted is the registration for which the check is to be asked for.
func (r Registration) checkWanted(now time.Time) Registration {
	from := r.Status
	r = r.fresh(now)
	r.Status, r.Ask, r.ReadAt = Checking, AskCheck, readAt(Checking, r.CreatedAt, now)
	return r.moved(from, "check wanted", "")
}

// checkRefused is the registration for which no check can be asked, because something is missing after all.
func (r Registration) checkRefused(why string, now time.Time) Registration {
	from := r.Status
	r = r.fresh(time.Time{})
	r.Status, r.ReadAt = Open, readAt(Open, r.CreatedAt, now)
	return r.moved(from, "check refused", why)
}

// sets are the names of all steps.
func (v Verification) sets() []string {
	sets := make([]string, len(v.Steps))
	for i, s := range v.Steps {
		sets[i] = s.Set
	}
	return sets
}
