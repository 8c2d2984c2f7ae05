// The timeline of the current room. It follows new messages only while its reader is at the end; else a button leads there.

import { hueOf, paintAvatar } from '../shared/avatar.js';
import { byId, countOf, make, showText, syncChildren } from '../shared/dom.js';
import { clockTime, dayLabel, fullTime, timelineItems } from './timeline.js';

const EndTolerance = 48;
const SpokenLines = 8;
const LossTexts = {
  before: 'What people on other servers wrote before you came is not shown.',
  missing: 'Messages of people on other servers may be missing here.',
  'cut-off': 'The other servers can’t be reached: for now, only people on this one see what you write.',
};

export class MessagesView {
  #scroll = byId('timeline-scroll');
  #list = byId('messages');
  #empty = byId('empty');
  #newMessages = byId('new-messages');
  #announcer = byId('announcer');
  #follows = true;
  #shownRoom = null;

  constructor({ onRead }) {
    this.#scroll.addEventListener('scroll', () => {
      this.#follows = this.#distanceToEnd() <= EndTolerance;
      if (this.#follows) {
        onRead();
      }
    }, { passive: true });
    this.#newMessages.addEventListener('click', () => {
      this.scrollToEnd();
      this.#scroll.focus({ preventScroll: true });
      onRead();
    });
    // The keyboard of a phone, a growing composer and a turned screen change the height: who was at the end stays there.
    new ResizeObserver(() => this.#follows && this.scrollToEnd()).observe(this.#scroll);
  }

  /** Whether its reader sees what arrives. */
  get isAtEnd() {
    return this.#follows && !document.hidden;
  }

  scrollToEnd() {
    this.#follows = true;
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  announce({ user, text }) {
    this.#announcer.append(make('p', {}, `${user}: ${text}`));
    while (this.#announcer.childElementCount > SpokenLines) {
      this.#announcer.firstElementChild.remove();
    }
  }

  render(state) {
    const room = state.currentRoom;
    if (room !== this.#shownRoom) {
      this.#shownRoom = room;
      this.#follows = true;
      this.#announcer.replaceChildren();
    }
    const items = timelineItems(room?.entries ?? []);
    syncChildren(this.#list, items, item => createLine(item, state.me), updateLine);
    showText(this.#empty, items.length > 0 ? '' : emptyText(state, room));
    if (this.#follows) {
      this.scrollToEnd();
    }
    const unread = room?.unread ?? 0;
    showText(this.#newMessages, this.#follows || unread === 0 ? '' : countOf(unread, 'new message', 'new messages'));
  }

  #distanceToEnd() {
    return this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight;
  }
}

function emptyText(state, room) {
  if (!room) {
    return 'You are in no room. Join one to chat.';
  }
  if (!room.isReady) {
    return state.isOnline ? 'Joining…' : '';
  }
  return 'No messages yet. Say hello!';
}

function createLine(item, me) {
  switch (item.kind) {
    case 'message':
      return createMessage(item, item.user === me);
    case 'day':
      return make('li', { className: 'day', 'data-testid': 'day' }, make('span', {}));
    case 'notice':
      return make('li', { className: 'notice', 'data-testid': 'notice' }, make('bdi', {}, item.user), ` ${item.what}`);
    case 'loss':
      return make('li', { className: 'loss', 'data-testid': 'loss', 'data-what': item.what }, make('span', {}, LossTexts[item.what]));
    default:
      return make('li', { className: 'notice', 'data-testid': 'gap' }, 'Some messages in between are no longer available.');
  }
}

function createMessage({ id, user, text, time }, isOwn) {
  const avatar = make('span', { className: 'avatar', 'aria-hidden': 'true' });
  paintAvatar(avatar, user);
  const name = make('bdi', { className: 'message-user', 'data-testid': 'message-user' }, user);
  name.style.setProperty('--hue', hueOf(user));
  return make('li', { className: 'message', 'data-testid': 'message', 'data-id': id, 'data-own': isOwn },
    avatar,
    make('div', { className: 'message-body' },
      name,
      make('div', { className: 'bubble' },
        make('p', { className: 'message-text', dir: 'auto', 'data-testid': 'message-text' }, text),
        make('time', {
          className: 'message-time', dateTime: time.toISOString(), title: fullTime(time), 'data-testid': 'message-time',
        }, clockTime(time)))));
}

function updateLine(element, item) {
  if (item.kind === 'message') {
    element.classList.toggle('starts-group', item.startsGroup);
  } else if (item.kind === 'day') {
    showText(element.firstElementChild, dayLabel(item.time)); // "Today" becomes "Yesterday" while the page is open.
  }
}
