package templates

import "strconv"

// choiceID is the id of an answer to a question; the first has the question's own, to which an error leads.
func choiceID(id string, i int) string {
	if i == 0 {
		return id
	}
	return id + "-" + strconv.Itoa(i)
}
