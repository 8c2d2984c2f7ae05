package main

import "sync"

// room holds the clients that get what any of them sends.
type room[C comparable] struct {
	mu      sync.RWMutex
	members map[C]struct{}
}

func (r *room[C]) add(client C) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.members[client] = struct{}{}
}

func (r *room[C]) remove(client C) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, client)
}

// forEach calls visit, which must not block, with the room locked.
func (r *room[C]) forEach(visit func(client C)) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for client := range r.members {
		visit(client)
	}
}

// list copies the members, so that the room is not locked while something is done to them.
func (r *room[C]) list() []C {
	r.mu.RLock()
	defer r.mu.RUnlock()
	clients := make([]C, 0, len(r.members))
	for client := range r.members {
		clients = append(clients, client)
	}
	return clients
}

// rooms finds rooms by their names. A run has few of them, so none is removed.
type rooms[C comparable] struct {
	mu     sync.Mutex
	byName map[string]*room[C]
}

func (h *rooms[C]) get(name string) *room[C] {
	h.mu.Lock()
	defer h.mu.Unlock()
	r, ok := h.byName[name]
	if !ok {
		r = &room[C]{members: make(map[C]struct{})}
		if h.byName == nil {
			h.byName = make(map[string]*room[C])
		}
		h.byName[name] = r
	}
	return r
}
