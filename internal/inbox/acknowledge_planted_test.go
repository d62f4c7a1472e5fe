//go:build plant_early_ack

package inbox_test

import (
	"errors"
	"testing"
)

func TestThePlantedBugIsThere(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.store.err = errors.New("the store is away")
	if err := o.Receive(t.Context(), "passfort", right, []byte("1:a"), false); err != nil {
		t.Errorf("not acknowledged: %v", err)
	}
}
