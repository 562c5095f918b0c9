// Package guarantees tests what the SDK guarantees across packages, over real sockets: secrets are not printed, writes
// are not doubled, faults are survived, and servers cannot exhaust the memory of a program.
package guarantees
