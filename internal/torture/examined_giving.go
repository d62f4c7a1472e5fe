package torture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"

	"portal/internal/onboarding"
)

// picture is a file that somebody gives.
type picture []byte

// Size implements [onboarding.Content].
func (p picture) Size() int64 { return int64(len(p)) }

// Open implements [onboarding.Content].
func (p picture) Open() io.Reader { return bytes.NewReader(p) }

func (p picture) digest() string {
	sum := sha256.Sum256(p)
	return hex.EncodeToString(sum[:])
}

// newPicture makes a picture that shows something else than every other one. The mark tells the provider what to find on it.
func (r *run) newPicture(mark string) picture {
	r.exam.pictures++
	n := r.exam.pictures
	shown := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	shown.SetNRGBA(0, 0, color.NRGBA{R: uint8(n), G: uint8(n >> 8), B: 0x80, A: 0xff})
	var file bytes.Buffer
	if err := png.Encode(&file, shown); err != nil {
		panic(err) // to memory
	}
	file.WriteString(mark)
	return file.Bytes()
}

// gift is a picture with where it is given.
type gift struct {
	registration onboarding.RegistrationID
	onboarding.Place
	country string
	file    picture
}

// countriesOfIssue are those of the documents.
var countriesOfIssue = []string{"GBR", "GBR", "GBR", "DEU"}

// chooseGift makes up what somebody gives next: mostly what the page asks for, sometimes a replacement, another type of document,
// or a file that was given before. ok is false where nothing is asked for.
func (r *run) chooseGift(reg onboarding.Registration) (g gift, ok bool) {
	if reg.Verification == nil {
		return g, false
	}
	v := *reg.Verification
	steps := slices.DeleteFunc(slices.Clone(v.Steps), func(s onboarding.Step) bool { return s.Set == onboarding.DataStep })
	if len(steps) == 0 {
		return g, false
	}
	s := one(r, steps, "step")
	docType, _ := s.Chosen()
	if docType == "" || r.choose(6, "another type") == 5 {
		docType = one(r, s.Types, "type")
	}
	g = gift{registration: reg.ID, Place: onboarding.Place{Set: s.Set, Type: docType}, country: one(r, countriesOfIssue, "country")}
	g.Side = one(r, s.SidesOf(docType), "side")
	if wanted := v.Wanted(s, docType); len(wanted) > 0 && r.choose(4, "as asked") != 3 {
		g.Side = wanted[0]
	}
	known := r.exam.gifts
	switch r.choose(8, "file") {
	case 6:
		g.file = r.newPicture("sandbox:dataNotReadable ")
	case 7:
		if len(known) > 0 {
			g.file = one(r, known, "given before").file
			break
		}
		fallthrough
	default:
		g.file = r.newPicture("")
	}
	return g, true
}

// give has an applicant give a picture, in so many tabs at once: the same one, or another to the same place.
func (r *run) give(ctx context.Context, tabs int) error {
	var first gift
	return r.desk(ctx, "giving a picture", func(p *replica, reg onboarding.Registration) func(context.Context) error {
		g, ok := r.chooseGift(reg)
		if !ok {
			return nil
		}
		first = g
		for range tabs - 1 {
			if r.choose(2, "same file") == 0 {
				g.file = r.newPicture("")
			}
			other := r.any()
			r.begin(&other.process, "giving a picture, too", func(ctx context.Context) error { return r.hands(ctx, other, g) })
		}
		return func(ctx context.Context) error { return r.hands(ctx, p, first) }
	})
}

// hands gives a picture, and makes sure that what the applicant is told is so.
func (r *run) hands(ctx context.Context, p *replica, g gift) error {
	reg, err := r.store.Registration(ctx, g.registration)
	if err != nil {
		return err
	}
	r.exam.gifts = append(r.exam.gifts, g)
	_, receipt, err := p.uploads.Add(ctx, reg, onboarding.Upload{
		Place: g.Place, Country: g.country, Format: onboarding.PNG, Digest: sha256.Sum256(g.file), Content: g.file,
	})
	if err != nil {
		r.tell("%s %s of registration %s is not taken: %v", g.Type, g.Side, g.registration, err)
		return err
	}
	r.tell("%s %s of registration %s is taken as image %s", g.Type, g.Side, g.registration, receipt.Image)
	r.wantTaken(g, receipt)
	return nil
}

// giveNext gives what is asked for first, as a person would who does not care which document it is.
func (r *run) giveNext(ctx context.Context, p *replica, id onboarding.RegistrationID) error {
	reg, err := r.store.Registration(ctx, id)
	if err != nil || reg.Verification == nil {
		return err
	}
	v := *reg.Verification
	for _, s := range v.Steps {
		docType, country := s.Chosen()
		if docType == "" {
			docType, country = s.Types[0], countriesOfIssue[0]
		}
		if wanted := v.Wanted(s, docType); len(wanted) > 0 {
			return r.hands(ctx, p, gift{id, onboarding.Place{Set: s.Set, Type: docType, Side: wanted[0]}, country, r.newPicture("")})
		}
		if side := s.SidesOf(docType)[0]; v.StateOf(s) == onboarding.StepDoubtful {
			return r.hands(ctx, p, gift{id, onboarding.Place{Set: s.Set, Type: docType, Side: side}, country, r.newPicture("")})
		}
	}
	return nil
}
