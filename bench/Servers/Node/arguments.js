import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { port: { type: 'string' } } });

export const host = '127.0.0.1';
export const port = Number(values.port);

/** Tells whoever started the server that it accepts connections. */
export const ready = () => process.stdout.write('ready\n');
