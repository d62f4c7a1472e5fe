package i18n

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// Pseudo is a language that nobody speaks, for tests and the gallery: English with every letter changed, a good third
// longer, between ⟦ and ⟧. Text outside of these was not translated, and one without its ⟧ was cut off.
var Pseudo = Locale{&catalogue{tag: language.MustParse("en-XA"), messages: sync.OnceValue(func() map[string]string {
	messages := make(map[string]string)
	for key, message := range english.messages() {
		messages[key] = pseudo(message)
	}
	messages["language.name"] = "Ƥşḗŭđō"
	return messages
})}}

var accents = strings.NewReplacer(
	"a", "åá", "b", "ƀ", "c", "ç", "d", "đ", "e", "éè", "f", "ƒ", "g", "ĝ", "h", "ĥ", "i", "îï", "j", "ĵ", "k", "ķ", "l", "ļ", "m", "ɱ",
	"n", "ñ", "o", "öô", "p", "þ", "q", "ɋ", "r", "ŕ", "s", "š", "t", "ţ", "u", "ûú", "v", "ṽ", "w", "ŵ", "x", "ẋ", "y", "ý", "z", "ž",
	"A", "Å", "B", "Ɓ", "C", "Ç", "D", "Ð", "E", "É", "F", "Ƒ", "G", "Ĝ", "H", "Ĥ", "I", "Î", "J", "Ĵ", "K", "Ķ", "L", "Ļ", "M", "Ṁ",
	"N", "Ñ", "O", "Ö", "P", "Þ", "Q", "Ɋ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Û", "V", "Ṽ", "W", "Ŵ", "X", "Ẋ", "Y", "Ý", "Z", "Ž",
)

// pseudo changes everything but the placeholders.
func pseudo(message string) string {
	var b strings.Builder
	b.WriteString("⟦")
	at := 0
	for _, found := range placeholder.FindAllStringIndex(message, -1) {
		b.WriteString(accents.Replace(message[at:found[0]]))
		b.WriteString(message[found[0]:found[1]])
		at = found[1]
	}
	b.WriteString(accents.Replace(message[at:]))
	b.WriteString("⟧")
	return b.String()
}
