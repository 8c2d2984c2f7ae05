// Rooms, people, and who one is. On a narrow screen all three live in a drawer.

import { paintAvatar } from '../shared/avatar.js';
import { byId, countOf, make, showText, syncChildren } from '../shared/dom.js';
import { nameProblem } from './names.js';

export class SidebarView {
  #myRooms = byId('my-rooms');
  #otherRooms = byId('other-rooms');
  #input = byId('room-input');
  #error = byId('room-error');
  #onOpenRoom;

  constructor({ onOpenRoom, onChangeName }) {
    this.#onOpenRoom = onOpenRoom;
    byId('room-form').addEventListener('submit', event => {
      event.preventDefault();
      this.#submitRoom();
    });
    this.#input.addEventListener('input', () => showText(this.#error, ''));
    byId('room-list').addEventListener('keydown', moveByArrowKeys);
    byId('change-name').addEventListener('click', onChangeName);
  }

  showJoinError(text) {
    showText(this.#error, text);
  }

  render(state) {
    const item = name => ({
      key: name,
      isCurrent: name === state.current,
      unread: state.rooms.get(name)?.unread ?? 0,
      people: state.peopleIn(name),
      isMember: state.rooms.has(name),
    });
    const others = [...state.directory.keys()].filter(name => !state.rooms.has(name)).sort((a, b) => a.localeCompare(b));
    const create = ({ key }) => this.#createRoom(key);
    syncChildren(this.#myRooms, [...state.rooms.keys()].map(item), create, updateRoom);
    syncChildren(this.#otherRooms, others.map(item), create, updateRoom);
    byId('other-rooms-section').hidden = others.length === 0;

    const people = [...state.currentRoom?.people ?? []].sort((a, b) => (b === state.me) - (a === state.me) || a.localeCompare(b));
    byId('people-title').textContent = people.length > 0 ? `People here · ${people.length}` : 'People here';
    syncChildren(byId('people-list'), people.map(name => ({ key: name, isMe: name === state.me })), createPerson);

    byId('me-name').textContent = state.me;
    paintAvatar(byId('me-avatar'), state.me);
  }

  #createRoom(name) {
    const button = make('button', { className: 'room-item', type: 'button', 'data-testid': 'room-item', 'data-room': name },
      make('span', { className: 'hash', 'aria-hidden': 'true' }, '#'),
      make('bdi', { className: 'room-name' }, name),
      make('span', { className: 'badge', 'data-testid': 'unread' }),
      make('span', { className: 'room-people', 'data-testid': 'room-people' }));
    button.addEventListener('click', () => this.#onOpenRoom(name));
    return make('li', {}, button);
  }

  #submitRoom() {
    const name = this.#input.value.trim().replace(/^#+\s*/, '');
    const problem = nameProblem(name, 'room name') ?? this.#onOpenRoom(name);
    showText(this.#error, problem ?? '');
    if (!problem) {
      this.#input.value = '';
    }
  }
}

function updateRoom(element, { isCurrent, unread, people, isMember }) {
  const button = element.firstElementChild;
  const [, , badge, count] = button.children;
  if (isCurrent) {
    button.setAttribute('aria-current', 'true');
  } else {
    button.removeAttribute('aria-current');
  }
  button.dataset.joined = isMember;
  button.dataset.unread = unread;
  showText(badge, unread === 0 ? '' : unread > 99 ? '99+' : `${unread}`);
  badge.setAttribute('aria-label', `${unread} unread,`);
  count.textContent = people;
  count.setAttribute('aria-label', countOf(people, 'person', 'people'));
  button.title = isMember ? '' : 'Join this room';
}

function createPerson({ key: name, isMe }) {
  const avatar = make('span', { className: 'avatar', 'aria-hidden': 'true' });
  paintAvatar(avatar, name);
  return make('li', { className: 'person', 'data-testid': 'person', 'data-user': name },
    avatar,
    make('bdi', { className: 'person-name', 'data-testid': 'person-name' }, name),
    ...(isMe ? [make('span', { className: 'you' }, 'you')] : []));
}

function moveByArrowKeys(event) {
  const buttons = [...event.currentTarget.querySelectorAll('.room-item')];
  const index = buttons.indexOf(document.activeElement);
  const target = {
    ArrowDown: buttons[index + 1],
    ArrowUp: buttons[index - 1],
    Home: buttons[0],
    End: buttons.at(-1),
  }[event.key];
  if (index >= 0 && target) {
    event.preventDefault();
    target.focus();
  }
}
