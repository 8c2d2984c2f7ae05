// A client of the ws package. Commands come as JSON lines on the standard input; what happens goes out as JSON lines on the standard output.
//
//     node peer.mjs ADDRESS [--protocol NAME]... [--ca=PEM]

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    protocol: { type: 'string', multiple: true, default: [] },
    ca: { type: 'string' },
  },
});

const socket = new WebSocket(positionals[0], values.protocol, { ca: values.ca, perMessageDeflate: { threshold: 0 } });
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

let extensions = '';
socket.on('upgrade', ({ headers }) => { extensions = headers['sec-websocket-extensions'] ?? ''; });
socket.on('open', () => tell({ event: 'open', protocol: socket.protocol, extensions }));
socket.on('message', (data, isBinary) => tell({ event: 'message', isBinary, data: data.toString('base64') }));
socket.on('pong', (payload) => tell({ event: 'pong', payload: payload.toString() }));
socket.on('close', (code, reason) => tell({ event: 'close', code, reason: reason.toString() }));
socket.on('error', (error) => tell({ event: 'error', message: error.message }));

const commands = {
  send: ({ isBinary, fragments }) =>
    fragments.forEach((fragment, index) =>
      socket.send(Buffer.from(fragment, 'base64'), { binary: isBinary, fin: index === fragments.length - 1 })),
  ping: ({ payload }) => socket.ping(payload),
  close: ({ code, reason }) => (code === undefined ? socket.close() : socket.close(code, reason)),
  abort: () => socket.terminate(),
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    commands[command.do](command);
  })
  .on('close', () => process.exit());
