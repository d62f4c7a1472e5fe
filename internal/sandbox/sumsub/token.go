package sumsub

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"portal/internal/sandbox/effects"
)

const (
	usualTTL = 600           // of an access token, in seconds
	maxTTL   = 7 * 24 * 3600 // the longest that is accepted
)

// accessToken opens the WebSDK for one applicant.
type accessToken struct {
	Token     string    `json:"token"`
	Applicant string    `json:"applicant"`
	Expires   time.Time `json:"expires"`
}

// tokenOrder asks for an access token.
type tokenOrder struct {
	UserID      string `json:"userId"`
	LevelName   string `json:"levelName"`
	TTL         int    `json:"ttlInSecs"`
	Identifiers struct {
		Email string `json:"email"`
		Phone string `json:"phone"`
	} `json:"applicantIdentifiers"`
}

// createToken answers POST /resources/accessTokens/sdk.
func (p *Provider) createToken(r *http.Request) (answer, error) {
	var o tokenOrder
	if err := readJSON(r, &o); err != nil {
		return answer{}, err
	}
	return p.answerToken(o)
}

// createTokenByQuery answers POST /resources/accessTokens, the older form. Some clients put the members into a body all
// the same.
func (p *Provider) createTokenByQuery(r *http.Request) (answer, error) {
	q := r.URL.Query()
	o := tokenOrder{UserID: q.Get("userId"), LevelName: q.Get("levelName")}
	if seconds := q.Get("ttlInSecs"); seconds != "" {
		n, err := strconv.Atoi(seconds)
		if err != nil {
			return answer{}, invalid("ttlInSecs must be a number")
		}
		o.TTL = n
	}
	return p.answerToken(o)
}

func (p *Provider) answerToken(o tokenOrder) (answer, error) {
	t, err := p.newToken(o)
	if err != nil {
		return answer{}, err
	}
	return answer{body: map[string]string{"token": t.Token, "userId": o.UserID}}, nil
}

// newToken makes an access token, and the applicant if there is none. The lock is held.
func (p *Provider) newToken(o tokenOrder) (accessToken, error) {
	if _, ok := p.findLevel(o.LevelName); !ok {
		return accessToken{}, plain(http.StatusNotFound, "Applicant level '%s' not found", o.LevelName)
	}
	if o.UserID == "" || o.TTL < 0 || o.TTL > maxTTL {
		return accessToken{}, invalid("userId must be given, and ttlInSecs be at most %d", maxTTL)
	}
	a := p.index.externals[o.UserID]
	if a == nil {
		a = p.add(newApplicant{ExternalUserID: o.UserID, Email: o.Identifiers.Email, Phone: o.Identifiers.Phone}, o.LevelName, "Web")
	}
	if a.Deactivated || a.Deleted {
		return accessToken{}, plain(http.StatusNotFound, "Applicant %s is deactivated", a.ID)
	}
	if o.TTL == 0 {
		o.TTL = usualTTL
	}
	p.forgetTokens()
	t := accessToken{Token: p.tokenText(), Applicant: a.ID, Expires: p.now().Add(time.Duration(o.TTL) * time.Second)}
	p.state.Tokens = append(p.state.Tokens, t)
	p.index.tokens[t.Token] = t
	p.record(effects.AccessTokenCreate, p.newWord(), a)
	return t, nil
}

// tokenText makes a token. Its start tells the environment, as Sumsub's do.
func (p *Provider) tokenText() string {
	id, err := uuid.FromBytes(p.random(16))
	if err != nil {
		panic("16 bytes are a UUID: " + err.Error())
	}
	if p.sandboxed() {
		return "_act-sbx-" + id.String()
	}
	return "_act-prd-" + id.String()
}

// forgetTokens drops those that have expired.
func (p *Provider) forgetTokens() {
	p.state.Tokens = slices.DeleteFunc(p.state.Tokens, func(t accessToken) bool {
		if t.Expires.After(p.now()) {
			return false
		}
		delete(p.index.tokens, t.Token)
		return true
	})
}

// byToken finds the applicant of an access token. The lock is held.
func (p *Provider) byToken(token string) (*applicant, accessToken, error) {
	t, ok := p.index.tokens[token]
	if !ok || !t.Expires.After(p.now()) {
		return nil, t, ErrToken
	}
	return p.index.applicants[t.Applicant], t, nil
}

// createLink answers POST /resources/sdkIntegrations/levels/{level}/websdkLink: members in the body, or in the query as
// in the older form. A level of "-" is named by the body.
func (p *Provider) createLink(r *http.Request) (answer, error) {
	q := r.URL.Query()
	o := tokenOrder{UserID: q.Get("externalUserId"), LevelName: pathValue(r, "level")}
	o.TTL, _ = strconv.Atoi(q.Get("ttlInSecs"))
	if r.ContentLength != 0 {
		if err := readJSON(r, &o); err != nil {
			return answer{}, err
		}
	}
	t, err := p.newToken(o)
	if err != nil {
		return answer{}, err
	}
	link := url.URL{Scheme: "http", Host: r.Host, Path: LinkPath, RawQuery: url.Values{"token": {t.Token}}.Encode()}
	return answer{body: map[string]string{"url": link.String()}}, nil
}

// LinkPath is the page that a link to the WebSDK opens; the access token is the parameter "token".
const LinkPath = "/websdk/link.html"
