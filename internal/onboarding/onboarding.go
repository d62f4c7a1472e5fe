// Package onboarding is the domain of the portal: registrations of applicants, the customer requests behind them,
// and the rules by which they move.
//
// Nothing here knows of HTTP, SQL or a particular provider. Start with [Registration], whose pure methods are the
// status machine, then read [Engine], which asks a [Provider] for what a registration still lacks and keeps every
// answer in [Registrations], and [Runner], which owns the goroutines that do so.
package onboarding
