//go:build !plant_early_ack

package inbox_test

import (
	"errors"
	"testing"
)

func TestReceiveSaysSoWhenTheStoreIsAway(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.store.err = errors.New("the store is away")
	if err := o.Receive(t.Context(), "passfort", right, []byte("1:a"), false); !errors.Is(err, o.store.err) {
		t.Errorf("acknowledged: %v", err)
	}
}
