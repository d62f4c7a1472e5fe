package outbox

import "context"

// DeliverDue sends everything that is due and free, one after the other, and returns how many notices the receiver took.
// What it does not take is tried again later and is no error.
func (c *Courier) DeliverDue(ctx context.Context) (delivered int, err error) {
	for c.Sender != nil && ctx.Err() == nil {
		taken, ok, err := c.deliverNext(ctx)
		if taken {
			delivered++
		}
		if err != nil || !ok {
			return delivered, err
		}
	}
	return delivered, nil
}
