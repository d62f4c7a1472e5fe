// Package middleware holds what every request passes through before a handler sees it, one concern per file.
//
// The order in front of all routes is [AssignRequestID], [IdentifyClient], [AccessLog], [Compress], [Recover], [SecurityHeaders],
// [NegotiateLocale], [CheckHost]: the log line knows who asked and what became of a panic, and the failure page has the headers of
// any other page. AccessLog must be installed on the chi router itself (Use), which tells it the route's pattern.
// [LimitBody] belongs to groups of routes.
package middleware
