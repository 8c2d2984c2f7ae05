// A hub on Socket.IO, over WebSockets only: node socket-io.js --port N
// /socket.io/?EIO=4&transport=websocket, with &room=NAME for a room; the same under /deflate/socket.io/ compresses.
// What a client does not read stays in memory, without a bound: Socket.IO has none to set.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { host, port, ready } from './arguments.js';

const hour = 60 * 60 * 1000;
const common = {
  transports: ['websocket'],
  serveClient: false,
  httpCompression: false,
  destroyUpgrade: false,
  pingInterval: hour,
  pingTimeout: hour,
};
const deflate = { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true };

const server = createServer();
for (const options of [
  { ...common, path: '/socket.io', perMessageDeflate: false },
  // Apart, because Socket.IO encodes a broadcast's frame once for all only where it never compresses.
  { ...common, path: '/deflate/socket.io', perMessageDeflate: deflate },
]) {
  const io = new Server(server, options);
  io.on('connection', (socket) => {
    const { room } = socket.handshake.query;

    // Nobody needs the request of the handshake any more.
    socket.conn.request = null;
    if (room) {
      socket.join(room);
      socket.on('send', (message) => io.to(room).emit('receive', message));
    } else {
      socket.on('echo', (message) => socket.emit('receive', message));
    }
  });
}
server.listen(port, host, ready);
