package i18n

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"sync"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/language"
)

//go:embed catalogue/*.toml
var files embed.FS

// languages are the catalogues in the order in which they are offered; the first serves those who speak none of them.
var languages = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ar", "zh"}

// catalogue is the messages of one language by key. They are read when the language is first spoken.
type catalogue struct {
	tag      language.Tag
	messages func() map[string]string
}

// readings are the embedded catalogues, each read once, when it is first wanted.
var readings = func() map[string]func() (map[string]string, error) {
	all := map[string]func() (map[string]string, error){}
	for _, name := range languages {
		all[name] = sync.OnceValues(func() (map[string]string, error) {
			text, err := files.ReadFile(path.Join("catalogue", name+".toml"))
			if err != nil {
				return nil, err
			}
			return parse(string(text))
		})
	}
	return all
}()

// embeddedCatalogue is the portal's own of that name. It is part of the program: a broken one stops it, and every test that
// speaks the language.
func embeddedCatalogue(name string) *catalogue {
	return &catalogue{tag: language.MustParse(name), messages: func() map[string]string {
		messages, err := readings[name]()
		if err != nil {
			panic(fmt.Errorf("catalogue %s: %w", name, err))
		}
		return messages
	}}
}

// with is the catalogue with a company's own words in place of some of its messages.
func (c *catalogue) with(words map[string]string) *catalogue {
	return &catalogue{tag: c.tag, messages: sync.OnceValue(func() map[string]string {
		messages := maps.Clone(c.messages())
		maps.Copy(messages, words)
		return messages
	})}
}

// parse flattens TOML's tables to dotted keys: title in [sign_in] becomes sign_in.title.
func parse(text string) (map[string]string, error) {
	var tables map[string]any
	if _, err := toml.Decode(text, &tables); err != nil {
		return nil, err
	}
	return Flatten(tables)
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
