package oidc

import "context"

// Discover asks the provider what it says of itself, and returns why that cannot be used.
func (p *Provider) Discover(ctx context.Context) error {
	_, err := p.discovery.metadata(ctx)
	return err
}
