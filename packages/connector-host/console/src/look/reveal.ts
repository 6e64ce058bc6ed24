/** A ref that brings what appears into view: the outcome of what was just asked for, below what it was asked with. */
export function reveal(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'start' });
}
