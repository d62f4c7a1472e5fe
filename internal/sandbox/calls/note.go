package calls

import "context"

// key is what a call's context holds its record under.
type key struct{}

func withRecord(ctx context.Context, rec *record) context.Context {
	return context.WithValue(ctx, key{}, rec)
}

// Note adds a remark to the call to which the context belongs, such as which trouble it met. Outside of a journal it
// does nothing.
func Note(ctx context.Context, text string) {
	if rec, ok := ctx.Value(key{}).(*record); ok {
		rec.note(text)
	}
}
