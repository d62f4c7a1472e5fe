package config

import "errors"

// public are the settings that everybody may see.
var public = map[string]bool{"PORTAL_CONFIG": true, "PORTAL_BASE_URL": true, "PASSFORT_COLLECTION_URL": true}

// LoadPublic reads and checks what is no secret, for commands that are run where no portal is: portal.toml and the addresses.
func LoadPublic(getenv func(string) string) (Config, error) {
	c, wrong := LoadFile(getenv)
	e, unreadable := Environ(func(name string) string {
		if public[name] {
			return getenv(name)
		}
		return ""
	})
	if c.Dir == nil { // there is no file to check
		return Config{}, errors.Join(unreadable, wrong)
	}
	c.Environment = e
	wrong = errors.Join(c.checkBaseURL(), wrong, c.checkCollectionURL(), c.checkBrands(), c.checkPassFort())
	return c, errors.Join(unreadable, except(wrong, names(unreadable)))
}
