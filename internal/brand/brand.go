// Package brand is the company's look and address: the [brand] table of portal.toml as a struct, the checks that keep it readable and complete, and
// the assets (stylesheet, icon) that are made from it when the portal starts. Pages and e-mails take every name, link and colour from here.
package brand

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
)

// Brand says whose portal this is.
type Brand struct {
	// Name is the company's name as applicants know it.
	Name string `toml:"name"`
	// Logo is an image file beside portal.toml (svg, png, jpg or webp). Without one the name is set in type.
	Logo string `toml:"logo"`
	// LogoAlt is read out in the logo's place; without it, the name is.
	LogoAlt string `toml:"logo_alt"`
	// Accent is the colour of buttons and links, as #rrggbb.
	Accent string `toml:"accent"`
	// SupportEmail is where applicants get help.
	SupportEmail string `toml:"support_email"`
	// SupportPhone is a second way to get help, if the company has one.
	SupportPhone string `toml:"support_phone"`
	// PrivacyURL is the company's privacy notice.
	PrivacyURL string `toml:"privacy_url"`
	// ImprintURL says who is behind the site.
	ImprintURL string `toml:"imprint_url"`
	// Address is the postal and legal text at the foot of e-mails, one line or several.
	Address string `toml:"address"`
}

// AltText is what is read out in the logo's place.
func (b Brand) AltText() string {
	return cmp.Or(b.LogoAlt, b.Name)
}

// LogoAsset is the name of the logo among the static assets, or nothing when there is no logo.
func (b Brand) LogoAsset() string {
	if b.Logo == "" {
		return ""
	}
	return "logo" + path.Ext(b.Logo)
}

// Assets are the files that the brand adds to the static ones: its stylesheet, its icon and, read from files, its logo.
func (b Brand) Assets(files fs.FS) (map[string][]byte, error) {
	assets := map[string][]byte{"brand.css": b.Stylesheet(), "icon.svg": b.Icon()}
	if b.Logo == "" {
		return assets, nil
	}
	logo, err := fs.ReadFile(files, b.Logo)
	if err != nil {
		return nil, fmt.Errorf("brand logo: %w", err)
	}
	assets[b.LogoAsset()] = logo
	return assets, nil
}
