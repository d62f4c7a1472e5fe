package doctor

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// Leases and turns are reckoned by the replicas' clocks: a second is what they can be apart.
const (
	skewDoubt   = time.Second
	skewTrouble = 10 * time.Second
	// DateUnit is how exact the date of an answer is.
	DateUnit = time.Second
)

// Skew judges how far this machine's clock is ahead of another's, which was read with an uncertainty.
func Skew(whose string, ahead, uncertain time.Duration) Finding {
	const fix = "have both clocks set by NTP, and see that it runs (`timedatectl`)"
	off := max(ahead.Abs()-uncertain, 0)
	way := "ahead of"
	if ahead < 0 {
		way = "behind"
	}
	switch {
	case off > skewTrouble:
		return Problem(fix, "this machine's clock is %s %s %s", off.Round(time.Second), way, whose)
	case off > skewDoubt:
		return Warning(fix, "this machine's clock is %s %s %s", off.Round(100*time.Millisecond), way, whose)
	}
	return OK("agrees with %s", whose)
}

// Ahead asks for the time somewhere else and returns how far this machine's clock is ahead of it, and how uncertain that is.
func Ahead(ctx context.Context, there func(context.Context) (time.Time, error)) (ahead, uncertain time.Duration, err error) {
	before := time.Now()
	then, err := there(ctx)
	if err != nil {
		return 0, 0, err
	}
	took := time.Since(before)
	return before.Add(took / 2).Sub(then), took / 2, nil
}

var errNoDate = errors.New("the answer has no date")

// DateOf is the date with which a site answers, whatever it answers.
func DateOf(ctx context.Context, at *url.URL) (time.Time, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, at.String(), nil)
	if err != nil {
		return time.Time{}, err
	}
	answer, err := (&http.Client{CheckRedirect: stay, Transport: newTransport(nil)}).Do(r)
	if err != nil {
		return time.Time{}, withoutAddress(err)
	}
	_ = answer.Body.Close()
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return time.Time{}, errNoDate
	}
	return date.Add(DateUnit / 2), nil // it was cut, not rounded
}

// withoutAddress is what went wrong alone: who asks knows the address, and tells it with care.
func withoutAddress(err error) error {
	if asked, ok := errors.AsType[*url.Error](err); ok {
		return asked.Err
	}
	return err
}
