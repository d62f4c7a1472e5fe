package torture

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
)

// calmDown ends all trouble and lets everything come to rest.
func (r *run) calmDown(ctx context.Context) error {
	r.tell("-- calm")
	r.wire.calm = true
	r.finish()
	if r.exam != nil {
		return r.calmExam(ctx)
	}
	applying := r.choose(3, "applying at last")
	if err := r.applyAtLast(applying == 1); err != nil {
		return err
	}
	if err := r.rest(ctx, []span{{time.Second, 20}, {10 * time.Second, 30}, {time.Minute, 30}}, true); err != nil {
		return err
	}
	if err := errors.Join(r.applyAtLast(applying == 2), r.tellMore(ctx)); err != nil {
		return err
	}
	for _, e := range r.sandbox.Effects() {
		r.happens(e)
	}
	if r.explicit { // lists that are not there are looked for every hour
		if err := r.rest(ctx, []span{{61 * time.Minute, 1}}, false); err != nil {
			return err
		}
	}
	return r.rest(ctx, []span{{11 * time.Minute, 4}, {25 * time.Hour, 1}, {11 * time.Minute, 2}}, false)
}

// span is a time that passes so often.
type span struct {
	every time.Duration
	times int
}

// rest lets time pass, and everything be done that comes up. It may go on earlier when nothing more comes up.
func (r *run) rest(ctx context.Context, spans []span, untilQuiet bool) error {
	for _, s := range spans {
		for range s.times {
			quiet, err := r.settleDown(ctx)
			if err != nil {
				return err
			}
			if quiet && untilQuiet {
				break
			}
			if err := r.pass(s.every); err != nil {
				return err
			}
		}
	}
	_, err := r.settleDown(ctx)
	return err
}

// settleDown does what there is to do now, and says whether nothing will come of itself soon.
func (r *run) settleDown(ctx context.Context) (quiet bool, err error) {
	p := r.processes[0]
	if err := r.awaitWebhooks(ctx); err != nil {
		return false, err
	}
	for i := r.office.waits(); i > 0; i-- { // each once: what is refused stays
		r.hand(p, r.office.atLast())
		r.finish()
	}
	r.handOn(p)
	r.lookAround(p)
	r.finish()
	due, err := r.store.Due(ctx, r.sandbox.Now(), 32)
	if err != nil {
		return false, err
	}
	for _, id := range due {
		r.advance(p, id)
		r.finish()
	}
	if due, err = r.store.DueStructures(ctx, r.sandbox.Now(), 32); err != nil {
		return false, err
	}
	for _, id := range due {
		r.advanceStructure(p, id)
		r.finish()
	}
	moving, pending, err := unfinished(ctx, r.bench.Pool)
	if err := r.awaitWebhooks(ctx); err != nil {
		return false, err
	}
	return moving == 0 && pending == 0 && r.office.waits() == 0 && len(r.wire.postpone) == 0, err
}

// judge finds out whether the promises were kept.
func (r *run) judge(ctx context.Context) error {
	records, err := Read(ctx, r.bench.Pool)
	if err != nil {
		return err
	}
	requests := r.sandbox.PassFort().Requests(1000)
	collected, err := r.collected()
	if err != nil {
		return err
	}
	r.found = append(r.found, records.Violations(World{
		Effects: r.sandbox.Effects(), Requests: requests, Acknowledged: r.office.acknowledged, Forged: r.office.forged, RefPrefix: refPrefix,
		Told: r.office.told, Unreadable: r.office.unreadable, Silent: r.silent, KeyLost: losesKeys(r.sandbox.PassFort().Options()),
		Prefilled: r.prefilled(), Collected: collected,
	})...)
	keys, err := keysOf(requests)
	if err != nil {
		return err
	}
	r.notLogged("a secret", slices.AppendSeq([]string{masterKey, webhookSecret, appToken, secretKey}, maps.Values(keys)))
	r.notLogged("a fact about a person", private)
	if err := errors.Join(r.judgeCompanies(ctx, records), r.judgeExam(ctx, records)); err != nil {
		return err
	}
	return r.keysOpen(ctx, records, keys)
}

// notLogged makes sure that the log holds none of the texts.
func (r *run) notLogged(what string, texts []string) {
	for _, text := range texts {
		if strings.Contains(r.log.String(), text) {
			r.found = append(r.found, what+" is in the log")
		}
	}
}

// keysOpen makes sure that every open form's key is the one that the provider gave out for it.
func (r *run) keysOpen(ctx context.Context, records Records, keys map[string]string) error {
	for _, reg := range records.Registrations {
		if reg.Status != "open" || reg.Flow == documentsFlow {
			continue
		}
		id, err := uuid.Parse(reg.ID)
		if err != nil {
			return err
		}
		kept, err := r.store.Registration(ctx, onboarding.RegistrationID(id))
		if err != nil {
			return err
		}
		if kept.Request.Key.Reveal() != keys[reg.Request] {
			r.found = append(r.found, "the key of registration "+reg.ID+" does not open its form")
		}
	}
	return nil
}
