// Package telemetry lets platform engineers see how the portal is doing: logs, metrics, and the private listener that
// shows them.
//
// Logs are JSON, one object a line, with time, level and msg first and keys in snake_case ([Logger]). Level ERROR wants
// somebody's attention, WARN means that the portal carries on by itself.
//
// The debug listener ([Debug]) must not be reachable from outside:
//
//   - /metrics is for Prometheus: what [Metrics] counts, and Go's and the process's own.
//   - /healthz answers 200 while the process lives: for restarting it.
//   - /readyz answers 200 while requests can be served, else 503 with a line for each reason: for load balancers.
//   - /debug/pprof/ has Go's profiles.
package telemetry
