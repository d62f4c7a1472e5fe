package mailcheck

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// checkImages looks at pictures: they come late or not at all, so that the e-mail must do without them.
func checkImages(d *document) {
	for _, n := range d.elements("img") {
		if _, ok := lookUp(n, "alt"); !ok {
			d.problem(line(n), "The image has no words in its place: most people see it only after they have allowed images.", `Add alt="…", or alt="" where it only adorns.`)
		}
		if attribute(n, "width") == "" || attribute(n, "height") == "" {
			d.problem(line(n), "The image has no size: Outlook shows it as large as it is, and the text jumps when it comes.", `Add width="…" and height="…" in px.`)
		}
		d.checkSource(n)
	}
}

// pictures are the kinds of image that all mail programs show.
var pictures = []string{".png", ".jpg", ".jpeg", ".gif", ""}

func (d *document) checkSource(n *html.Node) {
	src := attribute(n, "src")
	u, err := url.Parse(src)
	switch {
	case strings.HasPrefix(strings.ToLower(src), "data:"):
		d.problem(line(n), "The image is part of the template: Gmail and Outlook do not show it.", "Put it on your site and name its address.")
	case err != nil || u.Scheme != "https" || u.Host == "":
		d.problem(line(n), "The image has no address that starts with https://: mail programs cannot load it.", "Put it on your site and write its address in full.")
	case !slices.Contains(pictures, strings.ToLower(path.Ext(u.Path))):
		d.problem(line(n), fmt.Sprintf("Gmail and Outlook show no %s images.", path.Ext(u.Path)), "Use a png or jpg.")
	}
}

// vague are words of links that say nothing when they are read alone, as screen readers do.
var vague = []string{
	"click here", "here", "click", "link", "more", "read more", "this link", "hier", "hier klicken", "klicken sie hier", "ici", "cliquez ici",
	"aquí", "haga clic aquí", "qui", "clicca qui", "aqui", "clique aqui", "klik hier", "tutaj", "kliknij tutaj", "اضغط هنا", "هنا", "点击这里", "点击此处",
}

// checkLinks looks at where links lead and what they say.
func checkLinks(d *document) {
	for _, n := range d.elements("a") {
		href, said := attribute(n, "href"), words(n)
		if !d.leads(href) {
			d.problem(line(n), fmt.Sprintf("The link %q leads nowhere that is safe.", said), "Write an address that starts with https://, mailto: or tel:.")
		}
		if slices.Contains(vague, strings.Trim(strings.ToLower(said), " .…»›>→:!")) {
			d.advise(line(n), fmt.Sprintf("The link %q does not say where it leads: fraud reads like this, and a screen reader's list of links says nothing.", said),
				"Name what it opens, such as Open the forms.")
		}
		if said == "" && !hasPicture(n) && !strings.Contains(href, d.options.Link) {
			d.problem(line(n), "The link has no words.", "Write what it opens, or take it out.")
		}
	}
}

// leads reports whether a link can be followed.
func (d *document) leads(href string) bool {
	if strings.Contains(href, d.options.Link) {
		return true
	}
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	return u.Scheme == "https" && u.Host != "" || (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != ""
}

func hasPicture(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.Data == "img" && attribute(c, "alt") != "" {
			return true
		}
	}
	return false
}
