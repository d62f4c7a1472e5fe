package passfort

import "encoding/json"

// knownData has the types that PassFort's schema of 2019 gives to the members of collected data. It serves to refuse what
// is of another type; nothing is read from it but what checkEntityData looks at. Members it does not list may be anything.
type knownData struct {
	CustomerRef        *string           `json:"customer_ref"`
	ExternalRefs       map[string]any    `json:"external_refs"`
	Documents          []knownDocument   `json:"documents"`
	PersonalDetails    *knownPerson      `json:"personal_details"`
	AddressHistory     []*knownStay      `json:"address_history"`
	ContactDetails     *knownContact     `json:"contact_details"`
	IPLocation         *knownIP          `json:"ip_location"`
	Metadata           *knownCompany     `json:"metadata"`
	Officers           map[string]any    `json:"officers"`
	OwnershipStructure *knownOwnership   `json:"ownership_structure"`
	Filings            []map[string]any  `json:"filings"`
	CharityData        *knownCharityData `json:"charity_data"`
}

type knownDocument struct {
	ID           *string           `json:"id"`
	Category     string            `json:"category"`
	DocumentType string            `json:"document_type"`
	Images       []json.RawMessage `json:"images"`
}

type knownPerson struct {
	Name *struct {
		Title          *string  `json:"title"`
		GivenNames     []string `json:"given_names"`
		FamilyName     *string  `json:"family_name"`
		AltFamilyNames []string `json:"alt_family_names"`
	} `json:"name"`
	DOB                    *string           `json:"dob"`
	Nationality            *string           `json:"nationality"`
	Gender                 *string           `json:"gender"`
	NationalIdentityNumber map[string]string `json:"national_identity_number"`
}

type knownStay struct {
	Address   *knownAddress `json:"address"`
	StartDate *string       `json:"start_date"`
	EndDate   *string       `json:"end_date"`
}

type knownAddress struct {
	Type                    *string        `json:"type"`
	Country                 *string        `json:"country"`
	Text                    *string        `json:"text"`
	StateProvince           *string        `json:"state_province"`
	County                  *string        `json:"county"`
	PostalCode              *string        `json:"postal_code"`
	Locality                *string        `json:"locality"`
	Route                   *string        `json:"route"`
	StreetNumber            *string        `json:"street_number"`
	Premise                 *string        `json:"premise"`
	Subpremise              *string        `json:"subpremise"`
	OriginalFreeformAddress *string        `json:"original_freeform_address"`
	OriginalStructured      map[string]any `json:"original_structured_address"`
}

type knownContact struct {
	Email       *string `json:"email"`
	PhoneNumber *string `json:"phone_number"`
	URL         *string `json:"url"`
}

type knownIP struct {
	IPAddress *string `json:"ip_address"`
	Country   *string `json:"country"`
	Continent *string `json:"continent"`
}

type knownCompany struct {
	Name                   *string        `json:"name"`
	Number                 *string        `json:"number"`
	CountryOfIncorporation *string        `json:"country_of_incorporation"`
	StateOfIncorporation   *string        `json:"state_of_incorporation"`
	Jurisdiction           *string        `json:"jurisdiction"`
	Registry               *string        `json:"registry"`
	IncorporationDate      *string        `json:"incorporation_date"`
	IsActive               *bool          `json:"is_active"`
	CompanyType            *string        `json:"company_type"`
	CompanyTypeDescription *string        `json:"company_type_description"`
	StructuredCompanyType  map[string]any `json:"structured_company_type"`
	PreviousNames          []struct {
		Name *string `json:"name"`
	} `json:"previous_names"`
	Addresses []*struct {
		Type    *string       `json:"type"`
		Address *knownAddress `json:"address"`
	} `json:"addresses"`
	ContactDetails *knownContact `json:"contact_details"`
	TaxIDs         []struct {
		Type  *string `json:"tax_id_type"`
		Value *string `json:"value"`
	} `json:"tax_ids"`
	SICCodes []struct {
		Code        *string `json:"code"`
		Description *string `json:"description"`
	} `json:"sic_codes"`
	AreasOfActivity []struct {
		Location *string `json:"location"`
	} `json:"areas_of_activity"`
	NumberOfEmployees *float64 `json:"number_of_employees"`
	Description       *string  `json:"description"`
	LEI               *string  `json:"lei"`
	ISIN              *string  `json:"isin"`
	BvDID             *string  `json:"bvd_id"`
	BvD9              *string  `json:"bvd9"`
	UKCharityNumber   *string  `json:"uk_charity_commission_number"`
}

// knownOwnership leaves the lists of associates to knownAssociate: the documentation does not name them all.
type knownOwnership struct {
	ShareClasses []struct {
		Name     string   `json:"name"`
		Currency *string  `json:"currency"`
		Value    *float64 `json:"value"`
		Votes    *float64 `json:"votes"`
	} `json:"share_classes"`
}

type knownCharityData struct {
	Activities         []string `json:"activities"`
	Beneficiaries      []string `json:"beneficiaries"`
	Purposes           []string `json:"purposes"`
	NumberOfVolunteers *float64 `json:"number_of_volunteers"`
	RegistrationDate   *string  `json:"registration_date"`
}

// knownAssociate has the types of the members of one entry of a list of associates.
type knownAssociate struct {
	EntityType    *string `json:"entity_type"`
	LinkedProfile *struct {
		ID *string `json:"id"`
	} `json:"linked_profile"`
	ImmediateData     *knownData `json:"immediate_data"`
	ProviderName      *string    `json:"provider_name"`
	ResolverID        *string    `json:"resolver_id"`
	MergedResolverIDs []string   `json:"merged_resolver_ids"`
	TaskVariantIDs    []string   `json:"task_variant_ids"`
	Relationship      *string    `json:"relationship"`
	AppointedOn       *string    `json:"appointed_on"`
	ResignedOn        *string    `json:"resigned_on"`
	OriginalRole      *string    `json:"original_role"`
	TotalPercentage   *float64   `json:"total_percentage"`
	Shareholdings     []struct {
		ShareClass   *string  `json:"share_class"`
		Amount       *float64 `json:"amount"`
		Percentage   *float64 `json:"percentage"`
		Currency     *string  `json:"currency"`
		ProviderName *string  `json:"provider_name"`
	} `json:"shareholdings"`
	NotifiedOn       *string  `json:"notified_on"`
	CeasedOn         *string  `json:"ceased_on"`
	NaturesOfControl []string `json:"natures_of_control"`
	Kind             *string  `json:"kind"`
}
