// A hub on ws: node ws.js --port N

import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { host, port, ready } from './arguments.js';

// A client with more than this unsent is not reading: it is disconnected.
const maximumUnsent = 1024 * 1024;

const common = { noServer: true, clientTracking: false };
const plain = new WebSocketServer({ ...common, perMessageDeflate: false });
const compressed = new WebSocketServer({
  ...common,
  perMessageDeflate: { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
});

const rooms = new Map();

function takePart(client, name) {
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room.add(client));
  client.on('message', (data, isBinary) => broadcast(room, data, isBinary));
  client.on('close', () => room.delete(client));
}

function broadcast(room, data, isBinary) {
  for (const client of room) {
    if (client.readyState !== WebSocket.OPEN) {
      continue;
    }
    if (client.bufferedAmount > maximumUnsent) {
      client.terminate();
    } else {
      client.send(data, { binary: isBinary });
    }
  }
}

function echo(client) {
  client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
}

const server = createServer();
server.on('upgrade', (request, socket, head) => {
  const [, deflate, path, name] = /^(\/deflate)?\/(echo|idle|room)(?:\/(.+))?$/.exec(request.url) ?? [];
  if (!path) {
    socket.destroy();
    return;
  }
  (deflate ? compressed : plain).handleUpgrade(request, socket, head, (client) => {
    client.on('error', () => {});
    if (path === 'room') {
      takePart(client, name);
    } else if (path === 'echo') {
      echo(client);
    }
  });
});
server.listen(port, host, ready);
