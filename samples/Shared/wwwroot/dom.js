// The little that the views need of the DOM. Text only ever becomes text: nothing here parses HTML.

export const byId = id => document.getElementById(id);

/** An element with a class, properties and children; `data-` and `aria-` names become attributes. */
export function make(tag, { className = '', ...properties } = {}, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-')) {
      element.setAttribute(name, value);
    } else {
      element[name] = value;
    }
  }
  element.append(...children);
  return element;
}

/** Shows a text, or hides its element when there is none. */
export function showText(element, text) {
  // Unchanged text is left alone, or a screen reader would read an alert again.
  if (element.textContent !== text) {
    element.textContent = text;
  }
  element.hidden = text === '';
}

const keyed = new WeakMap();

/** Makes the children of `parent` one per item. An item's element is kept by its key, and with it focus, selection and scroll position. */
export function syncChildren(parent, items, create, update) {
  const before = keyed.get(parent) ?? new Map();
  const after = new Map(items.map(item => [item.key, before.get(item.key) ?? create(item)]));
  before.forEach((element, key) => after.has(key) || element.remove());
  let next = parent.firstElementChild;
  for (const item of items) {
    const element = after.get(item.key);
    update?.(element, item);
    if (element === next) {
      next = next.nextElementSibling;
    } else {
      parent.insertBefore(element, next);
    }
  }
  keyed.set(parent, after);
}

/** "1 person", "2 people". */
export const countOf = (count, one, many) => `${count.toLocaleString()} ${count === 1 ? one : many}`;
