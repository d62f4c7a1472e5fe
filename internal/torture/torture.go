// Package torture puts the portal through what production will, and checks that its promises hold: no applicant gets two
// profiles or two live requests without a person being told, nobody is stuck, no acknowledged webhook is lost.
//
// There are two gears. Inside (inside.go), the engine, the inbox, the real store on real Postgres and the sandbox run in
// one process under one clock that only the plan moves. A scheduler lets one actor go on at a time and decides at every
// call of a port who that is, whether the call fails and how, and whether the process dies there; so a run is its
// choices, can be repeated, and shrinks to its shortest story. A third of the runs is about who is behind a company
// (company.go), to whose data a stranger writes as well (stranger.go); in some of those the portal itself puts them on
// verification lists (lists.go). A third is about applicants who give documents to the provider that checks them, and about
// its staff (examined.go). Outside (outside.go), built portals serve real HTTP, are killed, and lose their Postgres.
//
// Both end quietly, and then verdict.go compares what happened at the provider with what the database says and what
// everybody was told. `make torture` runs them; SEED= repeats a failed run of the first gear.
package torture
