package oidctest

import "cmp"

// order puts the provider into the words of the program that runs it.
func (p *Provider) order() order {
	o := order{Issuer: p.Issuer, Tag: p.tag, Accounts: p.options.Accounts, InID: p.options.ClaimsInIDToken}
	for _, k := range p.keys {
		o.Keys = append(o.Keys, orderedKey{ID: k.ID, PEM: k.pem()})
	}
	for _, c := range p.options.Clients {
		o.Clients = append(o.Clients, c.metadata())
	}
	return o
}

// metadata puts a client into the words of OpenID Connect Dynamic Client Registration.
func (c Client) metadata() map[string]any {
	m := map[string]any{
		"client_id":                    c.ID,
		"redirect_uris":                c.Redirects,
		"post_logout_redirect_uris":    append([]string{}, c.SignedOut...),
		"id_token_signed_response_alg": cmp.Or(c.Algorithm, "RS256"),
		"token_endpoint_auth_method":   c.authentication(),
	}
	if c.Secret != "" {
		m["client_secret"] = c.Secret
	}
	if c.Logout != "" {
		m["backchannel_logout_uri"] = c.Logout
		m["backchannel_logout_session_required"] = !c.NoSID
	}
	return m
}

func (c Client) authentication() string {
	switch {
	case c.Secret == "":
		return "none"
	case c.PostAuth:
		return "client_secret_post"
	}
	return "client_secret_basic"
}
