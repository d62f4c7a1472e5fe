package passfort

import "bytes"

// cutObject cuts an object into its members. The text must be valid JSON.
func cutObject(text []byte) (members, error) {
	at := afterBlank(text, 0)
	if text[at] != '{' {
		return nil, errNoObject
	}
	var all members
	for at = afterBlank(text, at+1); text[at] != '}'; {
		colon := afterBlank(text, afterValue(text, at))
		key := bytes.TrimRight(text[at:colon], blanks)
		from := afterBlank(text, colon+1)
		to := afterValue(text, from)
		all = append(all, member{textOf(key), key, text[from:to:to]})
		at = afterComma(text, to)
	}
	return all, nil
}

// cutArray cuts an array into its elements. The text must be valid JSON.
func cutArray(text []byte) ([][]byte, error) {
	at := afterBlank(text, 0)
	if text[at] != '[' {
		return nil, errNoArray
	}
	var all [][]byte
	for at = afterBlank(text, at+1); text[at] != ']'; {
		to := afterValue(text, at)
		all = append(all, text[at:to:to])
		at = afterComma(text, to)
	}
	return all, nil
}

// blanks are the characters that JSON has between others, and lets be there for nothing.
const blanks = " \t\r\n"

// afterBlank is where the next character is that is no blank.
func afterBlank(text []byte, at int) int {
	return len(text) - len(bytes.TrimLeft(text[at:], blanks))
}

// afterComma is where the next value begins after one that ends there, or the end of what holds both.
func afterComma(text []byte, at int) int {
	if at = afterBlank(text, at); text[at] == ',' {
		at = afterBlank(text, at+1)
	}
	return at
}

// afterValue is where the value ends that begins there.
func afterValue(text []byte, at int) int {
	if c := text[at]; c != '"' && c != '{' && c != '[' {
		if end := bytes.IndexAny(text[at:], ",]}"+blanks); end >= 0 {
			return at + end
		}
		return len(text)
	}
	for depth := 0; ; {
		switch text[at] {
		case '"':
			at = lastOfString(text, at)
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if at++; depth == 0 {
			return at
		}
	}
}

// lastOfString is where the quote is that ends the string which begins there.
func lastOfString(text []byte, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at
}
