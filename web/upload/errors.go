package upload

import (
	"errors"
	"net/http"

	"portal/internal/onboarding"
)

// Why an upload was refused. What a parser or a connection says is never repeated: it quotes the body, or names the sender.
var (
	errNoLength  = errors.New("the request does not say how long it is")
	errTooLarge  = errors.New("the request is too large")
	errNoForm    = errors.New("the body is not a form")
	errBrokenOff = errors.New("the body broke off")
	errTooSlow   = errors.New("the body came too slowly")
	errNoFile    = errors.New("there is no file in the form")
	errSeveral   = errors.New("there are several files in the form")
	errBusy      = errors.New("no memory became free in time")
)

func refused(key string, cause error) error {
	return &onboarding.Error{Kind: onboarding.Invalid, Key: key, Err: cause}
}

// statuses are those that say more than the kind of an error.
var statuses = []struct {
	cause  error
	status int
}{
	{errNoLength, http.StatusLengthRequired},
	{errTooLarge, http.StatusRequestEntityTooLarge},
	{errNoForm, http.StatusBadRequest},
	{errBrokenOff, http.StatusBadRequest},
	{errTooSlow, http.StatusBadRequest}, // browsers repeat on their own what is answered with 408
}

// Status is the status of HTTP that fits an error of [Budget.Read] better than its kind, and 0 where none does.
func Status(err error) int {
	for _, s := range statuses {
		if errors.Is(err, s.cause) {
			return s.status
		}
	}
	return 0
}
