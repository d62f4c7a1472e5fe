package gallery

import (
	"context"

	"portal/internal/i18n"
	"portal/templates"
)

// Addresses of the sample portal and of those it works with. The pages lead there in the samples, and nowhere.
const (
	start       = "/onboarding"
	statusURL   = "/onboarding/status?flow=individual"
	listURL     = "/onboarding/associates?registration=r-1"
	oneURL      = "/onboarding/associates/1"
	documents   = "/onboarding/documents"
	stepURL     = "/onboarding/documents/identity"
	continueURL = "https://acme.example/thanks"
	embedURL    = "https://collection.example/embed.js"
	sdkURL      = "https://static.provider.example/sns-websdk-builder.js"
)

// People and companies as they are called, in scripts of the world and in the lengths that there are.
const (
	applicant = "anna.lindström+konto@post.example"
	person    = "Ngozi Okonkwo-Adébáyò"
	reference = "r-7f3a-92c1"
	german    = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk Beteiligungsgesellschaft mbH & Co. KG"
	arabic    = "فاطمة بنت عبد الرحمن الأندلسي"
	chinese   = "欧阳明慧"
	thai      = "สมชาย ใจดีประเสริฐกุล"
	company   = "Harbour <Holdings> Ltd"
	device    = "Firefox · Windows"
	provider  = "Acme & Söhne Konto"
	comment   = `Bitte das <b>ganze</b> Dokument zeigen, siehe <a href="https://evil.example">hier</a>.`
	typed     = `"><script>`
	paragraph = "Ihr Termin: Freitag, 9 Uhr."
	pageURL   = "https://www.acme.example/onboarding"
)

// spoken are all samples that stand on pages as they are: they are nobody's to translate.
var spoken = []string{
	applicant, person, reference, german, arabic, chinese, thai, company, device, provider, comment, typed, paragraph, pageURL, "Germany", "Sweden", "axe-core", "AA",
	"Lindström", "Safari · iPhone", sampleCode,
}

// known is an applicant who is signed in.
var known = templates.Account{In: true, Name: applicant}

// registration is what a company offers, in its own words.
type registration map[string]string

// What the sample company offers.
var (
	individual = registration{
		"en": "Open a personal account", "de": "Privatkonto eröffnen", "fr": "Ouvrir un compte personnel", "es": "Abrir una cuenta personal",
		"it": "Aprire un conto personale", "pt": "Abrir uma conta pessoal", "nl": "Een persoonlijke rekening openen", "pl": "Otwórz konto osobiste",
		"ar": "فتح حساب شخصي", "zh": "开立个人账户",
	}
	business = registration{
		"en": "Open a business account", "de": "Geschäftskonto für ein Unternehmen eröffnen", "fr": "Ouvrir un compte professionnel",
		"es": "Abrir una cuenta de empresa", "it": "Aprire un conto aziendale", "pt": "Abrir uma conta empresarial",
		"nl": "Een zakelijke rekening openen", "pl": "Otwórz konto firmowe", "ar": "فتح حساب تجاري", "zh": "开立企业账户",
	}
	identity = registration{
		"en": "Verify your identity", "de": "Identität bestätigen", "fr": "Vérifier votre identité", "es": "Verificar su identidad",
		"it": "Verificare la propria identità", "pt": "Verificar a sua identidade", "nl": "Uw identiteit bevestigen",
		"pl": "Potwierdź swoją tożsamość", "ar": "التحقق من الهوية", "zh": "验证您的身份",
	}
)

// in is what the registration is called in the language.
func (r registration) in(ctx context.Context) string {
	if title, ok := r[i18n.From(ctx).Lang()]; ok {
		return title
	}
	return r["en"]
}

// flows are what there is to start.
func flows(ctx context.Context) []templates.FlowChoice {
	return []templates.FlowChoice{
		{Name: "individual", Title: individual.in(ctx)}, {Name: "a company", Title: business.in(ctx)}, {Name: "documents", Title: identity.in(ctx)},
	}
}

// usual is what somebody sees who has begun.
func usual(ctx context.Context) []templates.FlowChoice {
	list := flows(ctx)
	list[0].Status, list[2].Status = "open", "completed"
	return list
}

// begun has a registration in every status, one that was not begun, and one in a status of tomorrow.
func begun(ctx context.Context) []templates.FlowChoice {
	choices := []templates.FlowChoice{
		{Name: "individual", Title: individual.in(ctx)}, {Name: "odd", Title: individual.in(ctx), Status: "not a status"},
	}
	for _, status := range templates.RegistrationStatuses() {
		choices = append(choices, templates.FlowChoice{Name: status, Title: identity.in(ctx), Status: status})
	}
	return choices
}

// behind is the part about people and companies, in one of its states.
func behind(total, drafts int) templates.Behind {
	return templates.Behind{Address: listURL, Total: total, Drafts: drafts}
}

// behindStates are all of them.
var behindStates = []struct {
	name   string
	behind templates.Behind
}{{"nobody entered", behind(0, 0)}, {"nobody sent", behind(3, 3)}, {"some sent", behind(5, 3)}, {"all sent", behind(1, 0)}}
