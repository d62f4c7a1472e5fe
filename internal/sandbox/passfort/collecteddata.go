package passfort

import (
	"net/http"
	"slices"

	"portal/internal/sandbox/effects"
)

// showCollectedData answers GET /4.0/profiles/{profile_id}/collected_data.
func (p *Provider) showCollectedData(_ *http.Request, pr *profile) (answer, error) {
	return answer{etag: pr.Version, body: p.expanded(pr)}, nil
}

// replaceCollectedData answers POST /4.0/profiles/{profile_id}/collected_data: the whole document is replaced, if the
// version named in If-Match, compared literally, is still the latest. Without If-Match it is replaced in any case.
func (p *Provider) replaceCollectedData(r *http.Request, pr *profile) (answer, error) {
	data, err := parseEntityData(readBody(r), pr.entityType())
	if err != nil {
		return answer{}, err
	}
	if expected := r.Header.Get("If-Match"); expected != "" && expected != pr.Version {
		return answer{status: http.StatusPreconditionFailed, etag: pr.Version, body: p.expanded(pr)}, nil
	}
	if err := p.admit(pr, data); err != nil {
		return answer{}, err
	}
	p.storeData(pr, data, byAPI)
	return answer{etag: pr.Version, body: p.expanded(pr)}, nil
}

// addDocument answers POST /4.0/profiles/{profile_id}/collected_data/documents, the one write that appends.
func (p *Provider) addDocument(r *http.Request, pr *profile) (answer, error) {
	var document knownDocument
	raw := readBody(r)
	entry, err := parseObject(raw)
	if err != nil {
		return answer{}, err
	}
	if err := unmarshal(raw, &document); err != nil {
		return answer{}, err
	}
	if err := document.check(); err != nil {
		return answer{}, err
	}
	entry["id"] = p.newID()
	data := pr.Data.clone()
	data.set(slices.Concat(data.list("documents"), []any{map[string]any(entry)}), "documents")
	p.record(effects.DocumentAdd, entry.text("id"), pr)
	p.storeData(pr, data, byAPI)
	return answer{status: p.Options().CreateStatus, body: entry}, nil
}

// storeData gives the profile new collected data and says what changed. The lock is held.
func (p *Provider) storeData(pr *profile, data entityData, by actor) {
	before, now := pr.Data, p.now()
	p.identify(data)
	pr.Data, pr.Version, pr.Modified = data, p.nextVersion(now), now
	p.record(effects.CollectedDataUpdate, pr.ID, pr)
	p.audit(pr, by, "replace-collected-data", "")
	changed := map[string]any{"new_data": data, "old_data": before}
	p.notify(eventCollectedDataUpdated, pr, by, changed)
	p.notify(eventCollectedDataChanged, pr, by, changed)
	p.link(pr)
}
