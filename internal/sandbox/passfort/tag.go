package passfort

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxTag is the longest name of a tag, in bytes.
const maxTag = 200

// tag is a label on a profile; the same name has the same id everywhere.
type tag struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	IsAutomatic bool   `json:"is_automatic"`
}

// addTag answers POST /4.0/profiles/{profile_id}/tags. Adding a tag twice leaves one.
func (p *Provider) addTag(r *http.Request, pr *profile) (answer, error) {
	var body struct {
		Name string `json:"name"`
	}
	if err := readJSON(r, &body); err != nil {
		return answer{}, err
	}
	name := strings.TrimSpace(body.Name)
	switch {
	case name == "":
		return answer{}, missing("name is required")
	case len(name) > maxTag:
		return answer{}, invalid("name must not be longer than %d bytes", maxTag)
	}
	t := p.tagNamed(name)
	if !slices.Contains(pr.Tags, t) {
		pr.Tags = append(slices.Clone(pr.Tags), t)
		p.audit(pr, byAPI, "added-a-tag", t.Name)
	}
	return answer{status: p.Options().CreateStatus, body: t}, nil
}

// tagNamed finds the account's tag of this name or makes it. The lock is held.
func (p *Provider) tagNamed(name string) tag {
	for _, pr := range p.state.Profiles {
		for _, t := range pr.Tags {
			if strings.EqualFold(t.Name, name) {
				return t
			}
		}
	}
	return tag{ID: p.newID(), Name: name}
}

// removeTag answers DELETE /4.0/profiles/{profile_id}/tags/{tag_id}.
func (p *Provider) removeTag(r *http.Request, pr *profile) (answer, error) {
	i := slices.IndexFunc(pr.Tags, func(t tag) bool { return t.ID == r.PathValue("tag_id") })
	if i < 0 {
		return answer{}, notFound("tag")
	}
	gone := pr.Tags[i]
	pr.Tags = slices.Delete(slices.Clone(pr.Tags), i, i+1)
	p.audit(pr, byAPI, "removed-a-tag", gone.Name)
	return answer{body: gone}, nil
}

// searchTags answers GET /4.0/tags/search/{term}.
func (p *Provider) searchTags(r *http.Request) (answer, error) {
	limit, err := numberParam(r, "limit", 50, 1, 200)
	if err != nil {
		return answer{}, err
	}
	term, err := pathText(r, "term")
	if err != nil {
		return answer{}, err
	}
	term = strings.ToLower(term)
	p.enter()
	defer p.leave()
	found := []tag{}
	for _, pr := range p.state.Profiles {
		for _, t := range pr.Tags {
			if len(found) < limit && contains(t.Name, term) && !slices.Contains(found, t) {
				found = append(found, t)
			}
		}
	}
	return answer{body: found}, nil
}

// pathText is a text in the address. An address with a slash in such a text is matched as it is written.
func pathText(r *http.Request, name string) (string, error) {
	text := r.PathValue(name)
	if r.URL.RawPath == "" {
		return text, nil
	}
	plain, err := url.PathUnescape(text)
	if err != nil {
		return "", invalid("the address is not valid")
	}
	return plain, nil
}
