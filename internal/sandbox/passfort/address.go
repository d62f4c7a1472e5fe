package passfort

import (
	"fmt"
	"strings"
)

// structure rewrites an address as PassFort stores it: one that was given as a free text is read back as structured, with
// the text as its original. Finding the parts in it is beyond a sandbox.
func structure(address map[string]any) {
	if address["type"] != "FREEFORM" {
		return
	}
	address["type"], address["original_freeform_address"] = "STRUCTURED", address["text"]
	delete(address, "text")
}

// structureAddresses rewrites every address of collected data. It is given data that nobody else holds.
func structureAddresses(data entityData) error {
	for _, path := range [][]string{{"address_history"}, {"metadata", "addresses"}} {
		for i, item := range data.list(path...) {
			where := fmt.Sprintf("%s[%d].address", strings.Join(path, "."), i)
			entry, _ := item.(map[string]any)
			address, ok := entry["address"].(map[string]any)
			if !ok {
				return missing("%s is required", where)
			}
			if err := checkAddress(address, where); err != nil {
				return err
			}
			structure(address)
		}
	}
	return nil
}

// checkAddress makes sure that an address has what its type demands.
func checkAddress(address map[string]any, where string) error {
	country, _ := address["country"].(string)
	switch address["type"] {
	case "FREEFORM":
		if text, _ := address["text"].(string); text == "" || country == "" {
			return missing("%s: a FREEFORM address needs country and text", where)
		}
	case "STRUCTURED":
	case nil:
		return missing("%s.type is required", where)
	default:
		return invalid("%s.type must be FREEFORM or STRUCTURED", where)
	}
	if country != "" && !isCountry(country) {
		return invalid("%s.country %q is not an ISO 3166 alpha-3 code", where, country)
	}
	return nil
}
