package sumsub

import (
	"errors"
	"fmt"
	"slices"
)

// savedCheck looks at a saved state, which may come from anywhere: everything that it names must be there.
type savedCheck struct {
	provider *Provider
	ids      map[string]bool // of everything seen so far
}

// checkSaved says the first thing that is wrong with a saved state.
func (p *Provider) checkSaved(s *state) error {
	c := savedCheck{p, map[string]bool{}}
	kept := int64(0)
	for _, a := range s.Applicants {
		if a == nil {
			return errEmptyEntry
		}
		if err := c.applicant(a); err != nil {
			return fmt.Errorf("applicant %s: %w", a.ID, err)
		}
		for _, i := range a.Images {
			kept += int64(len(i.Content.Bytes))
		}
	}
	for _, t := range s.Tokens {
		if err := errors.Join(c.id("token", t.Token), c.known("applicant", t.Applicant)); err != nil {
			return err
		}
	}
	for _, d := range s.Agenda {
		if err := c.due(d); err != nil {
			return err
		}
	}
	s.Kept = kept
	return nil
}

var errEmptyEntry = errors.New("a list has an empty entry")

// id takes note of an identifier, which must be the only one of its kind.
func (c *savedCheck) id(kind, id string) error {
	name := kind + " " + id
	if id == "" || c.ids[name] {
		return fmt.Errorf("a %s has no identifier of its own", kind)
	}
	c.ids[name] = true
	return nil
}

func (c *savedCheck) known(kind, id string) error {
	if !c.ids[kind+" "+id] {
		return fmt.Errorf("something names a %s %q that is missing", kind, id)
	}
	return nil
}

func (c *savedCheck) applicant(a *applicant) error {
	if _, ok := c.provider.findLevel(a.Level); !ok {
		return fmt.Errorf("level %q is not in the account", a.Level)
	}
	if statusEvents[a.Review.Status] == "" && a.Review.Status != statusCompleted {
		return fmt.Errorf("status %q is not known", a.Review.Status)
	}
	if a.Review.Status == statusCompleted && a.Review.Result == nil {
		return errors.New("it is completed without a result")
	}
	if a.FixedInfo == nil || a.Info == nil || a.Steps == nil || a.Review.AttemptID == "" {
		return errors.New("a part of it is missing")
	}
	for _, i := range a.Images {
		if err := c.image(i); err != nil {
			return err
		}
	}
	return errors.Join(c.id("applicant", a.ID), c.id("externalUserId", a.ExternalUserID), c.id("inspection", a.InspectionID))
}

func (c *savedCheck) image(i *image) error {
	if i == nil {
		return errEmptyEntry
	}
	sides := []string{"", frontSide, backSide}
	if i.Type == "" || !slices.Contains(sides, i.Side) || i.Content.Size < int64(len(i.Content.Bytes)) || number(i.ID) <= 0 {
		return fmt.Errorf("image %q cannot be", i.ID)
	}
	return c.id("image", i.ID)
}

// due looks at an entry of the agenda: what it is about must be there.
func (c *savedCheck) due(d due) error {
	switch d.What {
	case dueQueue, dueDecide:
	case dueVerdict:
		if d.Verdict == nil {
			return errEmptyEntry
		}
		if _, err := d.Verdict.check(); err != nil {
			return err
		}
	default:
		return fmt.Errorf("the agenda names an unknown %q", d.What)
	}
	return c.known("applicant", d.ID)
}
