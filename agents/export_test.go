package agents

import (
	"context"
	"time"
)

// SetSleep replaces the waits between two looks.
func (s *Service) SetSleep(f func(context.Context, time.Duration) error) { s.sleep = f }
