package pace

// Len counts the keys that a Pace remembers.
func (p *Pace[K]) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.lines)
}
