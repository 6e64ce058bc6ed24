/** E-mail addresses of people who are told something. */

/** Whether a text is one e-mail address and nothing else: no name, no list, nothing that a header or a mail server would read otherwise. */
export function isAddress(text: string): boolean {
  return text.length <= 254 && /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)*$/i.test(text);
}

/** One line for a header: whatever would end it becomes a space. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
