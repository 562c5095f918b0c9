// Package client is the connection to the Scope3 Interchange platform: who you are, where you talk, and how one
// call travels.
package client
