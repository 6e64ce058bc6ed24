/**
 * What a terminal would obey rather than show: controls (ESC begins commands, BEL rings), C1 controls, line and paragraph separators, and
 * marks that turn the direction of text round.
 */
const obeyed = '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]';
const unshown = new RegExp(obeyed, 'g');

/** The styles of our own tables: bold, grey, and back. */
const styled = new RegExp(`\\u001b\\[(?:1|22|90|39)m|${obeyed}`, 'g');

function escaped(character: string): string {
  return character.length > 1 ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Output that a terminal only shows. Vendors, packages and senders of requests write some of what is printed. Line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replace(styled, escaped);
}

/** A text of somebody else's that must stay in its line, and has no style. */
export function visibleLine(text: string): string {
  return text.replace(unshown, escaped).replace(/[\n\t]/g, (character) => (character === '\n' ? '\\n' : '\\t'));
}
