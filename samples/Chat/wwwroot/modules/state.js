// Everything the page knows, without a line about the DOM or the socket: views draw it, chat.js changes it.

import { Room } from './room.js';

export class ChatState {
  connection = { state: 'connecting', attempt: 0 };
  rooms = new Map();
  /** All rooms of the server with their number of people, as far as it has told: { name -> users }. */
  directory = new Map();
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
    if (name === 'rooms') {
      this.directory = new Map(data.rooms.map(room => [room.name, room.users]));
    } else if (name === 'user_joined' && data.user !== this.me) {
      this.rooms.get(data.room)?.personJoined(data.user);
    } else if (name === 'user_left' && data.user !== this.me) {
      this.rooms.get(data.room)?.personLeft(data.user);
    }
    return [];
  }

  #chat(payload) {
    // A room that was just left may still have messages on the way.
    const room = this.rooms.get(payload.room);
    const message = room?.addMessage(payload);
    return message ? this.#news(room, [message]) : [];
  }

  #roomState({ room: name, users, rooms, messages }) {
    // Names only; how many people are in them is known of those that were counted before.
    this.directory = new Map(rooms.map(room => [room, this.directory.get(room) ?? 1]));
    const room = this.rooms.get(name);
    if (!room) {
      return [];
    }
    const news = this.#news(room, room.takeSnapshot(users, messages));
    // What was sent into a dying connection and is not among the messages was lost: its author decides whether to send it again.
    const lost = room.unconfirmed.filter(sent => sent.isAdrift);
    if (lost.length > 0) {
      room.unconfirmed = room.unconfirmed.filter(sent => !sent.isAdrift);
      room.returnToDraft(lost.map(sent => sent.text).join('\n'));
      room.error = 'The connection broke before this message arrived. Send it again?';
    }
    return news;
  }

  #error({ code, message }, id) {
    if (id?.startsWith('leave-')) {
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
