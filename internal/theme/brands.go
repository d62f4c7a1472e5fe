package theme

import (
	"strings"

	"portal/internal/brand"
)

// ofBrand is a finding about one setting of a brand.
type ofBrand struct {
	setting string
	Finding
}

// checkBrands looks at every brand. What a flow has from the portal's brand is said once, of that.
func (t Theme) checkBrands() []Finding {
	var found []Finding
	said := map[string]bool{}
	for i, worn := range t.Brands {
		for _, f := range t.checkBrand(worn.Brand) {
			if said[f.setting+f.What] {
				continue
			}
			if i == 0 {
				said[f.setting+f.What] = true
			}
			f.Where = worn.Where + " " + f.setting
			found = append(found, f.Finding)
		}
	}
	return found
}

func (t Theme) checkBrand(b brand.Brand) []ofBrand {
	var found []ofBrand
	said := map[string]bool{}
	for _, p := range b.Problems() {
		found = append(found, problem(p.Setting, p.What, p.Mend))
		said[p.Setting] = true
	}
	if strings.TrimSpace(b.Address) == "" {
		found = append(found, problem("address", "is missing: e-mails must say who sends them", "the postal address and what the law asks for, in one line or several"))
	}
	if b.Font != "" && len(b.FontFiles) == 0 {
		found = append(found, advice("font", "is shown only to people who happen to have it: no file is loaded",
			`name its files, such as font_files = { "400" = "fonts/regular.woff2", "700" = "fonts/bold.woff2" }, or take font out`))
	}
	for _, f := range t.checkLogos(b) {
		if !said[f.setting] { // a file that is no image is not looked into
			found = append(found, f)
		}
	}
	return append(found, t.checkFonts(b)...)
}

func problem(setting, what, mend string) ofBrand {
	return ofBrand{setting, Finding{Problem: true, What: what, Mend: mend}}
}

func advice(setting, what, mend string) ofBrand {
	return ofBrand{setting, Finding{What: what, Mend: mend}}
}
