package torture

import (
	"context"
	"slices"
	"strings"

	"portal/internal/onboarding"
	"portal/internal/sandbox/effects"
	"portal/internal/sandbox/sumsub"
)

// documentRow is a row of documents, read without the portal's own code.
type documentRow struct {
	ID, Registration, Step, Type, Side, Country, Digest, Status, Image string
}

func (r *run) documentRows(ctx context.Context) ([]documentRow, error) {
	return rowsOf[documentRow](ctx, r.bench.Pool, `
		select id::text, registration_id::text, step, type, side, country, encode(digest, 'hex'), status, coalesce(image_id, '')
		from documents
		order by created_at, id`)
}

// judgeImages compares what the provider has of an applicant with what was given and with what the portal says of it.
func (r *run) judgeImages(reg Registration, d sumsub.Detail, rows []documentRow) {
	there := map[string]sumsub.ImageOverview{}
	for _, s := range d.Steps {
		for _, i := range s.Images {
			there[i.ID] = i
		}
	}
	for _, s := range d.Steps {
		for _, i := range s.Images {
			r.judgeImage(reg, i, rows, there)
		}
	}
	for _, row := range rows {
		if row.Registration != reg.ID {
			continue
		}
		switch {
		case row.Status == "sent" && there[row.Image].ID == "" && r.exam.added[row.Image] == 0:
			r.say("document %s is image %q, which the provider does not have", row.ID, row.Image)
		case row.Status == "sending":
			r.say("document %s for %s %s is still on its way", row.ID, row.Type, row.Side)
		}
	}
}

// judgeImage makes sure that an image is one that was given, at that place, and that the portal knows of it.
func (r *run) judgeImage(reg Registration, i sumsub.ImageOverview, rows []documentRow, there map[string]sumsub.ImageOverview) {
	if !slices.ContainsFunc(r.exam.gifts, func(g gift) bool { return g.registration.String() == reg.ID && g.is(i) }) {
		r.say("image %s of registration %s was not given as %s %s of %s", i.ID, reg.ID, i.Type, i.Side, i.Country)
	}
	id, _, _ := strings.Cut(i.FileName, ".")
	at := slices.IndexFunc(rows, func(row documentRow) bool { return row.ID == id })
	if at < 0 {
		r.say("image %s is no document of the portal's: %s", i.ID, i.FileName)
		return
	}
	row := rows[at]
	if row.Registration != reg.ID || row.Type != i.Type || row.Side != i.Side || row.Country != i.Country || row.Digest != i.Digest {
		r.say("image %s is not what document %s says", i.ID, row.ID)
	}
	// Where staff have asked for everything anew, the provider takes what is late once more.
	if twice := i.Deactivated || there[row.Image].Deactivated; row.Status != "sent" || row.Image != i.ID && !twice {
		r.say("document %s is %s as image %q, and has arrived as image %s", row.ID, row.Status, row.Image, i.ID)
	}
}

// is says whether an image is the gift.
func (g gift) is(i sumsub.ImageOverview) bool {
	return g.Type == i.Type && g.Side == i.Side && g.country == i.Country && g.file.digest() == i.Digest
}

// wantTaken makes sure that a picture of which the applicant is told that it was taken is there.
func (r *run) wantTaken(g gift, receipt onboarding.Receipt) {
	d, err := r.sandbox.Sumsub().Detail(refPrefix + g.registration.String())
	if err != nil {
		r.say("a picture was taken of nobody: %v", err)
		return
	}
	for _, s := range d.Steps {
		for _, i := range s.Images {
			if i.ID == receipt.Image && g.is(i) {
				return
			}
		}
	}
	if !slices.ContainsFunc(d.Steps, func(s sumsub.StepOverview) bool { return s.Set == g.Set }) {
		return // it was taken for a level that is past
	}
	r.say("%s %s was taken as image %s, which it is not", g.Type, g.Side, receipt.Image)
}

// judgeCheck makes sure that a check which has just begun is about one picture at each place, and about something new.
func (r *run) judgeCheck(e effects.Effect) {
	if r.exam.asked[e.ProfileID] && !r.exam.renewed[e.ProfileID] {
		r.say("applicant %s is checked once more, and nothing is new", e.ProfileID)
	}
	d, err := r.sandbox.Sumsub().Detail(e.ProfileID)
	if err != nil {
		r.say("a check of nobody has begun: %v", err)
		return
	}
	for _, s := range d.Steps {
		r.judgeStep(d.ID, s)
	}
}

// judgeStep makes sure that a step has one document with one picture of each of its sides.
func (r *run) judgeStep(applicant string, s sumsub.StepOverview) {
	var sides, digests []string
	for _, i := range s.Images {
		if !i.Deactivated {
			sides, digests = append(sides, i.Type+" "+i.Side), append(digests, i.Digest)
		}
	}
	slices.Sort(sides)
	slices.Sort(digests)
	if len(sides) == 0 {
		return
	}
	docType, _, _ := strings.Cut(sides[0], " ")
	want := []string{docType + " "}
	if slices.Contains([]string{"ID_CARD", "DRIVERS", "RESIDENCE_PERMIT"}, docType) {
		want = []string{docType + " BACK_SIDE", docType + " FRONT_SIDE"}
	}
	if !slices.Equal(sides, want) || len(slices.Compact(digests)) != len(sides) {
		r.say("applicant %s is checked by %q for %s", applicant, sides, s.Set)
	}
}
