"""A client of the websockets package. Commands come as JSON lines on the standard input; what happens goes out in the same way.

    python3 peer.py ADDRESS [--protocol NAME]... [--ca=PEM] [--window-bits N]
"""

import argparse
import asyncio
import base64
import codecs
import json
import ssl
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

# The package holds this against what stands on the wire, which can be a little longer than the message.
MAX_MESSAGE = 2 * 1024 * 1024
MAX_LINE = 16 * 1024 * 1024


def tell(**event):
    sys.stdout.write(json.dumps(event) + '\n')
    sys.stdout.flush()


def decode(is_binary, fragments):
    data = [base64.b64decode(fragment) for fragment in fragments]
    if is_binary:
        return data

    # The package takes text as strings: a character that is cut goes into the later fragment.
    decoder = codecs.getincrementaldecoder('utf-8')()
    return [decoder.decode(fragment) for fragment in data]


async def receive(socket):
    try:
        async for message in socket:
            is_binary = isinstance(message, bytes)
            data = message if is_binary else message.encode()
            tell(event='message', isBinary=is_binary, data=base64.b64encode(data).decode())
    except websockets.ConnectionClosed:
        pass

    tell(event='close', code=socket.close_code, reason=socket.close_reason or '')


async def obey(socket, command):
    if command['do'] == 'send':
        # One fragment as it is: an iterable would become a message of two.
        fragments = decode(command['isBinary'], command['fragments'])
        await socket.send(fragments[0] if len(fragments) == 1 else fragments)
    elif command['do'] == 'ping':
        await (await socket.ping(command['payload']))
        tell(event='pong', payload=command['payload'])
    elif command['do'] == 'close':
        await socket.close(command['code'], command['reason'])
    else:
        socket.transport.abort()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('address')
    parser.add_argument('--protocol', action='append')
    parser.add_argument('--ca')
    parser.add_argument('--window-bits', type=int)
    args = parser.parse_args()
    options = {'subprotocols': args.protocol, 'max_size': MAX_MESSAGE, 'ping_interval': None}
    if args.ca:
        options['ssl'] = ssl.create_default_context(cadata=args.ca)
    if args.window_bits:
        # The package then inflates with a window of that size, and no more.
        deflate = ClientPerMessageDeflateFactory(server_max_window_bits=args.window_bits, client_max_window_bits=args.window_bits)
        options.update(compression=None, extensions=[deflate])

    commands = asyncio.StreamReader(limit=MAX_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    try:
        socket = await websockets.connect(args.address, **options)
    except Exception as error:
        tell(event='error', message=repr(error))
        return

    headers = socket.response_headers if hasattr(socket, 'response_headers') else socket.response.headers
    tell(event='open', protocol=socket.subprotocol or '', extensions=headers.get('Sec-WebSocket-Extensions', ''))
    receiving = asyncio.create_task(receive(socket))
    while line := await commands.readline():
        try:
            await obey(socket, json.loads(line))
        except websockets.ConnectionClosed:
            # Told by the one that receives.
            pass

    receiving.cancel()


asyncio.run(main())
