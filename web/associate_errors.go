package web

import (
	"iter"

	"portal/internal/onboarding"
)

// faultsIn yields everything that is wrong with what was entered: the errors that are joined or wrapped in err, in their
// order, each with its field and the key of a message. An error of another make yields nothing.
func faultsIn(err error) iter.Seq[*onboarding.Error] {
	return func(yield func(*onboarding.Error) bool) { eachFault(err, yield) }
}

// eachFault goes on for as long as yield wants, and says whether it still does.
func eachFault(err error, yield func(*onboarding.Error) bool) bool {
	switch e := err.(type) {
	case *onboarding.Error:
		return yield(e)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			if !eachFault(one, yield) {
				return false
			}
		}
	case interface{ Unwrap() error }:
		return eachFault(e.Unwrap(), yield)
	}
	return true
}
