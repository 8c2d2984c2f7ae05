// A hub on uWebSockets.js, with its topics for rooms: node server.js --port N
// Its authors do not publish it on the registry. The package that is used here holds their binaries, and a stand-in in JavaScript
// for where none fits: so that it is never the stand-in that is measured, the binary is loaded by its name.

import { createRequire } from 'node:module';
import { host, port, ready } from '../arguments.js';

const binary = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
const uWS = createRequire(import.meta.url)(`@trufflesuite/uws-js-unofficial/binaries/${binary}`);
const app = uWS.App();

// No pings, and no limit on how long a connection may say nothing.
// A message for a client that has more than maxBackpressure bytes unsent disconnects that client.
const common = {
  compression: uWS.DISABLED,
  idleTimeout: 0,
  sendPingsAutomatically: false,
  maxPayloadLength: 1024 * 1024,
  maxBackpressure: 1024 * 1024,
  closeOnBackpressureLimit: true,
};

const room = {
  ...common,
  upgrade: (response, request, context) =>
    response.upgrade(
      { room: request.getParameter(0) },
      request.getHeader('sec-websocket-key'),
      request.getHeader('sec-websocket-protocol'),
      request.getHeader('sec-websocket-extensions'),
      context,
    ),
  open: (socket) => socket.subscribe(socket.getUserData().room),
};

app
  .ws('/echo', { ...common, message: (socket, message, isBinary) => socket.send(message, isBinary) })
  .ws('/idle', common)
  // The publisher is a subscriber too, so that it is the app that publishes.
  .ws('/room/:name', { ...room, message: (socket, message, isBinary) => app.publish(socket.getUserData().room, message, isBinary) })
  .ws('/deflate/room/:name', {
    ...room,
    compression: uWS.SHARED_COMPRESSOR,
    message: (socket, message, isBinary) => app.publish(socket.getUserData().room, message, isBinary, true),
  })
  .listen(host, port, (listening) => {
    if (!listening) {
      throw new Error(`Port ${port} cannot be had.`);
    }
    ready();
  });
