//go:build gorilla

package main

import (
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// queueLength is how many messages may wait for a client. One that does not keep up is disconnected.
const queueLength = 1024

var hub rooms[*client]

func mapRoutes(mux *http.ServeMux) {
	// Buffers for writing are shared, so that an idle connection holds none.
	plain := &websocket.Upgrader{WriteBufferPool: &sync.Pool{}}
	compressed := &websocket.Upgrader{WriteBufferPool: &sync.Pool{}, EnableCompression: true}

	mux.HandleFunc("/echo", accept(plain, echo))
	mux.HandleFunc("/idle", accept(plain, ignore))
	mux.HandleFunc("/room/", accept(plain, takePart("/room/")))
	mux.HandleFunc("/deflate/room/", accept(compressed, takePart("/deflate/room/")))
}

func accept(upgrader *websocket.Upgrader, serve func(*http.Request, *websocket.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		serve(r, conn)
	}
}

func echo(_ *http.Request, conn *websocket.Conn) {
	for {
		kind, data, err := conn.ReadMessage()
		if err != nil || conn.WriteMessage(kind, data) != nil {
			return
		}
	}
}

func ignore(_ *http.Request, conn *websocket.Conn) {
	for {
		if _, _, err := conn.NextReader(); err != nil {
			return
		}
	}
}

func takePart(prefix string) func(*http.Request, *websocket.Conn) {
	return func(r *http.Request, conn *websocket.Conn) {
		room := hub.get(roomName(r, prefix))
		c := &client{conn: conn, queue: make(chan *websocket.PreparedMessage, queueLength), gone: make(chan struct{})}
		room.add(c)
		go c.writePump()
		defer func() {
			room.remove(c)
			close(c.gone)
		}()
		for {
			kind, data, err := conn.ReadMessage()
			if err != nil {
				return
			}
			message, err := websocket.NewPreparedMessage(kind, data)
			if err != nil {
				return
			}
			room.forEach(func(c *client) { c.enqueue(message) })
		}
	}
}

type client struct {
	conn  *websocket.Conn
	queue chan *websocket.PreparedMessage
	gone  chan struct{}
}

func (c *client) enqueue(message *websocket.PreparedMessage) {
	select {
	case c.queue <- message:
	default:
		// The reader notices, and removes the client.
		c.conn.Close()
	}
}

func (c *client) writePump() {
	for {
		select {
		case message := <-c.queue:
			if c.conn.WritePreparedMessage(message) != nil {
				c.conn.Close()
				return
			}
		case <-c.gone:
			return
		}
	}
}
