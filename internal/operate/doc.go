// Package operate is for whoever runs an installation: probes for load
// balancers, `verify`, which checks that nothing is missing, doubled or
// damaged, and `doctor`, which checks the machine and the configuration. It
// reads every feature's tables and writes none.
//
//	health.go   /livez and /readyz
//	verify*.go  the invariants, each a check with counts
//	doctor*.go  what can be wrong with a machine, and what to do about it
package operate
