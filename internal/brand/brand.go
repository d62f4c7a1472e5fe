// Package brand is the company's look and address: the [brand] table of portal.toml as a struct, the checks that keep it readable and complete, and
// the assets (stylesheet, icon) that are made from it when the portal starts. Pages and e-mails take every name, link and colour from here.
package brand

import (
	"cmp"
	"io/fs"
	"path"
	"reflect"
	"strings"
)

// Brand says whose portal this is.
type Brand struct {
	// Name is the company's name as applicants know it.
	Name string `toml:"name"`
	// Logo is an image file beside portal.toml (svg, png, jpg or webp). Without one the name is set in type.
	Logo string `toml:"logo"`
	// LogoDark is the logo for dark pages; without it, Logo is shown on both.
	LogoDark string `toml:"logo_dark"`
	// LogoAlt is read out in the logo's place; without it, the name is.
	LogoAlt string `toml:"logo_alt"`
	// Accent is the colour of buttons and links, as #rrggbb, and AccentDark that on dark pages. As all colours for dark pages,
	// it is made from the light one where it is not set.
	Accent     string `toml:"accent"`
	AccentDark string `toml:"accent_dark"`
	// Ground is the colour around the content, Surface that of the content itself, and Text stands on both. They are the
	// portal's own where they are not set.
	Ground      string `toml:"ground"`
	GroundDark  string `toml:"ground_dark"`
	Surface     string `toml:"surface"`
	SurfaceDark string `toml:"surface_dark"`
	Text        string `toml:"text"`
	TextDark    string `toml:"text_dark"`
	// Font is the name of the company's typeface, and FontFiles its files beside portal.toml (woff2) by weight: "400", "700",
	// or "100 900" for a file that has all of them. Without them the device's own typeface is used, which loads nothing.
	Font      string            `toml:"font"`
	FontFiles map[string]string `toml:"font_files"`
	// TextSize is the size of running text, such as "17px"; "16px" unless set.
	TextSize string `toml:"text_size"`
	// Radius is that of the corners of buttons and fields, such as "8px" or "0".
	Radius string `toml:"radius"`
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
	// EmailLogoURL is the logo in e-mails: the address of a png, jpg or gif that stays where it is, since e-mails are kept for
	// years. Without one the name is set in type. It stands on white, in the dark as well.
	EmailLogoURL string `toml:"email_logo_url"`
	// EmailLogoWidth and EmailLogoHeight are the size in which it is shown, in px.
	EmailLogoWidth  int `toml:"email_logo_width"`
	EmailLogoHeight int `toml:"email_logo_height"`

	// Part tells the assets of a flow's own brand from those of the portal's: it is the flow's name, or empty.
	Part string `toml:"-"`
	// LogoSize and LogoDarkSize are those of the logos; see Measured.
	LogoSize     Size `toml:"-"`
	LogoDarkSize Size `toml:"-"`
}

// For is the brand of a flow that has some things of its own: what it does not set stays as it is. What goes with another
// thing, such as the dark accent with the accent, does not stay without it.
func (b Brand) For(flow string, own Brand) Brand {
	b.leave(own)
	all, set := reflect.ValueOf(&b).Elem(), reflect.ValueOf(own)
	for i := range set.NumField() {
		if !set.Field(i).IsZero() {
			all.Field(i).Set(set.Field(i))
		}
	}
	b.Part = flow
	return b
}

// leave drops what does not go with what a flow has of its own.
func (b *Brand) leave(own Brand) {
	for _, pair := range []struct {
		set  string
		with *string
	}{
		{own.Accent, &b.AccentDark},
		{own.Ground, &b.GroundDark},
		{own.Surface, &b.SurfaceDark},
		{own.Text, &b.TextDark},
		{own.Logo, &b.LogoDark},
		{own.Logo, &b.LogoAlt},
	} {
		if pair.set != "" {
			*pair.with = ""
		}
	}
	if own.Logo != "" || own.EmailLogoURL != "" {
		b.EmailLogoURL, b.EmailLogoWidth, b.EmailLogoHeight = "", 0, 0
	}
	if own.Font != "" {
		b.FontFiles = nil
	}
}

// asset is the name of one of the brand's files among the static assets.
func (b Brand) asset(name string) string {
	if b.Part == "" {
		return name
	}
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "-" + b.Part + ext
}

// StyleAsset is the name of the stylesheet among the static assets.
func (b Brand) StyleAsset() string { return b.asset("brand.css") }

// IconAsset is the name of the picture in the browser's tab.
func (b Brand) IconAsset() string { return b.asset("icon.svg") }

// AltText is what is read out in the logo's place.
func (b Brand) AltText() string {
	return cmp.Or(b.LogoAlt, b.Name)
}

// Assets are the files that the brand adds to the static ones: its stylesheet, its icon and, read from files, its logos and
// fonts. Files that are not what their names say are refused.
func (b Brand) Assets(files fs.FS) (map[string][]byte, error) {
	assets := map[string][]byte{b.StyleAsset(): b.Stylesheet(), b.IconAsset(): b.Icon()}
	if err := b.readLogos(files, assets); err != nil {
		return nil, err
	}
	if err := b.readFonts(files, assets); err != nil {
		return nil, err
	}
	return assets, nil
}
