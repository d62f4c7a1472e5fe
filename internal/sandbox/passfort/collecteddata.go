package passfort

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"portal/internal/sandbox/effects"
)

// showCollectedData answers GET /4.0/profiles/{profile_id}/collected_data.
func (p *Provider) showCollectedData(r *http.Request) (answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	pr, err := p.profileOf(r)
	if err != nil {
		return answer{}, err
	}
	return answer{etag: pr.version, body: pr.data}, nil
}

// replaceCollectedData answers POST /4.0/profiles/{profile_id}/collected_data: the whole document is replaced, if the
// version named in If-Match, compared literally, is still the latest. Without If-Match it is replaced in any case.
func (p *Provider) replaceCollectedData(r *http.Request) (answer, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, unreadable(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	pr, err := p.profileOf(r)
	if err != nil {
		return answer{}, err
	}
	data, err := parseEntityData(raw, entityTypes[pr.role])
	if err != nil {
		return answer{}, err
	}
	if expected := r.Header.Get("If-Match"); expected != "" && expected != pr.version {
		return answer{status: http.StatusPreconditionFailed, etag: pr.version, body: pr.data}, nil
	}
	p.storeData(pr, data)
	return answer{etag: pr.version, body: pr.data}, nil
}

// storeData gives the profile new collected data. The lock is held.
func (p *Provider) storeData(pr *profile, data entityData) {
	now := p.config.Now()
	pr.data, pr.version, pr.modified = data, p.nextVersion(now), now
	p.record(effects.CollectedDataUpdate, pr.id, pr)
}

// nextVersion makes an ETag that was never given before. The lock is held.
func (p *Provider) nextVersion(now time.Time) string {
	p.lastVersion = max(now.UnixMilli(), p.lastVersion+1)
	return fmt.Sprintf(`W/"%d.%03d"`, p.lastVersion/1000, p.lastVersion%1000)
}
