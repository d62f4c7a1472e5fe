//go:build plant_early_ack

package inbox

import "context"

// acknowledge is a planted bug: it says that the messages are received whatever the store says, which loses them when
// the store is away. It is in no program that is shipped; it proves that the torture harness finds such a bug.
func (i *Inbox) acknowledge(ctx context.Context, messages []Message) error {
	if len(messages) == 0 {
		return nil
	}
	_ = i.Messages.Put(ctx, messages)
	return nil
}
