package passfort

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"portal/internal/onboarding"
)

// Placed is the company's file with the associates in the lists of their roles, and whether that changes it. What an entry
// that is there holds is for whoever has changed it: only what it lacks is added, and of who was linked before only the
// verification lists. Everything else in the file is kept.
func (c *Client) Placed(f onboarding.CompanyFile, placements []onboarding.Placement) (placed onboarding.CompanyFile, changed bool, err error) {
	d, err := openFile(f)
	if err != nil {
		return f, false, err
	}
	for _, l := range c.lists {
		if err := d.place(l, placements); err != nil {
			return f, false, err
		}
	}
	if len(d.changed) == 0 {
		return f, false, nil
	}
	f.Text = d.text()
	return f, true, nil
}

// place puts the associates of a role into its list, and the classes of shares that they hold into the list of those.
func (d *companyData) place(l roleList, placements []onboarding.Placement) error {
	r, err := d.roster(l)
	if err != nil {
		return unreadableFile(err)
	}
	for _, p := range placements {
		if !slices.Contains(p.Details.Roles, l.role) {
			continue
		}
		err := r.place(p)
		if err == nil && !p.Linked && l.role.Owns() {
			err = d.addClasses(p.Details.Shareholdings)
		}
		if err != nil {
			return err
		}
	}
	if r.changed {
		d.put(l, r.entries)
	}
	return nil
}

// addClasses puts classes of shares into the list of all, unless they are in it.
func (d *companyData) addClasses(holdings []onboarding.Shareholding) error {
	classes, err := d.list(shareClasses)
	if err != nil {
		return unreadableFile(err)
	}
	before := len(classes)
	for _, h := range holdings {
		if !slices.ContainsFunc(classes, func(class []byte) bool { return sameClass(textOf(object(class)["name"]), h.Class) }) {
			classes = append(classes, members{}.with("name", quoted(h.Class)).text())
		}
	}
	if len(classes) > before {
		d.put(shareClasses, classes)
	}
	return nil
}

// roster is a list of associates to which others are added.
type roster struct {
	roleList
	entries [][]byte
	at      map[string]int // where a linked profile is first, by its id in small letters
	changed bool
}

func (d *companyData) roster(l roleList) (*roster, error) {
	entries, err := d.list(l)
	if err != nil {
		return nil, err
	}
	r := &roster{roleList: l, entries: entries, at: map[string]int{}}
	for i, entry := range entries {
		_, link, err := linkIn(entry)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.key, err)
		}
		id := strings.ToLower(textOf(link.at("id")))
		if _, twice := r.at[id]; id != "" && !twice {
			r.at[id] = i
		}
	}
	return r, nil
}

// place puts an associate into the list, unless it was there and somebody has taken it out.
func (r *roster) place(p onboarding.Placement) error {
	id := strings.ToLower(string(p.Profile))
	i, there := r.at[id]
	if !there && p.Linked {
		return nil
	}
	if !there {
		entry, err := newEntry(r.role, p)
		if err != nil {
			return err
		}
		r.at[id], r.entries, r.changed = len(r.entries), append(r.entries, entry), true
		return nil
	}
	entry, lacking, err := withVariants(r.entries[i], p.Lists[r.role])
	if err != nil {
		return unreadableFile(fmt.Errorf("%s: task_variant_ids: %w", r.key, err))
	}
	if !p.Linked {
		filled, more, err := withLacking(entry, r.role, p)
		if err != nil {
			return err
		}
		entry, lacking = filled, lacking || more
	}
	if lacking {
		r.entries[i], r.changed = entry, true
	}
	return nil
}

// withLacking is an entry with what it lacks of what is known of the associate in that role, and whether it has lacked any.
// What it holds already is for whoever has changed it.
func withLacking(entry []byte, role onboarding.AssociatedRole, p onboarding.Placement) (_ []byte, lacking bool, err error) {
	all, err := membersIn(entry)
	if err != nil {
		return nil, false, unreadableFile(err)
	}
	text, err := newEntry(role, p)
	if err != nil {
		return nil, false, err
	}
	fresh := object(text)
	all, lacking, err = withHoldings(all, p.Details)
	if err != nil {
		return nil, false, unreadableFile(err)
	}
	for _, name := range []string{"appointed_on", "resigned_on", "total_percentage", "shareholdings"} {
		if known := fresh[name]; len(known) > 0 && absent(all.at(name)) {
			all, lacking = all.with(name, known), true
		}
	}
	return all.text(), lacking, nil
}

// withHoldings adds to an entry's shareholdings those of classes that it lacks. The total follows if it was theirs.
func withHoldings(entry members, d onboarding.Details) (_ members, lacking bool, err error) {
	list, err := elementsIn(entry.at("shareholdings"))
	if err != nil || len(list) == 0 {
		return entry, false, err
	}
	var there onboarding.Details
	for _, holding := range list {
		of := object(holding)
		there.Shareholdings = append(there.Shareholdings, onboarding.Shareholding{Class: textOf(of["share_class"]), Percentage: string(of["percentage"])})
	}
	former := total(there)
	for _, h := range d.Shareholdings {
		if slices.ContainsFunc(there.Shareholdings, func(t onboarding.Shareholding) bool { return sameClass(t.Class, h.Class) }) {
			continue
		}
		text, err := json.Marshal(newHolding{h.Class, number(h.Amount), number(h.Percentage)})
		if err != nil {
			return entry, false, errNoNumber
		}
		list, lacking = append(list, text), true
		there.Shareholdings = append(there.Shareholdings, h)
	}
	if !lacking {
		return entry, false, nil
	}
	told, ok := new(big.Rat).SetString(string(entry.at("total_percentage")))
	if sum := total(there); ok && former != nil && sum != nil && told.Cmp(former) == 0 {
		entry = entry.with("total_percentage", []byte(strings.TrimSuffix(strings.TrimRight(sum.FloatString(decimals), "0"), ".")))
	}
	return entry.with("shareholdings", arrayOf(list)), true, nil
}

// decimals are those of a percentage that the domain takes.
const decimals = 4

// total is the sum of the percentages; nil where one cannot be read.
func total(d onboarding.Details) *big.Rat {
	sum := new(big.Rat)
	for _, h := range d.Shareholdings {
		if h.Percentage == "" {
			continue
		}
		p, ok := new(big.Rat).SetString(h.Percentage)
		if !ok {
			return nil
		}
		sum.Add(sum, p)
	}
	return sum
}

// sameClass says whether two texts name one class of shares.
func sameClass(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// withVariants is an entry with the ids of verification lists, and whether it has lacked any.
func withVariants(entry []byte, ids []string) (_ []byte, lacking bool, err error) {
	all, err := membersIn(entry)
	if err != nil {
		return nil, false, err
	}
	known, err := elementsIn(all.at("task_variant_ids"))
	if err != nil {
		return nil, false, err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(known, func(k []byte) bool { return strings.EqualFold(textOf(k), id) }) {
			known, lacking = append(known, quoted(id)), true
		}
	}
	if !lacking {
		return entry, false, nil
	}
	return all.with("task_variant_ids", arrayOf(known)).text(), true, nil
}
