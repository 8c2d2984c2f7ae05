/*
 * floor: what a WebSocket server costs at the least on this kernel, with one thread. It keeps to just so much of RFC 6455 as the
 * load generator needs, and does nothing that does not end in a system call: no timers, no limits per client but one, no checks
 * of what is sent.
 *
 *   floor --port N        listens on 127.0.0.1, prints "ready" when it does, and ends on SIGTERM
 *
 *   /echo                 each message back to its connection
 *   /room/NAME            each message to all connections of the room
 *   /deflate/room/NAME    the same, compressed once for all (permessage-deflate, no context takeover), if the client offers it
 *   any other path        nothing
 *
 * What came in one turn of the event loop leaves in one send for each connection: for a room it is framed once, one message after
 * the other, and every member is sent the same bytes. A connection for which more than 1 MiB waits is ended.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

enum {
    EVENTS = 512,
    INPUT_SIZE = 512 * 1024,
    LONGEST_MESSAGE = 256 * 1024,
    MOST_WAITING = 1024 * 1024,
    TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10,
};

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* Bytes in a row, in memory that grows and is kept. */

typedef struct {
    uint8_t *bytes;
    size_t length, capacity;
} Bytes;

static uint8_t *bytes_extend(Bytes *to, size_t length)
{
    size_t needed = to->length + length;
    if (needed > to->capacity) {
        to->capacity = needed + needed / 2;
        to->bytes = realloc(to->bytes, to->capacity);
        if (to->bytes == NULL)
            fail("realloc");
    }
    uint8_t *place = to->bytes + to->length;
    to->length = needed;
    return place;
}

static void bytes_append(Bytes *to, const void *from, size_t length)
{
    if (length > 0)
        memcpy(bytes_extend(to, length), from, length);
}

/* An idle connection has no memory for bytes. */
static void bytes_release(Bytes *of)
{
    free(of->bytes);
    *of = (Bytes){0};
}

/* Rooms and their members. */

typedef struct Connection Connection;

typedef struct Room {
    struct Room *next, *next_due;
    Connection **members;
    size_t count, capacity;
    Bytes frames; /* what came for the room in this turn */
    bool is_due, compresses;
    char name[64];
} Room;

typedef enum { REQUEST, ECHO, IN_ROOM, IDLE, ENDED } State;

struct Connection {
    int descriptor;
    State state;
    Room *room;
    size_t place; /* among the members */
    Bytes unparsed, unsent;
    Connection *next_ended;
};

static int events;
static Room *rooms, *due;
static Connection *ended; /* freed at the end of the turn: later events may name them */

static Room *room_find(const char *name, size_t length, bool compresses)
{
    for (Room *room = rooms; room != NULL; room = room->next)
        if (room->compresses == compresses && strlen(room->name) == length && memcmp(room->name, name, length) == 0)
            return room;
    Room *room = calloc(1, sizeof *room);
    if (room == NULL)
        fail("calloc");
    memcpy(room->name, name, length);
    room->compresses = compresses;
    room->next = rooms;
    rooms = room;
    return room;
}

static void room_join(Room *room, Connection *member)
{
    if (room->count == room->capacity) {
        room->capacity = room->capacity * 2 + 16;
        room->members = realloc(room->members, room->capacity * sizeof *room->members);
        if (room->members == NULL)
            fail("realloc");
    }
    member->room = room;
    member->place = room->count;
    room->members[room->count++] = member;
}

static void room_leave(Connection *member)
{
    Room *room = member->room;
    Connection *last = room->members[--room->count];
    room->members[member->place] = last;
    last->place = member->place;
}

/* Sending. */

static void watch(Connection *connection, int operation, uint32_t what)
{
    struct epoll_event event = {.events = what, .data.ptr = connection};
    if (epoll_ctl(events, operation, connection->descriptor, &event) < 0)
        fail("epoll_ctl");
}

static void end(Connection *connection)
{
    if (connection->state == ENDED)
        return;
    if (connection->state == IN_ROOM)
        room_leave(connection);
    close(connection->descriptor);
    connection->state = ENDED;
    connection->next_ended = ended;
    ended = connection;
}

/* Hands bytes to the kernel; keeps what it does not take. False: the connection is lost, and the caller must end it. */
static bool transmit(Connection *to, const uint8_t *bytes, size_t length)
{
    if (to->unsent.length == 0) {
        ssize_t sent = send(to->descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent == (ssize_t)length)
            return true;
        if (sent < 0 && errno != EAGAIN)
            return false;
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        }
        watch(to, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
    if (to->unsent.length + length > MOST_WAITING)
        return false;
    bytes_append(&to->unsent, bytes, length);
    return true;
}

static void transmit_rest(Connection *to)
{
    ssize_t sent = send(to->descriptor, to->unsent.bytes, to->unsent.length, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN)
            end(to);
        return;
    }
    to->unsent.length -= (size_t)sent;
    if (to->unsent.length > 0) {
        memmove(to->unsent.bytes, to->unsent.bytes + sent, to->unsent.length);
        return;
    }
    bytes_release(&to->unsent);
    watch(to, EPOLL_CTL_MOD, EPOLLIN);
}

static void append_frame(Bytes *to, uint8_t first, const uint8_t *payload, size_t length)
{
    uint8_t header[10] = {0x80 | first};
    size_t size = 2;
    if (length < 126) {
        header[1] = (uint8_t)length;
    } else if (length <= UINT16_MAX) {
        uint16_t wire = htobe16((uint16_t)length);
        header[1] = 126;
        memcpy(header + 2, &wire, sizeof wire);
        size += sizeof wire;
    } else {
        uint64_t wire = htobe64(length);
        header[1] = 127;
        memcpy(header + 2, &wire, sizeof wire);
        size += sizeof wire;
    }
    bytes_append(to, header, size);
    bytes_append(to, payload, length);
}

static void append_compressed(Bytes *to, uint8_t opcode, const uint8_t *payload, size_t length)
{
    enum { RSV1 = 0x40, FLUSH_END = 4 };
    static z_stream deflater;
    static Bytes compressed;
    static bool is_ready;
    if (!is_ready && deflateInit2(&deflater, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        fail("deflateInit2");
    is_ready = true;
    compressed.length = 0;
    size_t room = deflateBound(&deflater, length) + 16;
    deflater.next_out = bytes_extend(&compressed, room);
    deflater.avail_out = (uInt)room;
    deflater.next_in = (Bytef *)payload;
    deflater.avail_in = (uInt)length;
    if (deflate(&deflater, Z_SYNC_FLUSH) != Z_OK)
        fail("deflate");
    append_frame(to, RSV1 | opcode, compressed.bytes, room - deflater.avail_out - FLUSH_END);
    deflateReset(&deflater);
}

static void publish(Room *room, uint8_t opcode, const uint8_t *payload, size_t length)
{
    if (!room->is_due) {
        room->is_due = true;
        room->next_due = due;
        due = room;
    }
    if (room->compresses)
        append_compressed(&room->frames, opcode, payload, length);
    else
        append_frame(&room->frames, opcode, payload, length);
}

/* From the last to the first, so that a member that is lost leaves nobody out: the last one takes its place. */
static void deliver(Room *room)
{
    for (size_t i = room->count; i-- > 0;)
        if (!transmit(room->members[i], room->frames.bytes, room->frames.length))
            end(room->members[i]);
    room->frames.length = 0;
    room->is_due = false;
}

/* The opening handshake. */

static uint32_t rotate(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

static void sha1_block(uint32_t state[5], const uint8_t block[64])
{
    uint32_t words[80];
    for (int i = 0; i < 16; i++) {
        memcpy(&words[i], block + 4 * i, 4);
        words[i] = be32toh(words[i]);
    }
    for (int i = 16; i < 80; i++)
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);

    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 80; i++) {
        uint32_t mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                         : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                         : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                                  : (b ^ c ^ d) + 0xca62c1d6;
        uint32_t next = rotate(a, 5) + mixed + e + words[i];
        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

/* SHA-1 of at most 119 bytes: two blocks with the padding. */
static void sha1(const char *text, size_t length, uint8_t digest[20])
{
    uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    uint8_t blocks[128] = {0};
    size_t size = length < 56 ? 64 : 128;
    uint64_t bits = htobe64(length * 8);
    memcpy(blocks, text, length);
    blocks[length] = 0x80;
    memcpy(blocks + size - sizeof bits, &bits, sizeof bits);
    for (size_t i = 0; i < size; i += 64)
        sha1_block(state, blocks + i);
    for (int i = 0; i < 5; i++) {
        uint32_t wire = htobe32(state[i]);
        memcpy(digest + 4 * i, &wire, 4);
    }
}

/* 20 bytes to 28 characters. */
static void base64(const uint8_t digest[20], char text[29])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t padded[21] = {0};
    memcpy(padded, digest, 20);
    for (int i = 0; i < 7; i++) {
        const uint8_t *three = padded + 3 * i;
        text[4 * i] = digits[three[0] >> 2];
        text[4 * i + 1] = digits[(three[0] & 3) << 4 | three[1] >> 4];
        text[4 * i + 2] = digits[(three[1] & 15) << 2 | three[2] >> 6];
        text[4 * i + 3] = digits[three[2] & 63];
    }
    text[27] = '=';
    text[28] = '\0';
}

/* What a header field has, NULL if the request has no such field; the request ends with a zero. */
static const char *find_field(const char *request, const char *name)
{
    for (const char *line = strstr(request, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        size_t length = strlen(name);
        if (strncasecmp(line, name, length) == 0 && line[length] == ':')
            return line + length + 1 + strspn(line + length + 1, " ");
    }
    return NULL;
}

static bool starts_with(const char **path, const char *start)
{
    size_t length = strlen(start);
    if (strncmp(*path, start, length) != 0)
        return false;
    *path += length;
    return true;
}

static void enter(Connection *connection, const char *path, bool compresses)
{
    starts_with(&path, "/deflate");
    size_t length = strcspn(path, " ?");
    if (starts_with(&path, "/room/") && (length -= 6) < sizeof connection->room->name) {
        connection->state = IN_ROOM;
        room_join(room_find(path, length, compresses), connection);
    } else {
        connection->state = length == 5 && starts_with(&path, "/echo") ? ECHO : IDLE;
    }
}

/* Answers the request at the start of the input; returns its length, 0 if it is not complete. Anything odd ends the connection. */
static size_t take_request(Connection *connection, uint8_t *input, size_t length)
{
    uint8_t *last = memmem(input, length, "\r\n\r\n", 4);
    if (last == NULL)
        return 0;
    last[2] = '\0';
    const char *request = (const char *)input, *path = request;
    const char *key = find_field(request, "Sec-WebSocket-Key"), *extensions = find_field(request, "Sec-WebSocket-Extensions");
    if (!starts_with(&path, "GET ") || key == NULL || strcspn(key, "\r ") != 24) {
        end(connection);
        return length;
    }
    char text[128], accept[29], response[512];
    uint8_t digest[20];
    int size = snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    sha1(text, (size_t)size, digest);
    base64(digest, accept);
    bool compresses = strncmp(path, "/deflate/", 9) == 0 && extensions != NULL && strncmp(extensions, "permessage-deflate", 18) == 0;
    size = snprintf(response, sizeof response,
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    "Sec-WebSocket-Accept: %s\r\n%s\r\n", accept,
                    compresses ? "Sec-WebSocket-Extensions: permessage-deflate; "
                                 "server_no_context_takeover; client_no_context_takeover\r\n" : "");
    if (!transmit(connection, (uint8_t *)response, (size_t)size)) {
        end(connection);
        return length;
    }
    enter(connection, path, compresses);
    return (size_t)(last - input) + 4;
}

/* Receiving. */

static void unmask(uint8_t *payload, size_t length, const uint8_t key[4])
{
    uint64_t wide;
    memcpy(&wide, key, 4);
    memcpy((uint8_t *)&wide + 4, key, 4);
    size_t i = 0;
    for (; i + sizeof wide <= length; i += sizeof wide) {
        uint64_t word;
        memcpy(&word, payload + i, sizeof word);
        word ^= wide;
        memcpy(payload + i, &word, sizeof word);
    }
    for (; i < length; i++)
        payload[i] ^= key[i & 3];
}

/* Does what one frame asks for; false ends the connection once the replies are sent. */
static bool act(Connection *connection, uint8_t opcode, const uint8_t *payload, size_t length, Bytes *replies)
{
    switch (opcode) {
    case TEXT:
    case BINARY:
        if (connection->state == ECHO)
            append_frame(replies, opcode, payload, length);
        else if (connection->state == IN_ROOM)
            publish(connection->room, opcode, payload, length);
        return true;
    case PING:
        append_frame(replies, PONG, payload, length);
        return true;
    case PONG:
        return true;
    case CLOSE:
        append_frame(replies, CLOSE, payload, length);
        return false;
    default:
        return false;
    }
}

/* Takes the complete frames at the start of the input; returns how many bytes they are. */
static size_t take_frames(Connection *connection, uint8_t *input, size_t length)
{
    static Bytes replies;
    replies.length = 0;
    size_t taken = 0;
    bool goes_on = true;
    while (goes_on && length - taken >= 6) {
        uint8_t *frame = input + taken;
        size_t size = frame[1] & 127, header = 6;
        if (size == 126) {
            uint16_t wire;
            memcpy(&wire, frame + 2, sizeof wire);
            size = be16toh(wire);
            header = 8;
        } else if (size == 127) {
            if (length - taken < 14)
                break;
            uint64_t wire;
            memcpy(&wire, frame + 2, sizeof wire);
            size = be64toh(wire);
            header = 14;
        }
        if (size > LONGEST_MESSAGE || (frame[0] & 0xf0) != 0x80 || (frame[1] & 0x80) == 0) {
            goes_on = false;
            break;
        }
        if (length - taken < header + size)
            break;
        unmask(frame + header, size, frame + header - 4);
        goes_on = act(connection, frame[0] & 15, frame + header, size, &replies);
        taken += header + size;
    }
    if (replies.length > 0)
        goes_on &= transmit(connection, replies.bytes, replies.length);
    if (!goes_on)
        end(connection);
    return taken;
}

static void receive(Connection *connection)
{
    static uint8_t input[INPUT_SIZE];
    size_t length = connection->unparsed.length;
    if (length > 0)
        memcpy(input, connection->unparsed.bytes, length);
    ssize_t came = recv(connection->descriptor, input + length, sizeof input - length, 0);
    if (came <= 0) {
        if (came == 0 || errno != EAGAIN)
            end(connection);
        return;
    }
    length += (size_t)came;
    size_t taken = connection->state == REQUEST ? take_request(connection, input, length) : 0;
    if (connection->state != REQUEST && connection->state != ENDED)
        taken += take_frames(connection, input + taken, length - taken);
    if (connection->state == ENDED)
        return;
    if (length == taken) {
        bytes_release(&connection->unparsed);
    } else {
        connection->unparsed.length = 0;
        bytes_append(&connection->unparsed, input + taken, length - taken);
    }
}

static void accept_all(int listener)
{
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1;
        if (descriptor < 0)
            return;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Connection *connection = calloc(1, sizeof *connection);
        if (connection == NULL)
            fail("calloc");
        connection->descriptor = descriptor;
        watch(connection, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static int start_listening(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0)
        fail("listen");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(events, EPOLL_CTL_ADD, listener, &event) < 0)
        fail("epoll_ctl");
    return listener;
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void free_ended(void)
{
    while (ended != NULL) {
        Connection *connection = ended;
        ended = connection->next_ended;
        bytes_release(&connection->unparsed);
        bytes_release(&connection->unsent);
        free(connection);
    }
}

static void turn(int listener)
{
    struct epoll_event happened[EVENTS];
    int count = epoll_wait(events, happened, EVENTS, -1);
    for (int i = 0; i < count; i++) {
        Connection *connection = happened[i].data.ptr;
        if (connection == NULL) {
            accept_all(listener);
            continue;
        }
        if (connection->state != ENDED && (happened[i].events & EPOLLOUT) != 0 && connection->unsent.length > 0)
            transmit_rest(connection);
        if (connection->state != ENDED && (happened[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
            receive(connection);
    }
    while (due != NULL) {
        Room *room = due;
        due = room->next_due;
        deliver(room);
    }
    free_ended();
}

int main(int count, char **arguments)
{
    if (count != 3 || strcmp(arguments[1], "--port") != 0) {
        fprintf(stderr, "usage: floor --port N\n");
        return 2;
    }
    raise_file_limit();
    events = epoll_create1(EPOLL_CLOEXEC);
    if (events < 0)
        fail("epoll_create1");
    int listener = start_listening((uint16_t)atoi(arguments[2]));
    puts("ready");
    fflush(stdout);
    for (;;)
        turn(listener);
}
