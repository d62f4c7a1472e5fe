package coding

import "sync"

// Body is a content that is sent many times. It is compressed in a coding when that is wanted for the first time, so that it
// costs a start nothing, and then kept.
type Body struct {
	plain      []byte
	gzip, zstd func() []byte
}

// NewBody returns a body of a media type; what is no text is sent as it is.
func NewBody(content []byte, contentType string) *Body {
	b := &Body{plain: content}
	if IsText(contentType) {
		b.gzip = sync.OnceValue(func() []byte { return Gzip.squeeze(content) })
		b.zstd = sync.OnceValue(func() []byte { return Zstd.squeeze(content) })
	}
	return b
}

// For is the body as somebody takes it who sends these lines of Accept-Encoding.
func (b *Body) For(accept []string) (content []byte, as Coding) {
	as = Pick(accept)
	if as == Identity || b.gzip == nil {
		return b.plain, Identity
	}
	compress := b.gzip
	if as == Zstd {
		compress = b.zstd
	}
	if small := compress(); small != nil {
		return small, as
	}
	return b.plain, Identity
}
