package upload

// Made is how many bytes of memory the budget has made.
func Made(b *Budget) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.made * chunkSize
}

// Free is how many of them nobody has.
func Free(b *Budget) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return int64(len(b.free)) * chunkSize
}
