// Everything the page knows, without a line about the DOM or the socket: views draw it, chat.js changes it.

import { Room } from './room.js';

// Several servers say every 5 s which rooms they have; one that is silent is gone.
const ForgetServerAfter = 16_000;

export class ChatState {
  connection = { state: 'connecting', attempt: 0 };
  rooms = new Map();
  /** All rooms with their number of people, as far as the servers have told: { name -> users }. */
  directory = new Map();
  /** The name of the server that we are connected to; empty: there is only one. */
  server = '';
  /** What the servers have told of their rooms: { server -> { rooms: { name -> users }, heardAt } }. */
  #directories = new Map();
  current = null;
  joinError = '';
  /** The room shown before the current one: where one returns to after leaving. */
  #previous = null;

  constructor(me) {
    this.me = me;
  }

  get isOnline() {
    return this.connection.state === 'online';
  }

  get currentRoom() {
    return this.rooms.get(this.current) ?? null;
  }

  get unread() {
    return [...this.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
  }

  addRoom(name) {
    const room = this.rooms.get(name) ?? new Room(name);
    this.rooms.set(name, room);
    this.current ??= name;
    return room;
  }

  showRoom(name) {
    if (name !== this.current) {
      this.#previous = this.current;
      this.current = name;
    }
    if (this.currentRoom) {
      this.currentRoom.unread = 0;
    }
  }

  removeRoom(name) {
    this.rooms.delete(name);
    if (this.current === name) {
      this.showRoom(this.rooms.has(this.#previous) ? this.#previous : [...this.rooms.keys()][0] ?? null);
    }
  }

  peopleIn(name) {
    const room = this.rooms.get(name);
    return room?.isReady ? room.people.size : this.directory.get(name) ?? room?.people.size ?? 0;
  }

  setConnection(connection) {
    this.connection = connection;
    if (connection.state === 'offline') {
      this.rooms.forEach(room => room.connectionLost());
    }
  }

  /** Takes one message of the server. Returns the chat messages that are new, with their room. */
  receive({ type, name, payload, data, id }) {
    if (type === 'chat') {
      return this.#chat(payload);
    }
    if (type === 'error') {
      return this.#error(payload, id);
    }
    if (name === 'room_state') {
      return this.#roomState(data);
    }
    if (name === 'rooms' || name === 'rooms_of_server') {
      this.#hear(data.server, data.rooms.map(room => [room.name, room.users]));
    } else if (name === 'user_joined' && data.user !== this.me) {
      this.rooms.get(data.room)?.personJoined(data.user);
    } else if (name === 'user_left' && data.user !== this.me) {
      this.rooms.get(data.room)?.personLeft(data.user);
    } else if (name === 'people') {
      this.rooms.get(data.room)?.takePeople(data.users, data.isUncertain);
    } else if (name === 'gap') {
      this.rooms.get(data.room)?.addLoss('missing');
    } else if (name === 'room_is_cut_off') {
      this.rooms.get(data.room)?.addLoss('cut-off');
    }
    return [];
  }

  #hear(server = '', rooms) {
    this.#directories.set(server, { rooms: new Map(rooms), heardAt: Date.now() });
    this.directory = new Map();
    for (const [of, { rooms, heardAt }] of this.#directories) {
      if (of === this.server || Date.now() - heardAt < ForgetServerAfter) {
        rooms.forEach((users, name) => this.directory.set(name, (this.directory.get(name) ?? 0) + users));
      } else {
        this.#directories.delete(of);
      }
    }
  }

  #chat(payload) {
    // A room that was just left may still have messages on the way.
    const room = this.rooms.get(payload.room);
    const message = room?.addMessage(payload);
    return message ? this.#news(room, [message]) : [];
  }

  #roomState({ room: name, users, rooms, messages, server = '', isElsewhereToo = false, isUncertain = false }) {
    // Names only; how many people are in them is known of those that were counted before.
    const counts = this.#directories.get(server)?.rooms;
    this.server = server;
    this.#hear(server, rooms.map(room => [room, counts?.get(room) ?? 1]));
    const room = this.rooms.get(name);
    if (!room) {
      return [];
    }
    const isOtherServer = room.server !== null && room.server !== server && server !== '';
    // A server remembers what its own people have written.
    const isPartial = isElsewhereToo || isOtherServer;
    room.server = server;
    const news = this.#news(room, room.takeSnapshot(users, messages, isPartial));
    room.isUncertain = isUncertain;
    // What was sent into a dying connection and is not among the messages was lost: its author decides whether to send it again.
    const lost = room.unconfirmed.filter(sent => sent.isAdrift);
    if (lost.length > 0) {
      room.unconfirmed = room.unconfirmed.filter(sent => !sent.isAdrift);
      room.returnToDraft(lost.map(sent => sent.text).join('\n'));
      room.error = isOtherServer
        ? 'The connection broke, and it is not known whether this message arrived. Send it again?'
        : 'The connection broke before this message arrived. Send it again?';
    }
    return news;
  }

  #error({ code, message }, id) {
    if (id?.startsWith('leave-') || id?.startsWith('list-')) {
      return []; // We are not in that room, and that is what was asked for.
    }
    const text = message || code || 'The server refused that.';
    for (const room of this.rooms.values()) {
      if (id && room.joinId === id) {
        this.removeRoom(room.name);
        this.joinError = text;
        return [];
      }
      const index = room.unconfirmed.findIndex(sent => sent.id === id);
      if (index >= 0) {
        const [sent] = room.unconfirmed.splice(index, 1);
        room.returnToDraft(sent.text);
        room.error = `Not sent: ${text}`;
        return [];
      }
    }
    if (this.currentRoom) {
      this.currentRoom.error = text;
    }
    return [];
  }

  #news(room, messages) {
    for (const message of messages) {
      if (message.user === this.me) {
        room.confirm(message.text);
      } else {
        room.unread++;
      }
    }
    return messages.map(message => ({ room, message }));
  }
}
