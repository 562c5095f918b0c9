// Package promises holds the tests of what the README promises, across packages and over real sockets.
package promises
