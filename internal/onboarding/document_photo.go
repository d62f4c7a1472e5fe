package onboarding

import (
	"encoding/binary"
	"slices"
	"strings"
)

// photoBrands are of pictures as some phones keep them, in files made of boxes (ISO/IEC 14496-12; mp4ra.org, "Brands").
var photoBrands = strings.Fields("heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 avif avis miaf")

// isPhonesPhoto judges by the brands in the first box.
func isPhonesPhoto(start []byte) bool {
	return slices.ContainsFunc(photoBrands, func(brand string) bool { return slices.Contains(brandsOf(start), brand) })
}

// brandsOf lists the brands in a file's first box, the one that it is made for first.
func brandsOf(start []byte) (brands []string) {
	const major, version, width = 8, 12, 4
	end := min(int64(binary.BigEndian.Uint32(start)), int64(len(start)))
	for at := int64(major); at+width <= end; at += width {
		if at != version {
			brands = append(brands, string(start[at:at+width]))
		}
	}
	return brands
}
