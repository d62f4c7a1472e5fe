package onboarding

import (
	"slices"
	"strings"
)

// Resemblance is the error of who enters an associate that may be there already. It is for them to say.
type Resemblance struct {
	Same      []AssociateID // behind the same company
	Elsewhere []AssociateID // behind another company: somebody may well be behind two
	Above     []AssociateID // companies that have it behind them, zero for the registration's: they would go round in a circle
}

// Error says nothing of who resembles whom.
func (r *Resemblance) Error() string { return "it resembles an associate that is there already" }

func (r *Resemblance) empty() bool { return len(r.Same)+len(r.Elsewhere)+len(r.Above) == 0 }

// resembles finds those who may be the same as who is entered.
func (s Structure) resembles(n NewAssociate) error {
	if n.Distinct {
		return nil
	}
	above := s.Path(n.Parent)
	var r Resemblance
	if s.isOwn(n.Details) {
		r.Above = append(r.Above, AssociateID{})
	}
	for _, a := range s.Associates {
		if a.ID == n.ID || a.Void || a.Status == AssociateRemoved || !a.Details.MayBe(n.Details) {
			continue
		}
		switch {
		case slices.ContainsFunc(above, func(c Associate) bool { return c.ID == a.ID }):
			r.Above = append(r.Above, a.ID)
		case a.Parent == n.Parent:
			r.Same = append(r.Same, a.ID)
		default:
			r.Elsewhere = append(r.Elsewhere, a.ID)
		}
	}
	if r.empty() {
		return nil
	}
	return &r
}

// isOwn says whether somebody may have entered the registration's company itself.
func (s Structure) isOwn(d Details) bool {
	return (s.Own.Name != "" || s.Own.Number != "") && s.Own.MayBe(d)
}

// MayBe says whether two descriptions may be of the same person or company. What one of them does not say rules nothing out.
func (d Details) MayBe(o Details) bool {
	if d.EntityType != o.EntityType {
		return false
	}
	if d.EntityType == Company {
		if d.Number != "" && o.Number != "" {
			return compact(d.Number) == compact(o.Number) && (d.Country == o.Country || d.Country == "" || o.Country == "")
		}
		return folded(d.Name) == folded(o.Name) && (d.Country == o.Country || d.Country == "" || o.Country == "")
	}
	return folded(d.DisplayName()) == folded(o.DisplayName()) && (d.DateOfBirth == o.DateOfBirth || d.DateOfBirth == "" || o.DateOfBirth == "")
}

// compact is a company's number without the marks and zeros that are written or left out at will.
func compact(number string) string {
	text := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-/", r) {
			return -1
		}
		return r
	}, strings.ToUpper(number))
	return strings.TrimLeft(text, "0")
}

// equal says whether two descriptions say the same.
func (d Details) equal(o Details) bool {
	return d.EntityType == o.EntityType && slices.Equal(d.Roles, o.Roles) && d.Encode() == o.Encode()
}
