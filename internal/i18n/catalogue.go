package i18n

import (
	"embed"
	"fmt"
	"path"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/language"
)

//go:embed catalogue/*.toml
var files embed.FS

// languages are the catalogues in order of preference.
var languages = []string{"en", "de"}

// catalogue is the messages of one language by key.
type catalogue struct {
	tag      language.Tag
	messages map[string]string
}

var catalogues = readAll()

// readAll reads the embedded catalogues. They are part of the program: a broken one stops it, and every test, at once.
func readAll() []*catalogue {
	list := make([]*catalogue, len(languages))
	for i, name := range languages {
		text, err := files.ReadFile(path.Join("catalogue", name+".toml"))
		if err != nil {
			panic(err)
		}
		messages, err := parse(string(text))
		if err != nil {
			panic(fmt.Errorf("catalogue %s: %w", name, err))
		}
		list[i] = &catalogue{tag: language.MustParse(name), messages: messages}
	}
	return list
}

// parse flattens TOML's tables to dotted keys: title in [sign_in] becomes sign_in.title.
func parse(text string) (map[string]string, error) {
	var tables map[string]any
	if _, err := toml.Decode(text, &tables); err != nil {
		return nil, err
	}
	messages := make(map[string]string)
	return messages, flatten(messages, "", tables)
}

func flatten(messages map[string]string, prefix string, table map[string]any) error {
	for name, value := range table {
		switch value := value.(type) {
		case string:
			messages[prefix+name] = value
		case map[string]any:
			if err := flatten(messages, prefix+name+".", value); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s%s is not a text", prefix, name)
		}
	}
	return nil
}
