package config

import "fmt"

// HSTS is how far the portal has browsers come by TLS alone: they remember it for the whole host, whatever else is there.
type HSTS string

// hsts is the header that says so, by the setting.
var hsts = map[HSTS]string{
	"off":        "",
	"host":       "max-age=31536000",
	"subdomains": "max-age=31536000; includeSubDomains",
	"preload":    "max-age=63072000; includeSubDomains; preload",
}

// UnmarshalText reads the setting.
func (h *HSTS) UnmarshalText(text []byte) error {
	if _, ok := hsts[HSTS(text)]; !ok {
		return fmt.Errorf("%q is none of off, host, subdomains, preload", text)
	}
	*h = HSTS(text)
	return nil
}

// Header is the value of Strict-Transport-Security; none where it is empty.
func (h HSTS) Header() string { return hsts[h] }
