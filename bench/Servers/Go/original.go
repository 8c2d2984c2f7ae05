//go:build original

package main

import (
	"context"
	"net/http"
	"sync"

	"nhooyr.io/websocket"
)

// How the original works by its documentation: a room is a map behind a lock, and a broadcast writes to one member after the other and
// waits for each, without a deadline. A client that does not read stops the room.

const maximumMessageSize = 1024 * 1024

var hub rooms[*client]

func mapRoutes(mux *http.ServeMux) {
	plain := &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled}
	compressed := &websocket.AcceptOptions{CompressionMode: websocket.CompressionNoContextTakeover, CompressionThreshold: 1}

	mux.HandleFunc("/echo", accept(plain, echo))
	mux.HandleFunc("/idle", accept(plain, ignore))
	mux.HandleFunc("/room/", accept(plain, takePart("/room/")))
	mux.HandleFunc("/deflate/room/", accept(compressed, takePart("/deflate/room/")))
}

func accept(options *websocket.AcceptOptions, serve func(*http.Request, *client)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, options)
		if err != nil {
			return
		}
		conn.SetReadLimit(maximumMessageSize)
		serve(r, &client{conn: conn})
		conn.Close(websocket.StatusNormalClosure, "")
	}
}

func echo(_ *http.Request, c *client) {
	for {
		kind, data, err := c.conn.Read(context.Background())
		if err != nil || c.write(kind, data) != nil {
			return
		}
	}
}

func ignore(_ *http.Request, c *client) {
	for {
		if _, _, err := c.conn.Read(context.Background()); err != nil {
			return
		}
	}
}

func takePart(prefix string) func(*http.Request, *client) {
	return func(r *http.Request, c *client) {
		room := hub.get(roomName(r, prefix))
		room.add(c)
		defer room.remove(c)
		for {
			kind, data, err := c.conn.Read(context.Background())
			if err != nil {
				return
			}
			for _, member := range room.list() {
				// A failed write has closed its connection, and the reader removes the client.
				_ = member.write(kind, data)
			}
		}
	}
}

// client lets one write at a time reach its connection.
type client struct {
	mu   sync.Mutex
	conn *websocket.Conn
}

func (c *client) write(kind websocket.MessageType, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conn.Write(context.Background(), kind, data)
}
