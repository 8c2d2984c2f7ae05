// Asks for a name. At the start it cannot be dismissed; later, to change the name, it can.

import { byId, showText } from '../shared/dom.js';
import { nameProblem } from './names.js';

const dialog = byId('name-dialog');
const input = byId('name-input');
const error = byId('name-error');
const cancel = byId('name-cancel');
let answer = null;

/** Resolves to a valid name, or to null when the dialog was cancelled. */
export function askName({ suggestion, canCancel }) {
  input.value = suggestion;
  cancel.hidden = !canCancel;
  byId('name-title').textContent = canCancel ? 'Change your name' : 'Welcome to Waffle Chat';
  byId('name-submit').textContent = canCancel ? 'Use this name' : 'Start chatting';
  showText(error, '');
  dialog.showModal();
  input.focus();
  input.select();
  return new Promise(resolve => {
    answer = name => {
      dialog.close();
      resolve(name);
    };
  });
}

byId('name-form').addEventListener('submit', event => {
  event.preventDefault();
  const name = input.value.trim();
  const problem = nameProblem(name);
  showText(error, problem ?? '');
  input.setAttribute('aria-invalid', problem !== null);
  if (problem) {
    input.focus();
  } else {
    answer(name);
  }
});

input.addEventListener('input', () => {
  showText(error, '');
  input.removeAttribute('aria-invalid');
});
cancel.addEventListener('click', () => answer(null));
dialog.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    event.preventDefault();
    if (!cancel.hidden) {
      answer(null);
    }
  }
});
