//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package client

import "syscall"

// hasInput looks without taking anything, and without waiting: the goroutine that reads the connection goes on.
func hasInput(fd uintptr) bool {
	var b [1]byte
	_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	return err != syscall.EAGAIN && err != syscall.EWOULDBLOCK && err != syscall.EINTR
}
