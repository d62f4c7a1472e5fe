package brand

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
)

// logoTypes are the kinds of image that browsers show and the static handler knows.
var logoTypes = []string{".svg", ".png", ".jpg", ".webp"}

// Check reports everything that would make the pages unreadable or incomplete, all at once, each with its setting.
func (b Brand) Check() error {
	return errors.Join(
		b.checkName(),
		b.checkLogo(),
		b.checkAccent(),
		checkEmail("support_email", b.SupportEmail),
		checkPhone("support_phone", b.SupportPhone),
		checkURL("privacy_url", b.PrivacyURL),
		checkURL("imprint_url", b.ImprintURL),
	)
}

func (b Brand) checkName() error {
	if strings.TrimSpace(b.Name) == "" {
		return errors.New("brand name: is missing; applicants must see whose page this is")
	}
	return nil
}

func (b Brand) checkLogo() error {
	if b.Logo != "" && !slices.Contains(logoTypes, path.Ext(b.Logo)) {
		return fmt.Errorf("brand logo: %q must be an image file (%s)", b.Logo, strings.Join(logoTypes, ", "))
	}
	return nil
}

func (b Brand) checkAccent() error {
	accent, err := parseColour(b.Accent)
	if err != nil {
		return fmt.Errorf("brand accent: %w", err)
	}
	if ratio := contrast(accent, white); ratio < readable {
		return fmt.Errorf("brand accent: %s on white has a contrast of %.2f and %.1f is needed to be read; %s would do",
			accent, ratio, readable, accent.until(black, white, readable))
	}
	return nil
}

func checkEmail(setting, address string) error {
	local, domain, ok := strings.Cut(address, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(address, " \t\r\n<>,;?&\"") || strings.Contains(domain, "@") {
		return fmt.Errorf("brand %s: %q is not an e-mail address", setting, address)
	}
	return nil
}

func checkPhone(setting, number string) error {
	if strings.Trim(number, "+0123456789 ()-/.") != "" || (number != "" && !strings.ContainsAny(number, "0123456789")) {
		return fmt.Errorf("brand %s: %q is not a phone number", setting, number)
	}
	return nil
}

func checkURL(setting, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && (u.Scheme != "http" || !Loopback(u.Hostname()))) {
		return fmt.Errorf("brand %s: %q must be an address that starts with https://", setting, address)
	}
	return nil
}

// Loopback reports whether the host is this machine, where a demo may do without TLS.
func Loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
