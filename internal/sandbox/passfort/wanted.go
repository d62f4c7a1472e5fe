package passfort

import (
	"fmt"
	"slices"

	"portal/internal/sandbox/passfort/account"
)

// applicationRequest asks for a product, by its alias or its id.
type applicationRequest struct {
	Product struct {
		Alias string `json:"alias"`
		ID    string `json:"id"`
	} `json:"product"`
	AssociatedRole string `json:"associated_role"`
}

// wanted is an application that was asked for and may be made.
type wanted struct {
	product account.Product
	role    string // of an associate
}

// wantedApplications checks all the applications that are asked for with a new profile.
func (p *Provider) wantedApplications(asked []applicationRequest, role string) ([]wanted, error) {
	var list []wanted
	for i, a := range asked {
		where := fmt.Sprintf("applications[%d].", i)
		w, err := p.wantedApplication(a, role, where)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(list, func(other wanted) bool { return other.product.Alias == w.product.Alias && other.role == w.role }) {
			return nil, invalid("%sproduct %q is there twice", where, w.product.Alias)
		}
		list = append(list, w)
	}
	return list, nil
}

// wantedApplication makes sure that a profile of this role can apply for what is asked for.
func (p *Provider) wantedApplication(asked applicationRequest, role, where string) (wanted, error) {
	w := wanted{role: asked.AssociatedRole}
	product, err := p.wantedProduct(asked, where)
	if err != nil {
		return w, err
	}
	w.product = product
	switch {
	case !product.IsFor(entityTypes[role]):
		return w, notSetUp("%sproduct %q has no smart policy for a profile of type %s", where, product.Alias, entityTypes[role])
	case w.role != "" && !p.isRole(w.role):
		return w, invalid("%sassociated_role %q is not known", where, w.role)
	case (w.role != "") != isAssociated(role):
		return w, invalid("%sassociated_role is for associates, and they need it", where)
	}
	return w, nil
}

// wantedProduct finds a product by its alias or its id.
func (p *Provider) wantedProduct(asked applicationRequest, where string) (account.Product, error) {
	name, product, ok := asked.Product.Alias, account.Product{}, false
	if name != "" {
		product, ok = p.account.Product(name)
	} else if name = asked.Product.ID; name != "" {
		product, ok = p.account.ProductByID(name)
	}
	switch {
	case name == "":
		return product, missing("%sproduct.alias or product.id is required", where)
	case !ok:
		return product, invalid("%sproduct %q is not known", where, name)
	}
	return product, nil
}

// checkAssociate refuses an associate that could not be verified: by PassFort's documentation there is an error when the
// product for which associates apply has no smart policy or task set for that kind of entity.
func (p *Provider) checkAssociate(role string) error {
	if !isAssociated(role) {
		return nil
	}
	for _, t := range p.account.Tasks {
		if product, ok := p.account.Product(t.AssociateProduct); ok && product.IsFor(entityTypes[role]) {
			return nil
		}
	}
	return notSetUp("no product for associates has a smart policy for a profile of type %s", entityTypes[role])
}
