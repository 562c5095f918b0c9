package mcpclient

// callKey is what the rounds of one call have in common.
func (m *message) callKey() string {
	return string(member(m.params, "name")) + string(member(m.params, "arguments"))
}

// maxAsking bounds what is remembered of calls whose next round never comes.
const maxAsking = 1024

// noteAsking remembers whether a call was asked something: its next round is then the same call.
func (w *carrier) noteAsking(m *message, asked bool) {
	if w.cfg.guard == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch key := m.callKey(); {
	case !asked:
		delete(w.asking, key)
	case len(w.asking) < maxAsking:
		if w.asking == nil {
			w.asking = make(map[string]bool)
		}
		w.asking[key] = true
	}
}

func (w *carrier) isAsking(m *message) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asking[m.callKey()]
}
