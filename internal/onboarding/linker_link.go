package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// linkAll puts those who have a profile into the files of their companies, the registration's company first.
func (l *Linker) linkAll(ctx context.Context, w *work) error {
	for _, a := range w.Associates {
		if w.toLink(a) && a.Void && !a.DueAt.After(l.Now()) {
			if err := l.became(ctx, w, a.unreadable()); err != nil {
				return err
			}
		}
	}
	if err := l.linkBehind(ctx, w, AssociateID{}, w.reg.Profile); err != nil {
		return err
	}
	for _, c := range w.topDown() {
		if c.Profile == "" {
			continue
		}
		if err := l.linkBehind(ctx, w, c.ID, c.Profile); err != nil {
			return err
		}
	}
	return nil
}

// topDown are the companies among the associates, each after the one that has it.
func (w *work) topDown() []Associate {
	var list []Associate
	for _, top := range w.Behind(AssociateID{}) {
		for _, a := range w.Below(top) {
			if a.Details.EntityType == Company {
				list = append(list, a)
			}
		}
	}
	return list
}

// fullBatch is how many associates are put into a company's file at once although more are about to come: each writing of
// a file counts at the provider.
const fullBatch = 50

// alonePerPass is how many associates of a company are tried alone in one pass.
const alonePerPass = 8

// aloneAgain is when others are tried alone after a pass in which all of them were refused.
const aloneAgain = 10 * time.Minute

// waiting are those behind a company who are to be put into its file now.
type waiting struct {
	together []Associate
	alone    []Associate // who were refused together with others
	relisted []Associate // who are in the file, and may lack verification lists
	more     bool        // others wait for a turn to be created
}

// waitingBehind are those who wait behind a company.
func (w *work) waitingBehind(company AssociateID, now time.Time) (all waiting) {
	for _, a := range w.Behind(company) {
		switch waits := a.DueAt.After(now); {
		case w.toList(a), w.toLink(a) && !waits && a.Status == AssociateLinked:
			all.relisted = append(all.relisted, a)
		case w.toLink(a) && !waits && a.Alone:
			all.alone = append(all.alone, a)
		case w.toLink(a) && !waits:
			all.together = append(all.together, a)
		case w.toCreate(a) && !waits && !w.turnAt.IsZero():
			all.more = true
		}
	}
	slices.SortStableFunc(all.alone, func(a, b Associate) int { return a.Tries - b.Tries }) // who were not tried alone first
	all.alone = all.alone[:min(len(all.alone), alonePerPass)]
	return all
}

// linkBehind puts those behind one company into its file.
func (l *Linker) linkBehind(ctx context.Context, w *work, company AssociateID, id ProfileID) error {
	all := w.waitingBehind(company, l.Now())
	if all.more && len(all.together) < fullBatch {
		all.together = nil
	}
	batches := [][]Associate{all.together, all.relisted}
	for _, a := range all.alone {
		batches = append(batches, []Associate{a})
	}
	defer func() {
		if len(all.alone) == alonePerPass && !slices.ContainsFunc(all.alone, w.isLinked) { // it may be the file that is refused
			w.aloneAt = l.Now().Add(aloneAgain)
		}
	}()
	for _, batch := range batches {
		if len(batch) == 0 {
			continue
		}
		if err := l.linkBatch(ctx, w, id, batch, company.IsZero()); err != nil {
			return err
		}
	}
	return nil
}

// isLinked says whether the associate is linked by now.
func (w *work) isLinked(a Associate) bool {
	a, _ = w.Find(a.ID)
	return a.Status == AssociateLinked
}

// linkBatch writes one company's file. Where the provider refuses many together each is tried alone later, so that one does
// not keep the others back.
func (l *Linker) linkBatch(ctx context.Context, w *work, company ProfileID, batch []Associate, root bool) error {
	listed, err := l.place(ctx, w, company, batch, root)
	if errors.Is(err, errNoTurn) {
		w.relist = w.relist || batch[0].Status == AssociateLinked
		return nil
	}
	for _, a := range batch {
		if err := l.became(ctx, w, l.afterLinking(ctx, w, a, listed, len(batch) > 1, err)); err != nil {
			return err
		}
	}
	return nil
}

// afterLinking is what an associate becomes by the writing of its company's file.
func (l *Linker) afterLinking(ctx context.Context, w *work, a Associate, listed, together bool, err error) Associate {
	switch {
	case err == nil && !listed:
		return l.unlisted(a, "the company's application does not name the verification lists yet")
	case err == nil:
		return a.linked(w.flow.ExplicitLists)
	}
	l.Log.WarnContext(ctx, "associate not linked", slog.String("associate_id", a.ID.String()), slog.Any("error", err))
	switch refused := KindOf(err) == Invalid; {
	case a.Status == AssociateLinked: // it is, whatever became of its lists
		return l.unlisted(a, err.Error())
	case refused && together:
		a.Alone, a.DueAt = true, time.Time{}
		return a
	case refused:
		return a.refused("the provider refuses to link it to its company: "+err.Error(), l.Now().Add(refusedFor))
	}
	return a.postponed(err.Error(), l.dueAfter(a.Tries, err))
}

// unlisted is the linked associate whose verification lists are tried again, ever less often.
func (l *Linker) unlisted(a Associate, cause string) Associate {
	tries := a.Tries
	a = a.linked(false)
	a.Tries, a.Cause = tries+1, cause
	a.DueAt = l.Now().Add(min(listsAgain<<min(tries, 6), listsAtMost))
	return a
}

// became stores what an associate has become.
func (l *Linker) became(ctx context.Context, w *work, a Associate) error {
	saved, err := l.save(ctx, w, a)
	w.put(saved)
	return err
}

// place writes a company's file with the associates in their places. Whenever somebody else was quicker, the change is made
// to what they have written. It says whether all are on their verification lists.
func (l *Linker) place(ctx context.Context, w *work, company ProfileID, batch []Associate, root bool) (listed bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, fileWithin)
	defer cancel()
	placements, listed, err := l.placements(ctx, w, company, batch, root)
	if err != nil {
		return false, err
	}
	file := CompanyFile{Profile: company}
	for conflicts := 0; ; conflicts++ {
		file.Profile = company
		done, err := l.write(ctx, w, &file, placements)
		if done || err != nil && KindOf(err) != Conflict {
			return listed, err
		}
		if err := l.breathe(ctx, conflicts); err != nil {
			return false, &Error{Kind: Busy, Err: fmt.Errorf("others were quicker %d times: %w", conflicts+1, err)}
		}
		if conflicts >= patientRounds { // what came with the conflict is old by now
			file.Version = ""
		}
	}
}

// write makes the change to the file, which it reads where that has no version, and writes it unless it is made already.
// After a Conflict the file is as somebody else has left it.
func (l *Linker) write(ctx context.Context, w *work, file *CompanyFile, placements []Placement) (done bool, err error) {
	if file.Version == "" {
		if *file, err = l.Files.CompanyFile(ctx, file.Profile); err != nil {
			return false, err
		}
	}
	placed, changed, err := l.Files.Placed(*file, placements)
	if err != nil || !changed {
		return err == nil, err
	}
	switch wait, err := l.Turns.TakeWrite(ctx, l.Now()); {
	case err != nil:
		return false, fmt.Errorf("taking a turn: %w", err)
	case wait > 0:
		w.writeAt = l.Now().Add(wait)
		return false, errNoTurn
	}
	*file, err = l.replace(ctx, placed)
	return err == nil, err
}

// errNoTurn is the error of who has to wait for a turn at writing: nothing is wrong.
var errNoTurn = errors.New("it is not the company's turn")

// patientRounds is how often the change is made again at once to what others have written, before they are given way to.
const patientRounds = 3

// breathe lets others go first when the same file is written by many.
func (l *Linker) breathe(ctx context.Context, conflicts int) error {
	if conflicts < patientRounds {
		return ctx.Err()
	}
	wait := time.Duration((0.5 + l.Jitter()) * float64(min(conflicts, 20)) * float64(10*time.Millisecond))
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// placements are where the associates belong. With explicit lists the company's applications say which those are; listed is
// false where they do not say so yet.
func (l *Linker) placements(ctx context.Context, w *work, company ProfileID, batch []Associate, root bool) (list []Placement, listed bool, err error) {
	var named map[AssociatedRole][]string
	if w.flow.ExplicitLists {
		view, err := l.Profiles.ReadProfile(ctx, company)
		if err != nil {
			return nil, false, err
		}
		product := ""
		if root {
			product = w.flow.Product
		}
		named = lists(view, product)
	}
	for _, a := range batch {
		list = append(list, a.placement(named))
	}
	return list, !w.flow.ExplicitLists || len(named) > 0, nil
}
