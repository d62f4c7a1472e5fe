package torture

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"portal/internal/onboarding"
)

// mostColleagues bounds how many associates the back end enters behind one company.
const mostColleagues = 4

// colleague is a person or a company behind an applicant's company, as the company's back end enters them.
type colleague struct {
	id, name string
	entity   onboarding.EntityType
	roles    []onboarding.AssociatedRole
	behind   *colleague // the company that has them; nil for the applicant's
	entered  bool       // the portal has said so
	refused  bool       // it has said that they cannot be
}

// newColleague makes somebody up. Nobody resembles anybody else.
func (v *visitor) newColleague() *colleague {
	id := fmt.Sprintf("%08x-0000-4000-8000-%012x", v.dice.Uint32(), v.dice.Uint64()>>16)
	c := &colleague{id: id, name: "Somebody-" + id, entity: onboarding.Individual}
	if v.dice.IntN(3) == 0 {
		c.entity = onboarding.Company
	}
	for _, i := range v.dice.Perm(len(onboarding.AssociatedRoles))[:1+v.dice.IntN(3)] {
		c.roles = append(c.roles, onboarding.AssociatedRoles[i])
	}
	i := v.dice.IntN(mostColleagues)
	if i < len(v.behind) && v.behind[i].entered && v.behind[i].entity == onboarding.Company {
		c.behind = v.behind[i]
	}
	v.ordeal.secrets.add("name of an associate", c.name)
	v.behind = append(v.behind, c)
	return c
}

// body is what the back end sends of them.
func (c *colleague) body() map[string]any {
	body := map[string]any{"id": c.id, "entity_type": c.entity, "roles": c.roles, "family_name": c.name}
	if c.entity == onboarding.Company {
		delete(body, "family_name")
		body["name"] = c.name
	}
	if c.behind != nil {
		body["parent"] = c.behind.id
	}
	return body
}

// begun are the pages of somebody who has a registration.
var begun = []pageKind{waitingPage, formPage, checkingPage, completedPage, thanksPage, expiredPage, supersededPage, closedPage, attentionPage}

// enterColleague has the back end enter somebody, once there is a registration, or enter somebody again: under the same id
// that changes nothing.
func (v *visitor) enterColleague(ctx context.Context) {
	hasBegun := slices.ContainsFunc(v.sightings(), func(s sighting) bool { return slices.Contains(begun, s.kind) })
	if v.subject == "" || !hasBegun || v.dice.IntN(2) == 0 {
		return
	}
	switch i := v.dice.IntN(mostColleagues); {
	case v.unsure() != nil:
		v.enter(ctx, v.unsure())
	case i < len(v.behind):
		v.enter(ctx, v.behind[i])
	default:
		v.enter(ctx, v.newColleague())
	}
}

// unsure is somebody of whom the back end does not know whether they are entered.
func (v *visitor) unsure() *colleague {
	for _, c := range v.behind {
		if !c.entered && !c.refused {
			return c
		}
	}
	return nil
}

func (v *visitor) enter(ctx context.Context, c *colleague) {
	status, err := v.ordeal.backEnd.post(ctx, "/registrations/"+v.subject+"/associates", c.body(), new(any))
	v.ordeal.tell(v.name, "has associate %s as %v entered: %d", c.id, c.roles, status)
	switch {
	case err != nil || away(status):
	case status == http.StatusCreated && c.entered:
		v.ordeal.violated("%s: associate %s was entered anew, though entered before", v.name, c.id)
	case status == http.StatusCreated || status == http.StatusOK:
		c.entered = true
	default:
		c.refused = true
		v.ordeal.violated("%s: associate %s is refused with status %d", v.name, c.id, status)
	}
}

// entered is how many associates the back end was told are entered.
func (r *ordeal) entered() (n int) {
	for _, v := range r.visitors {
		for _, c := range v.behind {
			if c.entered {
				n++
			}
		}
	}
	return n
}

// makeSure repeats what was not answered until it is.
func (v *visitor) makeSure(ctx context.Context) {
	for c := v.unsure(); c != nil; c = v.unsure() {
		v.enter(ctx, c)
		if !linger(ctx, 20*time.Millisecond) {
			v.ordeal.violated("%s: whether associate %s is entered was never said", v.name, c.id)
			return
		}
	}
}
