package onboarding

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image/jpeg"
	"image/png"
	"io"
)

// inspectJPEG decodes the header and follows the picture to its end. What comes after that is none of its business: phones
// append films and second pictures. The end of a thumbnail, which lies within a segment, does not count.
func (f openFile) inspectJPEG() error {
	header, err := jpeg.DecodeConfig(io.NewSectionReader(f, 0, f.size))
	if unsupported, ok := errors.AsType[jpeg.UnsupportedError](err); ok {
		return refusedFile("error.document_format", unsupported)
	}
	if err != nil {
		return corrupted(err)
	}
	if header.Width == 0 || header.Height == 0 {
		return corrupted(errors.New("JPEG without pixels"))
	}
	if err := followJPEG(bufio.NewReaderSize(io.NewSectionReader(f, 0, f.size), pieceSize)); err != nil {
		return corrupted(fmt.Errorf("JPEG: %w", err))
	}
	return nil
}

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegStart = 0xd8
	jpegScan  = 0xda
	jpegEnd   = 0xd9
)

// followJPEG reads from marker to marker until the picture's end, which counts once there were pixels.
func followJPEG(r *bufio.Reader) error {
	pixels := false
	for {
		marker, err := nextMarker(r)
		switch {
		case err != nil:
			return err
		case marker == jpegEnd && pixels:
			return nil
		case marker == jpegEnd:
			return errors.New("over before it has begun")
		case marker == jpegStart:
			continue
		}
		pixels = pixels || marker == jpegScan
		if err := skipSegment(r); err != nil {
			return err
		}
	}
}

// nextMarker reads past pixels and whatever else is not a marker that opens a segment or ends the picture.
func nextMarker(r *bufio.Reader) (byte, error) {
	for {
		if _, err := r.ReadSlice(0xff); errors.Is(err, bufio.ErrBufferFull) {
			continue
		} else if err != nil {
			return 0, errCutOff
		}
		marker, err := r.ReadByte()
		for err == nil && marker == 0xff { // fill bytes
			marker, err = r.ReadByte()
		}
		if err != nil {
			return 0, errCutOff
		}
		restart := marker >= 0xd0 && marker <= 0xd7
		if marker > 0x01 && !restart { // 0 is an escaped byte of pixels, 1 says nothing
			return marker, nil
		}
	}
}

func skipSegment(r *bufio.Reader) error {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return errCutOff
	}
	rest := int(binary.BigEndian.Uint16(length[:])) - len(length)
	if rest < 0 {
		return errors.New("a segment without a length")
	}
	if _, err := r.Discard(rest); err != nil {
		return errCutOff
	}
	return nil
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// inspectPNG decodes the header and follows the chunks to the last, whose sums show what was cut off or spoilt on the way.
func (f openFile) inspectPNG() error {
	if _, err := png.DecodeConfig(io.NewSectionReader(f, 0, f.size)); err != nil {
		return corrupted(err)
	}
	if err := f.followPNG(); err != nil {
		return corrupted(fmt.Errorf("PNG: %w", err))
	}
	return nil
}

// chunkFrame is what a chunk of PNG has around its data: length and type before, the sum after.
const chunkFrame = 12

func (f openFile) followPNG() error {
	pixels := false
	piece := make([]byte, pieceSize)
	for at := int64(len(pngSignature)); ; {
		var header [8]byte
		if err := f.readAt(header[:], at); err != nil {
			return err
		}
		length := int64(binary.BigEndian.Uint32(header[:4]))
		if err := f.checkSum(at+4, length+4, piece); err != nil {
			return err
		}
		switch string(header[4:]) {
		case "IDAT":
			pixels = pixels || length > 0
		case "IEND":
			if !pixels {
				return errors.New("over before it has begun")
			}
			return nil
		}
		at += chunkFrame + length
	}
}

// checkSum compares the sum of a part of the file with the one behind it.
func (f openFile) checkSum(at, length int64, piece []byte) error {
	var want [4]byte
	if err := f.readAt(want[:], at+length); err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyBuffer(sum, io.NewSectionReader(f, at, length), piece); err != nil {
		return fmt.Errorf("adding up: %w", err)
	}
	if sum.Sum32() != binary.BigEndian.Uint32(want[:]) {
		return errors.New("a sum is wrong")
	}
	return nil
}
