package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

// noise is bytes that nobody can make shorter, so that whoever compresses them keeps them as they are.
func noise(source *rand.ChaCha8, size int) []byte {
	p := make([]byte, size)
	_, _ = source.Read(p)
	return p
}

// most is how many bytes a segment of a JPEG holds, and segmentFrame what is around them.
const (
	mostInSegment = 1<<16 - 1 - 2
	segmentFrame  = 4
)

// comments is bytes as the comments of a JPEG.
func comments(content []byte) []byte {
	var b bytes.Buffer
	for len(content) > 0 {
		n := min(len(content), mostInSegment)
		b.Write([]byte{0xff, 0xfe})
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(n+2)))
		b.Write(content[:n])
		content = content[n:]
	}
	return b.Bytes()
}

// picture is a small JPEG, cut where comments may stand: after its beginning and before its end.
func picture(t testing.TB) (begin, middle, end []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	return whole[:2], whole[2 : len(whole)-2], whole[len(whole)-2:]
}

// photos are pictures of exactly that size, each another, with most of their bytes in common.
func photos(t testing.TB, n int, size int64) []file {
	t.Helper()
	source := rand.NewChaCha8([32]byte{1})
	begin, middle, end := picture(t)
	common := comments(noise(source, int(size)*9/10))
	list := make([]file, n)
	for i := range list {
		list[i] = file{begin, comments(noise(source, 64)), middle, common, end}
		list[i] = append(list[i], noise(source, int(size-list[i].size()))) // phones put more behind a picture, too
	}
	return list
}
