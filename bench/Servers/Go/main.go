// The servers on Go: PROGRAM --port N. A build tag chooses what is behind the paths:
//
//	gorilla   a hub on gorilla/websocket with prepared messages and a write pump for each client
//	original  the algorithm of the Go package that this library takes after, on nhooyr.io/websocket
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
)

func main() {
	port := flag.Int("port", 0, "the port to listen on, on 127.0.0.1")
	flag.Parse()

	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mapRoutes(mux)
	fmt.Println("ready")
	log.Fatal(http.Serve(listener, mux))
}

// roomName returns what follows the prefix of a path that ends in a room's name.
func roomName(r *http.Request, prefix string) string {
	return strings.TrimPrefix(r.URL.Path, prefix)
}
