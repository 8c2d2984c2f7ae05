// Names of people and rooms: the rules the server applies too, so that a wrong name is explained before it is refused.

const LongestName = 32;

/** What is wrong with a name, as a sentence for its author, or null. */
export function nameProblem(name, what = 'name') {
  if (name.length === 0) {
    return `Please type a ${what}.`;
  }
  if (name.length > LongestName) {
    return `A ${what} has at most ${LongestName} characters.`;
  }
  if (/\p{Cc}/u.test(name)) {
    return `A ${what} cannot contain control characters.`;
  }
  return null;
}
