// Package seats tells which account a credential acts on.
package seats
