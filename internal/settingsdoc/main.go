// Command settingsdoc writes the README's tables of settings, which are made of the structs that package config reads them into:
// of the fields' names, defaults and comments. `make generate` runs it.
package main

import (
	"log"
	"os"
)

const (
	readme   = "README.md"
	settings = "internal/config"
)

// tables are the structs with a table, and the tag of their fields that has the setting's name.
var tables = []struct{ name, key, heading string }{
	{"Environment", "env", "name"},
	{"Flow", "toml", "key of a `[[flow]]`"},
}

func main() {
	log.SetFlags(0)
	text, err := os.ReadFile(readme)
	if err != nil {
		log.Fatal(err)
	}
	made, err := fill(string(text), settings)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(readme, []byte(made), 0o644); err != nil {
		log.Fatal(err)
	}
}
