import { type RefObject, useRef } from 'react';

/**
 * What was chosen last, also before it is drawn: a search that was typed earlier must not bring an older filter back. Whoever changes it
 * writes it here too.
 * @param drawn as the address has it.
 */
export function useChosen<T>(drawn: T): RefObject<T> {
  const chosen = useRef(drawn);
  chosen.current = drawn;
  return chosen;
}
