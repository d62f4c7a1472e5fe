package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"portal/internal/sandbox/passfort"
)

// prepare builds the run's world.
func (r *ordeal) prepare(ctx context.Context) (err error) {
	dice := r.dice(diceOfPlan)
	if r.balancer, err = newBalancer(); err != nil {
		return err
	}
	front, k := r.balancer.site.url, r.newKeys()
	unknowns := outsideUnknowns(dice)
	r.tell("sandbox", "second request %q, key hidden %v, search by reference %v", unknowns.SecondRequest, unknowns.ReadHidesAPIKey, unknowns.SearchByCustomerRef)
	if r.sandbox, err = newOuterWorld(front, k.master, k.webhooks, unknowns); err != nil {
		return err
	}
	if r.records, err = newRecordsRoom(ctx, r.Server, fmt.Sprintf("run_%x", r.Seed)); err != nil {
		return err
	}
	r.backEnd = newBackEnd(front, k.api)
	env, err := r.environment(ctx, k)
	if err != nil {
		return err
	}
	r.fleet, r.watch = newFleet(r.Outside, r.diary, dice, env), &recoveryWatch{ordeal: r}
	r.balancer.leadTo(r.fleet.doors())
	for i := range 4 + dice.IntN(5) {
		r.visitors = append(r.visitors, newVisitor(r, i, front))
	}
	return r.fleet.start(ctx)
}

// outsideUnknowns are the sandbox's unknowns that matter most to what a crash leaves behind.
func outsideUnknowns(dice *rand.Rand) passfort.Options {
	return passfort.Options{
		SecondRequest:       []passfort.SecondRequest{passfort.Reject, passfort.Reject, passfort.Reuse, passfort.Replace}[dice.IntN(4)],
		ReadHidesAPIKey:     dice.IntN(4) == 0,
		SearchByCustomerRef: dice.IntN(2) == 0,
	}
}

// close takes the world down, however far it was built.
func (r *ordeal) close() error {
	if r.fleet != nil {
		for _, b := range r.fleet.berths {
			if b.now != nil {
				b.now.kill()
			}
		}
	}
	if r.watch != nil {
		r.watch.wait()
	}
	r.backEnd.close()
	return errors.Join(r.sandbox.close(), r.balancer.close(), r.records.close())
}
