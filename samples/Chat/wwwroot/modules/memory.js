// What a reload keeps. The tab's own storage holds who and where one is, so two tabs may be two people; the browser's storage only
// suggests the last name to a new tab. Storage may be forbidden, and then the page simply forgets.

export function rememberedName() {
  return read(() => sessionStorage, 'chat.name');
}

export function suggestedName() {
  const address = new URLSearchParams(location.search).get('user');
  return { fromAddress: address !== null, name: address ?? read(() => localStorage, 'chat.name') ?? '' };
}

export function rememberName(name) {
  write(() => sessionStorage, 'chat.name', name);
  write(() => localStorage, 'chat.name', name);
  // The address only suggested a name; left there, it would overrule the chosen one at the next reload.
  const address = new URL(location.href);
  address.searchParams.delete('user');
  history.replaceState(null, '', address);
}

export function rememberRooms(names, current) {
  write(() => sessionStorage, 'chat.rooms', JSON.stringify({ names, current }));
}

export function rememberedRooms() {
  try {
    const { names, current } = JSON.parse(read(() => sessionStorage, 'chat.rooms'));
    return { names: names.map(String), current };
  } catch {
    return { names: ['general'], current: 'general' };
  }
}

function read(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    storage().setItem(key, value);
  } catch {
    // Full or forbidden: nothing that the reader could do about it.
  }
}
