package templates

import (
	"maps"
	"slices"
)

// OutcomeKinds are the kinds of outcome that have a page.
func OutcomeKinds() []string { return slices.Sorted(maps.Keys(outcomeTexts)) }

// CheckKinds are the stages of a check that have words of their own; the empty one is for all others.
func CheckKinds() []string { return slices.Sorted(maps.Keys(checkTexts)) }

// DeadLinkKinds are the reasons for which a one-time link does not sign in.
func DeadLinkKinds() []string { return slices.Sorted(maps.Keys(deadLinkTexts)) }

// ProblemStatuses are the statuses that have a page about what went wrong.
func ProblemStatuses() []int { return slices.Sorted(maps.Keys(problemTexts)) }

// RegistrationStatuses are the statuses of a registration that a list puts into words.
func RegistrationStatuses() []string { return slices.Sorted(maps.Keys(stateKeys)) }

// AssociateStatuses are the statuses of somebody behind a company.
func AssociateStatuses() []string { return slices.Sorted(maps.Keys(stateOf)) }

// AssociateStages are the stages of all of them together.
func AssociateStages() []string { return slices.Sorted(maps.Keys(stageTexts)) }
