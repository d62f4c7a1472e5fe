package templates

// Help is the message key of what to do about the problem.
func (v ProblemView) Help() string { return problemTextFor(v).Help }
