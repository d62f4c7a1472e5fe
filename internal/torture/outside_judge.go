package torture

import (
	"context"
	"os/exec"

	"portal/internal/sandbox/passfort"
)

// mostRequests is more than a run can make.
const mostRequests = 10_000

// judge compares what everybody was told with what happened.
func (r *ordeal) judge(ctx context.Context) error {
	requests := r.sandbox.PassFort().Requests(mostRequests)
	t, err := r.truth(ctx, requests)
	if err != nil {
		return err
	}
	for _, text := range t.Violations(World{
		Effects: r.sandbox.Effects(), Requests: requests, Acknowledged: r.balancer.received(), Forged: r.forged, RefPrefix: refPrefix,
		KeyLost: losesKeys(r.sandbox.PassFort().Options()),
	}) {
		r.violated("%s", text)
	}
	for _, v := range r.visitors {
		for _, text := range t.misled(v.known(), v.flow, v.sightings()) {
			r.violated("%s %s", v.name, text)
		}
	}
	if err := r.judgeBehind(ctx); err != nil {
		return err
	}
	r.checkAudit(ctx)
	return r.checkLogs()
}

// truth collects what the records and the provider say.
func (r *ordeal) truth(ctx context.Context, requests []passfort.RequestOverview) (t truth, err error) {
	if t.Records, err = Read(ctx, r.records.pool); err != nil {
		return t, err
	}
	if t.owners, err = r.records.owners(ctx); err != nil {
		return t, err
	}
	t.keys, err = keysOf(requests)
	for _, key := range t.keys {
		r.secrets.add("request key", key)
	}
	return t, err
}

// checkAudit has the portal verify its own trails, as an operator would.
func (r *ordeal) checkAudit(ctx context.Context) {
	cmd := exec.CommandContext(ctx, r.Program, "audit", "verify")
	cmd.Env = []string{"PORTAL_DATABASE_URL=" + r.records.url}
	if out, err := cmd.CombinedOutput(); err != nil {
		r.violated("the trail does not hold: %v: %s", err, out)
	}
}

// checkLogs looks for secrets and panics in what the portals wrote.
func (r *ordeal) checkLogs() error {
	for _, b := range r.fleet.berths {
		wrong, err := r.secrets.leaks(b.log)
		if err != nil {
			return err
		}
		for _, text := range wrong {
			r.violated("%s", text)
		}
	}
	return nil
}
