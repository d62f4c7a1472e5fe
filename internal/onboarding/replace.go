//go:build !plant_blind

package onboarding

import "context"

// replace writes a company's file. After a Conflict it returns what somebody else has written.
func (l *Linker) replace(ctx context.Context, f CompanyFile) (CompanyFile, error) {
	return l.Files.ReplaceCompanyFile(ctx, f)
}
