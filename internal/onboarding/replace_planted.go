//go:build plant_blind

package onboarding

import "context"

// replace has a planted bug, to prove that the torture runs find it: of what somebody else has written it takes the version
// alone, and so writes over the rest.
func (l *Linker) replace(ctx context.Context, f CompanyFile) (CompanyFile, error) {
	for {
		theirs, err := l.Files.ReplaceCompanyFile(ctx, f)
		if KindOf(err) != Conflict || theirs.Version == "" {
			return theirs, err
		}
		f.Version = theirs.Version
	}
}
